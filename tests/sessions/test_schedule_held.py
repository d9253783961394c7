"""A plan that changes when some of its dates have been held elsewhere than it has them."""

# ruff: noqa: DTZ001 - wall time has no zone

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from sessions.errors import Conflict, Invalid
from sessions.recurrence import Rule
from tests.sessions.planned import starts
from tests.sessions.village import FIRST, SECOND, THIRD, Village

WEEK = timedelta(weeks=1)
THURSDAY = datetime(2026, 3, 12, 20, 30)
AFTER_THURSDAY = datetime(2026, 3, 13, 9, tzinfo=UTC)


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=1)])
async def test_a_date_that_was_held_sooner_stays_as_it_was_and_is_not_held_again(
    village: Village, weekly: UUID, later: timedelta
) -> None:
    await village.move(weekly, SECOND, to=THURSDAY)
    village.clock.now = AFTER_THURSDAY

    changed = await village.change(weekly, "all", to=FIRST + later)

    assert await starts(village, weekly) == [FIRST, THURSDAY]
    assert await starts(village, changed.series) == [
        FIRST + later + n * WEEK for n in range(2, 12)
    ]
    assert changed.means.dropped == []


async def test_with_a_date_held_before_the_first_a_series_has_begun(
    village: Village, weekly: UUID
) -> None:
    sooner = FIRST - timedelta(days=5)
    await village.move(weekly, SECOND, to=sooner)
    village.clock.now = AFTER_THURSDAY - WEEK

    changed = await village.change(weekly, "all", to=FIRST + timedelta(days=1))

    assert await starts(village, weekly) == [sooner, FIRST]
    assert (await starts(village, changed.series))[0] == THIRD + timedelta(days=1)


async def test_a_date_that_was_put_off_keeps_the_time_it_was_given(
    village: Village, weekly: UUID
) -> None:
    put_off = FIRST + timedelta(days=9)
    await village.move(weekly, FIRST, to=put_off)
    village.clock.now = AFTER_THURSDAY

    changed = await village.change(weekly, "all", to=FIRST + timedelta(hours=1))

    assert await starts(village, weekly) == [put_off]
    assert (await starts(village, changed.series))[0] == SECOND + timedelta(hours=1)


async def test_a_later_date_that_has_been_held_is_not_planned_anew(
    village: Village, weekly: UUID
) -> None:
    """The third was held in the week of the first."""
    await village.move(weekly, THIRD, to=THURSDAY)
    village.clock.now = AFTER_THURSDAY

    with pytest.raises(Conflict, match="already_over"):
        await village.change(weekly, "following", SECOND, minutes=60)

    await village.change(weekly, "following", THIRD + WEEK, minutes=60)
    assert await starts(village, weekly) == [FIRST, THURSDAY, SECOND]


async def test_a_series_does_not_end_before_a_date_that_was_held_sooner(
    village: Village, weekly: UUID
) -> None:
    await village.move(weekly, THIRD, to=THURSDAY)
    village.clock.now = AFTER_THURSDAY

    with pytest.raises(Invalid, match="in_the_past"):
        await village.change(weekly, "all", rule=Rule(("TU",), count=2))

    await village.change(weekly, "all", rule=Rule(("TU",), count=3))
    assert await starts(village, weekly) == [FIRST, THURSDAY, SECOND]
