import pytest

from sessions import export
from sessions.errors import Conflict, Invalid, NotAllowed, NotFound
from sessions.rota.changing import check_to_come
from tests.conftest import SetClock
from tests.sessions.rota.team import WEEKS, Team
from tests.sessions.village import BO, CY, DANA, SECOND, Village


async def test_people_take_turns(team: Team) -> None:
    await team.take_turns(DANA, BO, CY)

    assert await team.told() == "DBCDBCDBCDBC"


async def test_without_an_order_nobody_has_a_date(team: Team) -> None:
    assert await team.told() == "------------"


async def test_a_new_order_counts_from_the_next_date_on(team: Team, clock: SetClock) -> None:
    await team.take_turns(DANA, BO)
    clock.forward(WEEKS[2] - WEEKS[0])
    await team.take_turns(CY, BO, every=2)

    assert await team.told() == "-CCBBCCBBCCB"


async def test_a_date_is_set_by_hand_and_left_to_the_order_again(team: Team) -> None:
    await team.take_turns(DANA, BO, CY)
    await team.give(0, CY)
    await team.give(1, None)
    assert await team.told() == "C-CDBCDBCDBC"

    await team.free(0)
    assert await team.told() == "D-CDBCDBCDBC"


async def test_the_next_one_takes_what_somebody_leaves_out(team: Team) -> None:
    await team.take_turns(DANA, BO, CY)
    await team.skip(1, who=BO)

    assert await team.told() == "DCBDCBDCBDCB"


async def test_what_was_set_by_hand_goes_on_by_hand(team: Team) -> None:
    await team.take_turns(DANA, BO, CY)
    await team.give(0, BO)
    await team.skip(0, who=BO)

    assert await team.told() == "CBCDBCDBCDBC"


async def test_a_colleague_may_say_that_somebody_cannot(team: Team) -> None:
    await team.take_turns(DANA, BO)
    await team.skip(0, who=BO)

    assert (await team.told())[:4] == "BDBD"


async def test_nobody_can_leave_out_what_nobody_has(team: Team) -> None:
    with pytest.raises(Conflict, match="nobody_on_duty"):
        await team.skip(0)


async def test_cancelling_a_date_moves_nobody_elses(team: Team, village: Village) -> None:
    await team.take_turns(DANA, BO, CY)
    await village.cancel(village.planned, SECOND)
    assert await team.told() == "D-CDBCDBCDBC"

    await village.restore(village.planned, SECOND)
    assert await team.told() == "DBCDBCDBCDBC"


async def test_moving_a_date_past_another_changes_nobodys(team: Team, village: Village) -> None:
    await team.take_turns(DANA, BO, CY)
    await village.move(village.planned, WEEKS[0], to=WEEKS[4].replace(hour=10))

    assert await team.told() == "DBCDBCDBCDBC"


async def test_who_facilitates_no_more_leaves_gaps(team: Team) -> None:
    await team.take_turns(DANA, BO, CY)
    await team.give(0, BO)
    await team.leads_no_more(BO)

    assert await team.told() == "--CD-CD-CD-C"


async def test_who_has_left_leaves_gaps(team: Team, village: Village) -> None:
    await team.take_turns(DANA, BO, CY)
    await village.let_go(CY)

    assert await team.told() == "DB-DB-DB-DB-"


async def test_only_people_who_facilitate_stand_in_the_order_and_once(team: Team) -> None:
    with pytest.raises(Invalid, match="not_facilitating"):
        await team.take_turns(DANA, DANA)
    await team.leads_no_more(CY)
    with pytest.raises(Invalid, match="not_facilitating"):
        await team.take_turns(DANA, CY)
    with pytest.raises(Invalid, match="not_facilitating"):
        await team.give(0, CY)


async def test_a_member_changes_nothing(team: Team) -> None:
    await team.leads_no_more(CY)

    with pytest.raises(NotAllowed):
        await team.take_turns(DANA, who=CY)
    with pytest.raises(NotAllowed):
        await team.give(0, DANA, who=CY)
    with pytest.raises(NotAllowed):
        await team.skip(0, who=CY)


async def test_what_is_over_or_off_is_nobodys_to_give(
    team: Team, village: Village, clock: SetClock
) -> None:
    await village.cancel(village.planned, SECOND)
    with pytest.raises(Conflict, match="already_cancelled"):
        await team.give(1, BO)
    clock.forward(WEEKS[2] - WEEKS[0])
    with pytest.raises(Conflict, match="already_over"):
        await team.give(0, BO)
    async with village.planning(village.planned) as (_, booking):
        with pytest.raises(NotFound, match="no_such_date"):
            check_to_come(booking, WEEKS[0].replace(hour=3), now=clock())


async def test_ones_own_dates_are_ones_to_take_along(team: Team, village: Village) -> None:
    await team.take_turns(DANA, BO)
    await team.give(0, BO)
    await team.skip(1, who=BO)
    async with village.database.read() as db:
        taken = await export.everything_about(db, village.keys, await village.person(BO))

    assert [(one["original"], one["by"]) for one in taken["rota"]] == [
        (WEEKS[0], "hand"),
        (WEEKS[1], "left out"),
    ]
