import pytest

from tests.sessions.polls.assembly import Assembly
from tests.sessions.village import BO, CY, Village


@pytest.fixture
async def assembly(village: Village) -> Assembly:
    """Bo and Cy belong to the circle; all that was mailed is out."""
    await village.welcome(BO, CY)
    return Assembly(village)
