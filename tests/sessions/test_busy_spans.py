"""Times that touch are one time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.busy.pruning import Unreadable
from sessions.busy.spans import Span, merged

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SPANS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)))


def span(begin: int, length: int) -> Span:
    return NOON + begin * MINUTE, NOON + (begin + length) * MINUTE


def minutes(spans: list[Span]) -> set[int]:
    return {n for n in range(400) if any(b <= NOON + n * MINUTE < e for b, e in spans)}


@given(SPANS)
def test_the_same_minutes_are_taken_in_fewer_pieces(drawn: list[tuple[int, int]]) -> None:
    spans = [span(*one) for one in drawn]
    found = merged(spans)
    assert minutes(found) == minutes(spans)
    assert all(a[1] < b[0] for a, b in pairwise(found))


def test_the_longer_of_two_that_begin_together_counts() -> None:
    assert merged([span(0, 180), span(0, 60)]) == [span(0, 180)]


def test_more_than_ten_thousand_are_too_many() -> None:
    with pytest.raises(Unreadable, match="calendar_too_full"):
        merged(span(2 * n, 1) for n in range(10_001))
