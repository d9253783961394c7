# ruff: noqa: DTZ001 - wall time has no zone

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sessions.polls import Count, best, count

FIRST = datetime(2026, 3, 12, 19)
counts = st.lists(st.builds(Count, *(st.integers(0, 9),) * 3), max_size=20).map(
    lambda listed: {FIRST + timedelta(days=n): one for n, one in enumerate(listed)}
)


def test_answers_are_counted() -> None:
    assert count(["yes", "maybe", "yes", "no"]) == Count(2, 1, 1)


def test_the_best_suits_most_people_and_of_those_most_gladly() -> None:
    found = {FIRST: Count(1, 2, 0), FIRST.replace(day=13): Count(2, 0, 1)}
    assert best(found) == {FIRST}

    found[FIRST.replace(day=14)] = Count(2, 1, 0)
    assert best(found) == {FIRST.replace(day=14)}


def test_a_tie_is_a_tie() -> None:
    found = {FIRST: Count(2, 1, 0), FIRST.replace(day=13): Count(2, 1, 4)}

    assert best(found) == set(found)


def test_nothing_is_best_before_anybody_could_come() -> None:
    assert best({FIRST: Count(0, 0, 3)}) == set()
    assert best({}) == set()


@given(counts)
def test_no_time_suits_more_people_than_the_best(found: dict[datetime, Count]) -> None:
    for start in best(found):
        assert all(found[start].rank >= one.rank for one in found.values())
