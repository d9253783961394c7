from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.recurrence import (
    Change,
    Pattern,
    Rule,
    check,
    check_move,
    count_before,
    first_start,
    follows,
    last_start,
    next_dates,
    occurrences,
    remap,
    split,
)
from sessions.zones import WEEKDAYS, ScheduleError, resolve
from tests.sessions.plans import (
    LAST_DAY,
    LONG_AGO,
    ZONES,
    originals,
    patterns,
    plannable,
    rules,
)


def counted(pattern: Pattern) -> rrule.rrule:
    """What dateutil makes of it, counting from the very first."""
    rule = pattern.rule
    assert rule
    return rrule.rrule(
        rrule.WEEKLY if rule.frequency == "weekly" else rrule.MONTHLY,
        dtstart=pattern.start,
        interval=rule.interval,
        byweekday=[WEEKDAYS.index(day) for day in rule.weekdays] or None,
        bymonthday=rule.day,
        bysetpos=rule.position,
        wkst=WEEKDAYS.index(rule.week_start),
        count=rule.count,
        until=None if rule.count else datetime.combine(rule.until or LAST_DAY, time.max),
    )


class TestDates:
    @settings(max_examples=200, deadline=None)
    @given(patterns(), st.integers(-100, 9000))
    def test_looking_from_anywhere_gives_what_counting_from_the_start_gives(
        self, pattern: Pattern, ahead: int
    ) -> None:
        pattern = replace(pattern, zone="UTC")
        since = pattern.start + timedelta(days=ahead, minutes=-1)

        found = next_dates(pattern, {}, after=since.replace(tzinfo=UTC), limit=9)

        expected = list(counted(pattern).xafter(since, count=9, inc=True))
        open_end = last_start(pattern) is None  # which is that of the century
        assert [o.original for o in found] == [
            o for o in expected if not open_end or o.date() <= LAST_DAY
        ]
        assert all(follows(pattern, o.original) for o in found)

    @settings(max_examples=100, deadline=None)
    @given(patterns())
    def test_the_last_start_is_the_last_one_counted(self, pattern: Pattern) -> None:
        rule = pattern.rule
        assert rule
        if rule.count or rule.until:
            assert last_start(pattern) == list(counted(pattern))[-1]
        else:
            assert last_start(pattern) is None

    @settings(max_examples=60, deadline=None)
    @given(plannable())
    def test_whatever_passes_the_check_is_in_order_and_lasts_its_minutes(
        self, pattern: Pattern
    ) -> None:
        dates = next_dates(pattern, {}, after=LONG_AGO, limit=60)

        assert dates[0].original == pattern.start
        assert all(a.starts_at < b.starts_at for a, b in pairwise(dates))
        assert {o.ends_at - o.starts_at for o in dates} == {timedelta(minutes=pattern.minutes)}
        assert {o.local.time() for o in dates} == {pattern.start.time()}

    @given(rules(), st.dates(date(1971, 1, 1), date(2090, 1, 1)))
    def test_no_start_lies_between_a_day_and_the_first_one(self, rule: Rule, day: date) -> None:
        start = first_start(rule, day, time(12))

        assert follows(Pattern(start, "UTC", 60, rule), start)
        earlier = (day + timedelta(days=n) for n in range((start.date() - day).days))
        noons = (datetime.combine(day, time(12)) for day in earlier)
        assert not any(first_start(rule, noon.date(), time(12)) == noon for noon in noons)


class TestSplit:
    @settings(max_examples=100, deadline=None)
    @given(plannable(), st.integers(0, 40))
    def test_both_parts_together_have_the_dates_of_the_whole(
        self, pattern: Pattern, number: int
    ) -> None:
        dates = originals(pattern)
        original = dates[min(number, len(dates) - 1)]

        before, after = split(pattern, original)

        assert (originals(before) + originals(after))[: len(dates)] == dates
        assert after.start == original
        assert count_before(pattern, original) == len(originals(before))
        assert (before is None) == (original == pattern.start)
        if before:
            check(before)

    @settings(max_examples=50, deadline=None)
    @given(plannable(), st.integers(0, 40))
    def test_a_count_is_shared_out(self, pattern: Pattern, number: int) -> None:
        assert pattern.rule
        pattern = replace(pattern, rule=replace(pattern.rule, count=41, until=None))
        original = originals(pattern)[number]

        before, after = split(pattern, original)

        assert len(originals(before)) + len(originals(after)) == 41


@st.composite
def changes(draw: st.DrawFn, pattern: Pattern) -> dict[datetime, Change]:
    some = draw(st.sets(st.sampled_from(originals(pattern, 30)), max_size=6))
    return {original: draw(_change(pattern, original)) for original in some}


@st.composite
def _change(draw: st.DrawFn, pattern: Pattern, original: datetime) -> Change:
    to = original + timedelta(minutes=5 * draw(st.integers(-4000, 4000)))
    try:
        check_move(pattern, original, to=to)
    except ScheduleError:
        to = original
    return Change(
        draw(st.sampled_from([None, to])) if to != original else None,
        cancelled=draw(st.booleans()),
        skipped=draw(st.booleans()),
        minutes=draw(st.none() | st.integers(5, 1440)),
    )


@st.composite
def revised(draw: st.DrawFn) -> tuple[Pattern, dict[datetime, Change], Pattern]:
    """A series with changes, and another plan for it."""
    old = draw(plannable())
    assert old.rule
    other = draw(rules())
    rule = draw(st.sampled_from([old.rule, replace(old.rule, count=5, until=None), other]))
    at = time(draw(st.integers(0, 23)))
    new = Pattern(
        first_start(rule, old.start.date(), at),
        draw(st.sampled_from([old.zone, *ZONES])),
        draw(st.sampled_from([old.minutes, 60])),
        rule,
    )
    return old, draw(changes(old)), new


class TestRemap:
    @settings(max_examples=150, deadline=None)
    @given(revised())
    def test_each_change_is_either_kept_under_its_day_or_reported(
        self, case: tuple[Pattern, dict[datetime, Change], Pattern]
    ) -> None:
        old, changed, new = case

        remapped = remap(changed, old, new)

        assert sorted([*remapped.names, *remapped.dropped]) == sorted(changed)
        assert {was.date(): name.date() for was, name in remapped.names.items()} == {
            was.date(): was.date() for was in remapped.names
        }
        assert set(remapped.names.values()) == set(remapped.changes)
        assert all(follows(new, name) for name in remapped.changes)

    @settings(max_examples=150, deadline=None)
    @given(revised())
    def test_what_was_said_of_a_date_stays_said(
        self, case: tuple[Pattern, dict[datetime, Change], Pattern]
    ) -> None:
        old, changed, new = case

        remapped = remap(changed, old, new)

        for was, name in remapped.names.items():
            before, after = changed[was], remapped.changes[name]
            assert (before.cancelled, before.skipped) == (after.cancelled, after.skipped)
            assert (before.minutes or new.minutes) == (after.minutes or new.minutes)
            if before.moved_to and (after.moved_to or not before.off):
                put = resolve(after.moved_to or name, new.zone)
                assert put == resolve(before.moved_to, old.zone)

    @settings(max_examples=50, deadline=None)
    @given(plannable().flatmap(lambda p: st.tuples(st.just(p), changes(p))))
    def test_the_same_plan_keeps_all(
        self, case: tuple[Pattern, dict[datetime, Change]]
    ) -> None:
        pattern, changed = case

        remapped = remap(changed, pattern, pattern)

        assert remapped.dropped == []
        span = {"after": LONG_AGO, "before": datetime(2200, 1, 1, tzinfo=UTC)}
        same = zip(
            islice(occurrences(pattern, changed, **span), 60),
            islice(occurrences(pattern, remapped.changes, **span), 60),
            strict=True,
        )
        assert all(a == b for a, b in same)
