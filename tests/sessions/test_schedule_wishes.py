from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from sessions.errors import Conflict, Invalid
from sessions.recurrence import (
    Change,
    Occurrence,
    Pattern,
    Rule,
    first_start,
    last_begun,
    next_dates,
    remap,
    split,
)
from sessions.schedule.wishes import Rest, Wish, cloned, replanned, rest_of, same_hour
from sessions.zones import ScheduleError, resolve
from tests.sessions.plans import LONG_AGO, ZONES, changes, originals, plannable, rules
from tests.sessions.village import EVENINGS, FIRST, SECOND, THIRD

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
AFTER_FIRST = datetime(2026, 3, 11, 9, tzinfo=UTC)
"""A Wednesday morning; the dates are on Tuesdays."""


class Case(NamedTuple):
    """A series that has begun, and what all of it is wished to be."""

    old: Pattern
    changes: dict[datetime, Change]
    wish: Wish
    now: datetime

    @property
    def held(self) -> set[Occurrence]:
        """As they are, or were to be: all that have begun."""
        return {date for date in dates(self.old, self.changes) if date.starts_at < self.now}


def dates(pattern: Pattern | None, changes: dict[datetime, Change]) -> list[Occurrence]:
    return next_dates(pattern, changes, after=LONG_AGO, limit=60) if pattern else []


@st.composite
def begun(draw: st.DrawFn) -> Case:
    old = draw(plannable())
    planned = originals(old, 40)
    assume(len(planned) > 1)
    changed = draw(changes(planned[:20]))
    near = resolve(draw(st.sampled_from(planned[:-1])), old.zone)
    now = near + timedelta(minutes=draw(st.integers(-2000, 20000)))
    begun = last_begun(old, changed, now=now)
    assume(begun or resolve(old.start, old.zone) < now)
    return Case(old, changed, draw(wishes(old)), now)


@st.composite
def wishes(draw: st.DrawFn, old: Pattern) -> Wish:
    hour = time(draw(st.integers(0, 23)))
    days = timedelta(days=draw(st.integers(-9, 9)))
    match draw(st.sampled_from(["hour", "day", "zone", "length", "rhythm", "count"])):
        case "hour":
            return Wish(to=datetime.combine(old.start, hour))
        case "day":
            return Wish(to=datetime.combine(old.start + days, hour))
        case "zone":
            return Wish(zone=draw(st.sampled_from(ZONES)))
        case "length":
            return Wish(minutes=draw(st.integers(5, 1440)))
        case "count":
            assert old.rule
            count = draw(st.integers(1, 60))
            rule = replace(old.rule, count=count, until=None, interval=old.rule.interval + 1)
            return Wish(rule=rule)
        case _:
            rule = replace(draw(rules()), count=draw(st.none() | st.integers(1, 60)))
            return Wish(to=first_start(rule, old.start.date(), hour), rule=rule)


def continued(case: Case) -> Rest:
    try:
        return rest_of(case.old, case.changes, case.wish, now=case.now)
    except (ScheduleError, Invalid, Conflict):
        assume(False)
        raise


class TestRestOf:
    @settings(max_examples=300, deadline=None)
    @given(begun())
    def test_what_was_stays_and_what_is_to_come_lies_behind_it(self, case: Case) -> None:
        old, _, _, now = case

        cut, plan = continued(case)

        ended, _ = split(old, cut)
        assert ended is not None
        kept = originals(ended)
        last = max((date.original for date in case.held), default=old.start)
        behind = [o for o in kept if o > last and resolve(o, old.zone) >= now]
        assert len(behind) <= 1, "but for the very next one"
        starts = [resolve(start, ended.zone) for start in kept]
        starts += [resolve(start, plan.zone) for start in originals(plan, 40)]
        assert all(one < other for one, other in pairwise(starts))
        assert resolve(plan.start, plan.zone) >= now

    @settings(max_examples=300, deadline=None)
    @given(begun())
    def test_wherever_it_was_put_what_is_over_stays_and_is_not_in_the_rest(
        self, case: Case
    ) -> None:
        old, changed, _, now = case

        cut, plan = continued(case)

        ended, _ = split(old, cut)
        staying = {o: change for o, change in changed.items() if o < cut}
        going = remap({o: c for o, c in changed.items() if o >= cut}, old, plan)
        assert case.held <= {*dates(ended, staying)}
        assert all(date.starts_at >= now for date in dates(plan, going.changes))

    @settings(max_examples=300, deadline=None)
    @given(begun())
    def test_no_date_is_lost_and_none_is_there_twice(self, case: Case) -> None:
        new = replanned(case.old, case.wish)
        assert new.rule

        cut, plan = continued(case)

        ended, _ = split(case.old, cut)
        held = len(originals(ended, 600))
        if new.rule.count:
            assert held + len(originals(plan, 600)) == new.rule.count
        if case.wish.rule is UNSET:
            assert originals(plan, 60) == originals(new, held + 60)[held:]
        else:
            _, rhythm = split(_endless(new), plan.start)
            left = new.rule.count and new.rule.count - held
            assert originals(plan, 30) == originals(rhythm, 30)[:left]

    @pytest.mark.parametrize("days", [-1, 1, 2, 9, 20])
    def test_another_day_has_as_many_dates(self, days: int) -> None:
        to = FIRST + days * DAY

        cut, plan = rest_of(EVENINGS, {}, Wish(to=to), now=AFTER_FIRST)

        assert cut == SECOND
        assert originals(plan) == [to + n * WEEK for n in range(1, 12)]

    def test_a_date_whose_new_time_is_over_stays_where_it_was(self) -> None:
        """It is Monday evening, and all are to be on Mondays at 19:00."""
        now = datetime(2026, 3, 16, 20, tzinfo=UTC)

        cut, plan = rest_of(EVENINGS, {}, Wish(to=FIRST - DAY), now=now)

        assert cut == THIRD
        assert originals(plan) == [FIRST - DAY + n * WEEK for n in range(2, 12)]

    def test_it_does_not_begin_on_a_day_whose_date_was_held_sooner(self) -> None:
        sooner = {SECOND: Change(SECOND - 5 * DAY)}

        cut, plan = rest_of(EVENINGS, sooner, Wish(to=FIRST + DAY), now=AFTER_FIRST + 2 * DAY)

        assert cut == THIRD
        assert originals(plan) == [FIRST + DAY + n * WEEK for n in range(2, 12)]

    def test_it_does_not_begin_before_what_has_to_stay(self) -> None:
        with pytest.raises(Invalid, match="in_the_past"):
            rest_of(EVENINGS, {}, Wish(to=FIRST - WEEK), now=AFTER_FIRST)

    def test_a_rule_for_all_counts_what_has_been(self) -> None:
        wednesdays = Wish(to=FIRST + DAY, rule=Rule(("WE",), interval=2, count=5))

        cut, plan = rest_of(EVENINGS, {}, wednesdays, now=AFTER_FIRST)

        assert cut == SECOND
        assert originals(plan) == [FIRST + DAY + n * 2 * WEEK for n in range(1, 5)]

    @pytest.mark.parametrize(
        "rule", [Rule(("WE",), count=1), None, Rule(("WE",), until=date(2026, 3, 12))]
    )
    def test_it_cannot_have_been_all_already(self, rule: Rule | None) -> None:
        with pytest.raises(Invalid, match="in_the_past"):
            rest_of(EVENINGS, {}, Wish(to=FIRST + DAY, rule=rule), now=AFTER_FIRST)

    def test_what_is_over_does_not_begin_again(self) -> None:
        with pytest.raises(Conflict, match="already_over"):
            rest_of(EVENINGS, {}, Wish(minutes=60), now=AFTER_FIRST + 52 * WEEK)


class TestCloned:
    BOTH = Pattern(FIRST, "Asia/Jerusalem", 75, Rule(("TU", "TH"), until=date(2026, 4, 30)))

    def test_a_start_on_one_of_the_weekdays_keeps_them(self) -> None:
        thursday = FIRST + 2 * DAY + 10 * WEEK

        copy = cloned(self.BOTH, thursday)

        until = date(2026, 4, 30) + 2 * DAY + 10 * WEEK
        assert copy == replace(self.BOTH, start=thursday, rule=Rule(("TU", "TH"), until=until))

    def test_another_start_takes_them_along(self) -> None:
        copy = cloned(self.BOTH, FIRST + DAY)

        assert copy.rule
        assert copy.rule.weekdays == ("WE", "FR")


def test_a_single_date_moved_by_a_week_is_another_evening() -> None:
    once = Pattern(FIRST, "Asia/Jerusalem", 75)

    assert same_hour(once, replace(once, minutes=60))
    assert not same_hour(once, replace(once, start=FIRST + timedelta(weeks=1)))


def _endless(pattern: Pattern) -> Pattern:
    return replace(pattern, rule=pattern.rule and replace(pattern.rule, count=None))
