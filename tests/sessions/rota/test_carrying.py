"""When a series changes, everybody keeps the dates that they had."""

from datetime import datetime, timedelta

import pytest

from sessions import replanning, rota
from sessions.recurrence import Rule
from sessions.schedule import Scope, Wish
from tests.sessions.rota.team import NAMES, WEEKS, Team
from tests.sessions.village import BO, CY, DANA, Village


async def change(village: Village, scope: Scope, original: datetime | None, wish: Wish) -> None:
    async with village.planning(village.planned) as (db, booking):
        changed = await replanning.change(
            db, village.keys, booking, scope, original, wish, now=village.clock()
        )
        village.planned = changed.series.id


async def coming(team: Team) -> str:
    """Who has the dates of the series as it is now, from its first on."""
    names = {await team.id(address): name for address, name in NAMES.items()}
    async with team.village.planning(team.village.planned) as (db, booking):
        standing = await rota.rota_of(db, booking)
        begin = booking.series.start.astimezone()
        found = rota.duties(
            booking,
            standing.kept,
            standing.facilitators,
            after=begin - timedelta(days=1),
            before=begin + timedelta(weeks=20),
        )
    return "".join(names[duty.who] if duty.who else "-" for duty in found.values())


@pytest.fixture
async def turns(team: Team) -> Team:
    """BDC, for Dana could not come to the first; and Cy stands in on the sixth."""
    await team.take_turns(DANA, BO, CY)
    await team.skip(0)
    await team.give(5, DANA)
    assert await coming(team) == "BDCBDDBDCBDC"
    return team


async def test_this_and_following_go_on_where_the_order_was(
    turns: Team, village: Village
) -> None:
    later = WEEKS[4].replace(hour=20)
    await change(village, "following", WEEKS[4], Wish(to=later))

    assert await coming(turns) == "DDBDCBDC"


async def test_another_hour_changes_nobodys_dates(turns: Team, village: Village) -> None:
    await change(village, "all", WEEKS[0], Wish(to=WEEKS[0].replace(hour=20)))

    assert await coming(turns) == "BDCBDDBDCBDC"


async def test_on_another_weekday_the_order_stays_as_well(team: Team, village: Village) -> None:
    await team.take_turns(DANA, BO, CY)
    wednesday = WEEKS[0] + timedelta(days=1)
    await change(village, "all", WEEKS[0], Wish(to=wednesday, rule=Rule(("WE",), count=12)))

    assert await coming(team) == "DBCDBCDBCDBC"


async def test_a_turn_that_has_begun_goes_on_in_the_series_that_follows(
    team: Team, village: Village
) -> None:
    await team.take_turns(DANA, BO, CY, every=3)
    await team.skip(4)
    assert await coming(team) == "DDDBCBBCCDDD"
    first = village.planned

    await change(village, "following", WEEKS[5], Wish(to=WEEKS[5].replace(hour=20)))
    assert await coming(team) == "BBCCDDD"
    await change(village, "following", WEEKS[6].replace(hour=20), Wish(to=WEEKS[6]))
    assert await coming(team) == "BCCDDD"

    village.planned = first
    assert await coming(team) == "DDDBC"


async def test_a_series_that_begins_later_goes_on_where_the_order_is_then(
    team: Team, village: Village
) -> None:
    """None of the earlier dates takes place; a cancelled one has used up its turn."""
    await team.take_turns(DANA, BO, CY, every=2)
    for week in WEEKS[:3]:
        await village.cancel(village.planned, week)

    await change(village, "following", WEEKS[3], Wish(to=WEEKS[3].replace(hour=20)))

    assert await coming(team) == "BCCDDBBCC"
