"""Which dates meet which other times."""

import time
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sessions.busy.overlaps import Clash, Planned, Taken, find

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def planned(hour: float, length: float = 1) -> Planned:
    start = NOON + hour * HOUR
    return Planned(start, start + length * HOUR, start.replace(tzinfo=None))


def taken(hour: float, length: float = 1, label: str = "x") -> Taken:
    start = NOON + hour * HOUR
    return Taken(start, start + length * HOUR, "calendar", label)


def test_what_overlaps_is_a_clash_of_the_part_that_is_taken() -> None:
    [clash] = find([planned(0, 2)], [taken(1, 5)], most=20).first
    assert (clash.starts_at, clash.ends_at) == (NOON + HOUR, NOON + 2 * HOUR)


def test_what_only_touches_is_none() -> None:
    assert find([planned(0)], [taken(-1), taken(1)], most=20).total == 0


def test_the_same_thing_is_told_once_for_a_date() -> None:
    assert find([planned(0)], [taken(0, 0.2), taken(0.5, 0.2)], most=20).total == 1


def test_of_a_colleague_only_the_date_is_told() -> None:
    busy = taken(0.4, 0.1)._replace(kind="colleague", label="Noa")
    [clash] = find([planned(0)], [busy], most=20).first
    assert clash == Clash(NOON.replace(tzinfo=None), NOON, NOON + HOUR, "colleague", "Noa")


def test_the_first_are_given_and_all_are_counted() -> None:
    dates = [planned(24 * day) for day in range(50)]
    found = find(dates, [taken(0, 24 * 60)], most=20)
    assert (len(found.first), found.total) == (20, 50)
    assert [clash.original for clash in found.first] == [d.original for d in dates[:20]]


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=12)


@given(SPANS, SPANS)
def test_it_finds_what_comparing_each_with_each_finds(
    dates: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    plans = [planned(start, length) for start, length in dates]
    busy = [taken(start, length, str(n)) for n, (start, length) in enumerate(others)]
    expected = sorted(
        (date.starts_at, date.ends_at, one.label)
        for date in plans
        for one in busy
        if one.starts_at < date.ends_at and date.starts_at < one.ends_at
    )
    found = find(plans, busy, most=1000)
    assert found.total == len(expected)
    assert sorted(clash.label for clash in found.first) == sorted(e[2] for e in expected)


def test_a_thousand_dates_and_fifty_thousand_times_take_less_than_a_second() -> None:
    dates = [planned(17 * n) for n in range(1000)]
    busy = [taken(n / 3, 0.2, str(n % 50)) for n in range(50_000)]
    begun = time.process_time()
    assert find(dates, busy, most=20).total > 1000
    assert time.process_time() - begun < 1
