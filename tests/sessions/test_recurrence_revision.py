# ruff: noqa: DTZ001 - wall time has no zone

from dataclasses import replace
from datetime import date, datetime

import pytest

from sessions.recurrence import Change, NotInSeries, Pattern, Rule, remap, split
from tests.calendars.patterns import TUESDAYS, weekly

SECOND, THIRD = datetime(2026, 10, 20, 18), datetime(2026, 10, 27, 18)
WEDNESDAY = datetime(2026, 10, 28, 20)


class TestSplit:
    def test_the_old_series_ends_with_its_last_date_before(self) -> None:
        before, after = split(TUESDAYS, THIRD)

        assert before == replace(TUESDAYS, rule=Rule(("TU",), until=date(2026, 10, 20)))
        assert after == replace(TUESDAYS, start=THIRD)

    def test_a_count_is_shared_out(self) -> None:
        before, after = split(
            weekly(datetime(2026, 3, 3, 19), count=10), datetime(2026, 3, 17, 19)
        )

        assert before is not None
        assert before.rule == Rule(("TU",), until=date(2026, 3, 10))
        assert after.rule == Rule(("TU",), count=8)

    def test_a_rhythm_goes_on_where_it_was(self) -> None:
        """Of Tuesday and Thursday in every second week, from a Thursday on."""
        series = weekly(datetime(2026, 3, 3, 19), "TU", "TH", interval=2)

        before, after = split(series, datetime(2026, 3, 19, 19))

        assert before is not None
        assert before.rule is not None
        assert before.rule.until == date(2026, 3, 17)
        assert after == replace(series, start=datetime(2026, 3, 19, 19))

    def test_from_the_first_date_on_there_is_nothing_to_end(self) -> None:
        once = replace(TUESDAYS, rule=None)

        assert split(TUESDAYS, TUESDAYS.start) == (None, TUESDAYS)
        assert split(once, once.start) == (None, once)

    def test_only_a_date_of_its_own_divides_a_series(self) -> None:
        with pytest.raises(NotInSeries):
            split(TUESDAYS, WEDNESDAY)


class TestRemap:
    def test_a_change_goes_with_its_day_to_another_hour(self) -> None:
        later = replace(TUESDAYS, start=datetime(2026, 10, 13, 20))
        off = {SECOND: Change(cancelled=True)}

        remapped = remap(off, TUESDAYS, later)

        assert remapped.names == {SECOND: SECOND.replace(hour=20)}
        assert remapped.changes == {SECOND.replace(hour=20): Change(cancelled=True)}
        assert remapped.dropped == []

    def test_a_moved_date_stays_where_it_was_put(self) -> None:
        later = replace(TUESDAYS, start=datetime(2026, 10, 13, 20))

        remapped = remap({THIRD: Change(WEDNESDAY)}, TUESDAYS, later)

        assert remapped.changes == {THIRD.replace(hour=20): Change(WEDNESDAY)}

    def test_a_moved_date_stays_at_its_instant_in_another_zone(self) -> None:
        in_london = replace(TUESDAYS, zone="Europe/London", start=datetime(2026, 10, 13, 16))

        remapped = remap({THIRD: Change(WEDNESDAY)}, TUESDAYS, in_london)

        # Both have winter time by then.
        assert remapped.changes == {THIRD.replace(hour=16): Change(WEDNESDAY.replace(hour=18))}

    def test_a_date_moved_to_where_all_are_now_is_moved_no_longer(self) -> None:
        later = replace(TUESDAYS, start=datetime(2026, 10, 13, 20))
        name = SECOND.replace(hour=20)

        remapped = remap({SECOND: Change(name)}, TUESDAYS, later)

        assert remapped.changes == {name: Change()}

    def test_a_day_that_is_none_any_more_is_reported(self) -> None:
        every_second = Pattern(
            TUESDAYS.start, TUESDAYS.zone, TUESDAYS.minutes, Rule(("TU",), interval=2)
        )
        changes = {SECOND: Change(skipped=True), THIRD: Change(cancelled=True)}

        remapped = remap(changes, TUESDAYS, every_second)

        assert remapped.names == {THIRD: THIRD}
        assert remapped.dropped == [SECOND]

    def test_where_a_clock_cannot_show_plainly_when_it_is_the_change_is_reported(self) -> None:
        """Half past eight in Jerusalem is the second half past one that night in New York."""
        to = datetime(2026, 11, 1, 8, 30)
        in_new_york = replace(TUESDAYS, zone="America/New_York")

        assert remap({THIRD: Change(to)}, TUESDAYS, in_new_york).dropped == [THIRD]

    def test_a_change_of_a_date_that_never_was_is_neither_kept_nor_reported(self) -> None:
        remapped = remap({WEDNESDAY: Change(cancelled=True)}, TUESDAYS, TUESDAYS)

        assert (remapped.changes, remapped.dropped) == ({}, [])

    def test_a_length_that_all_have_now_is_none_of_its_own(self) -> None:
        longer = replace(TUESDAYS, minutes=120)

        assert remap({SECOND: Change(minutes=120)}, TUESDAYS, longer).changes == {
            SECOND: Change()
        }
