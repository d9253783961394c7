from datetime import timedelta

import pytest
from sqlmodel import select

from sessions import rota
from sessions.errors import Conflict, NotAllowed, NotFound
from sessions.rota import RotaDate, RotaSwap
from tests.conftest import SetClock
from tests.sessions.rota.team import WEEKS, Team
from tests.sessions.village import BO, CY, DANA, Village


@pytest.fixture
async def turns(team: Team, village: Village) -> Team:
    await team.take_turns(DANA, BO, CY)
    await village.post()
    return team


async def test_two_dates_are_swapped_once_the_other_says_yes(turns: Team) -> None:
    await turns.ask(1, 2, who=BO)
    assert await turns.told() == "DBCDBCDBCDBC"

    await turns.accept(who=CY)
    assert await turns.told() == "DCBDBCDBCDBC"
    assert await turns.swaps() == []


async def test_one_can_say_no_and_the_other_take_the_question_back(turns: Team) -> None:
    await turns.ask(1, 2, who=BO)
    await turns.decline(who=CY)
    await turns.ask(1, 2, who=BO)
    await turns.decline(who=BO)

    assert await turns.swaps() == []
    assert await turns.told() == "DBCDBCDBCDBC"


async def test_asking_twice_asks_once(turns: Team, village: Village) -> None:
    for _ in range(2):
        await turns.ask(1, 2, who=BO)

    assert len(await turns.swaps()) == 1
    assert len(await village.post(CY)) == 1


async def test_a_colleague_writes_down_what_two_have_agreed(turns: Team) -> None:
    await turns.agree(1, 2, who=DANA)

    assert await turns.told() == "DCBDBCDBCDBC"


async def test_only_the_one_who_was_asked_says_yes(turns: Team) -> None:
    await turns.ask(1, 2, who=BO)
    for who in (BO, DANA):
        with pytest.raises(NotFound):
            await turns.accept(who=who)
    with pytest.raises(NotFound):
        await turns.decline(who=DANA)


async def test_one_offers_only_ones_own_date(turns: Team) -> None:
    with pytest.raises(Conflict, match="not_your_date"):
        await turns.ask(0, 1, who=CY)


async def test_there_have_to_be_two_people(turns: Team) -> None:
    with pytest.raises(Conflict, match="same_person"):
        await turns.ask(1, 4, who=BO)
    await turns.give(2, None)
    with pytest.raises(Conflict, match="nobody_on_duty"):
        await turns.ask(1, 2, who=BO)


async def test_a_question_about_a_date_that_has_changed_hands_is_no_more(turns: Team) -> None:
    await turns.ask(1, 2, who=BO)
    [swap] = await turns.swaps()
    await turns.give(1, DANA)

    assert await turns.swaps() == []
    async with turns.village.planning(turns.village.planned, CY) as (db, booking):
        with pytest.raises(Conflict, match="swap_outdated"):
            await rota.accept_swap(
                db, turns.village.keys, booking, swap.id, now=turns.village.clock()
            )


async def test_a_question_about_a_date_that_is_over_is_no_more(
    turns: Team, clock: SetClock
) -> None:
    await turns.ask(1, 2, who=BO)
    clock.forward(WEEKS[3] - WEEKS[0])

    assert await turns.swaps() == []


async def test_members_swap_nothing(turns: Team) -> None:
    await turns.ask(1, 2, who=BO)
    [swap] = await turns.swaps()
    await turns.leads_no_more(CY)
    async with turns.village.planning(turns.village.planned, CY) as (db, booking):
        with pytest.raises(NotAllowed):
            await rota.decline_swap(db, booking, swap.id)


async def test_what_was_asked_and_set_by_hand_is_forgotten_after_30_days(
    turns: Team, clock: SetClock
) -> None:
    await turns.ask(1, 2, who=BO)
    await turns.give(3, CY)
    clock.now = clock.now + (WEEKS[3] - WEEKS[0]) + timedelta(days=39)
    async with turns.village.database.write() as db:
        await rota.forget_old(db, now=clock())
        assert (await db.exec(select(RotaSwap))).all() == []
        assert (await db.exec(select(RotaDate))).all() == []
