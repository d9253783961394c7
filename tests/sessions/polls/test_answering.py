from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from sessions import export, polls
from sessions.errors import Conflict, NotFound, TooMany
from sessions.limits import Limit
from sessions.polls import Count, PollAnswer, answering
from tests.conftest import SetClock
from tests.sessions.polls.assembly import FRIDAY, THURSDAY, Assembly
from tests.sessions.village import BO, CY, DANA, Village


async def test_the_last_word_counts(assembly: Assembly) -> None:
    await assembly.propose()
    await assembly.say(BO, thu="no", fri="yes")
    await assembly.say(BO, thu="maybe")
    await assembly.say(DANA, thu="yes")

    assert (await assembly.seen()).counts() == {
        THURSDAY: Count(yes=1, maybe=1),
        FRIDAY: Count(yes=1),
    }
    assert (await assembly.seen()).best() == {THURSDAY}
    assert (await assembly.seen()).answered() == 2


async def test_who_has_left_does_not_count(assembly: Assembly, village: Village) -> None:
    await assembly.propose()
    await assembly.say(BO, thu="yes")
    await village.let_go(BO)

    assert (await assembly.seen()).answered() == 0


async def test_after_the_last_day_nothing_is_answered(
    assembly: Assembly, clock: SetClock
) -> None:
    await assembly.propose()
    clock.now = datetime(2026, 3, 10, 21, 59, tzinfo=UTC)  # a minute to midnight there
    await assembly.say(BO, thu="yes")
    clock.forward(timedelta(minutes=1))

    with pytest.raises(Conflict, match="poll_closed"):
        await assembly.say(BO, thu="no")


async def test_a_closed_poll_takes_no_answers(assembly: Assembly) -> None:
    await assembly.propose()
    await assembly.close()

    with pytest.raises(Conflict, match="poll_closed"):
        await assembly.say(BO, thu="no")


async def test_only_times_of_the_poll_are_answered(
    assembly: Assembly, village: Village
) -> None:
    await assembly.propose(times=[FRIDAY])

    with pytest.raises(NotFound, match="no_such_date"):
        await assembly.say(BO, thu="no")


async def test_another_circle_has_no_part_in_it(assembly: Assembly, village: Village) -> None:
    await assembly.propose()
    await village.found(CY)

    with pytest.raises(NotFound):
        await assembly.say(CY, thu="no")


async def test_poll_and_answers_are_gone_after_30_days(
    assembly: Assembly, village: Village, clock: SetClock
) -> None:
    await assembly.propose()
    await assembly.say(BO, thu="yes")
    await assembly.close()
    clock.forward(polls.KEPT - timedelta(hours=1))
    async with village.database.write() as db:
        await polls.forget_old(db, now=clock())
    assert await assembly.row() is not None

    clock.forward(timedelta(hours=2))
    async with village.database.write() as db:
        await polls.forget_old(db, now=clock())
        assert (await db.exec(select(PollAnswer))).all() == []
    assert await assembly.row() is None


async def test_a_poll_that_nobody_closed_goes_as_well(
    assembly: Assembly, village: Village, clock: SetClock
) -> None:
    await assembly.propose()
    clock.now = datetime(2026, 4, 11, 12, tzinfo=UTC)
    async with village.database.write() as db:
        await polls.forget_old(db, now=clock())

    assert await assembly.row() is None


async def test_what_somebody_answered_is_theirs_to_take_along(
    assembly: Assembly, village: Village
) -> None:
    await assembly.propose()
    await assembly.say(BO, thu="maybe")
    async with village.database.read() as db:
        taken = await export.everything_about(db, village.keys, await village.person(BO))
        others = await export.everything_about(db, village.keys, await village.person(CY))

    answered = {"poll": str(assembly.poll), "start": THURSDAY, "answer": "maybe"}
    assert taken["polls"] == [answered]
    assert others["polls"] == []


async def test_who_answers_again_and_again_is_asked_to_wait(
    assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "PER_MEMBER", Limit("poll-answers", most=2, seconds=3600))
    await assembly.propose()
    await assembly.say(BO, thu="yes")
    await assembly.say(BO, thu="no")

    with pytest.raises(TooMany):
        await assembly.say(BO, thu="yes")

    await assembly.say(CY, thu="yes")
    assert (await assembly.seen()).counts()[THURSDAY] == Count(yes=1, no=1)
