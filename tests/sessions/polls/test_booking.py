# ruff: noqa: DTZ001 - wall time has no zone

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions import recurrence
from sessions.errors import Conflict, Invalid, NotAllowed
from sessions.polls import Again
from sessions.polls.booking import rule_from
from sessions.recurrence import Pattern
from tests.conftest import SetClock
from tests.sessions.polls.assembly import FRIDAY, THURSDAY, Assembly
from tests.sessions.village import BO, CY, Village

starts = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(
    lambda at: at.replace(hour=19, minute=0, second=0, microsecond=0)
)


async def test_the_chosen_time_is_booked_and_everybody_told_once(
    assembly: Assembly, village: Village
) -> None:
    await assembly.propose()
    await assembly.say(BO, fri="yes")
    await village.post()
    series = await village.series(await assembly.book(FRIDAY))
    sent = await village.post()

    assert (series.title, series.start, series.rule) == ("First evening", FRIDAY, None)
    assert sorted(one.to for one in sent) == [BO, CY]
    assert all(b"METHOD:REQUEST" in one.calendar for one in sent)
    seen = (await assembly.seen()).poll
    assert (seen.series_id, seen.closed_at) == (series.id, village.clock())


async def test_it_is_booked_once(assembly: Assembly) -> None:
    await assembly.propose()
    await assembly.book()

    with pytest.raises(Conflict, match="poll_booked"):
        await assembly.book(THURSDAY)


async def test_a_series_begins_with_it(assembly: Assembly, village: Village) -> None:
    await assembly.propose()
    series = await village.series(await assembly.book(again="fortnightly", count=3))

    dates = recurrence.next_dates(series.pattern, {}, after=village.clock(), limit=9)
    assert [date.original for date in dates] == [
        FRIDAY + timedelta(weeks=2 * n) for n in range(3)
    ]


async def test_what_the_clock_skips_later_on_is_refused(
    assembly: Assembly, village: Village
) -> None:
    at_night = datetime(2026, 3, 13, 2, 30)
    await assembly.propose(times=[at_night])

    with pytest.raises(recurrence.Gap):
        await assembly.book(at_night, again="weekly")
    assert (await assembly.seen()).poll.closed_at is None


async def test_only_a_proposed_time_is_booked_and_only_while_it_is_to_come(
    assembly: Assembly, clock: SetClock
) -> None:
    await assembly.propose()
    with pytest.raises(Invalid):
        await assembly.book(FRIDAY.replace(hour=11))
    clock.forward(timedelta(days=14))
    with pytest.raises(Invalid, match="in_the_past"):
        await assembly.book(FRIDAY)


async def test_members_book_and_close_nothing(assembly: Assembly) -> None:
    await assembly.propose()

    with pytest.raises(NotAllowed):
        await assembly.book(who=BO)
    with pytest.raises(NotAllowed):
        await assembly.close(who=BO)


@given(starts, st.sampled_from(["weekly", "fortnightly", "monthly"]))
def test_a_series_always_begins_with_the_chosen_time(start: datetime, again: Again) -> None:
    rule = rule_from(start, again, 4)
    assert rule is not None
    pattern = Pattern(start, "UTC", 60, rule)

    recurrence.check(pattern)
    assert recurrence.follows(pattern, start)
