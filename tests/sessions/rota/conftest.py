import pytest

from tests.sessions.rota.team import Team
from tests.sessions.village import BO, CY, Village


@pytest.fixture
async def team(village: Village) -> Team:
    """Dana, Bo and Cy facilitate a series of twelve Tuesdays; all that was mailed is out."""
    team = Team(village)
    await village.invite(BO, CY)
    await village.book()
    await village.post()
    for who in (BO, CY):
        await team.leads(who)
    await village.post()
    return team
