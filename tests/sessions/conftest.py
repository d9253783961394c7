import hypothesis
import pytest

from sessions.db import Database
from sessions.keys import Keys
from sessions.settings import Settings
from tests.conftest import SetClock
from tests.sessions.village import Village

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture
async def village(
    database: Database, keys: Keys, settings: Settings, clock: SetClock
) -> Village:
    """A circle that Dana has founded; nobody is invited yet."""
    village = Village(database, keys, settings, clock)
    await village.found()
    return village
