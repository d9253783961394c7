from uuid import UUID

import hypothesis
import pytest

from sessions.db import Database
from sessions.keys import Keys
from sessions.settings import Settings
from tests.conftest import SetClock
from tests.fakes import Delivered
from tests.sessions.door import OPENING
from tests.sessions.replying import invited
from tests.sessions.village import BO, CY, Village

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


@pytest.fixture
async def evening(village: Village) -> Village:
    """Bo and Cy are invited, and the room of the first date has just opened."""
    await village.invite(BO, CY)
    await village.book()
    village.clock.now = OPENING
    return village


@pytest.fixture
async def invitation(village: Village) -> Delivered:
    """The one that Bo has; Cy has another."""
    return await invited(village, CY)


@pytest.fixture
async def weekly(village: Village) -> UUID:
    """A series that Bo and Cy have in their calendars."""
    await village.welcome(BO, CY)
    series = await village.book()
    await village.post()
    return series
