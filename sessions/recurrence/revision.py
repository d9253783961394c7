"""What becomes of a series, and of its changed dates, when the plan itself changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sessions.recurrence.dates import NotInSeries, count_before, follows
from sessions.recurrence.days import last_day
from sessions.recurrence.pattern import Change, Pattern
from sessions.zones import flaw, resolve, zone


@dataclass(frozen=True, slots=True)
class Remapped:
    """Changed dates under the names that a new pattern gives them."""

    names: dict[datetime, datetime]
    """From the old original to the new one, of each date that the new pattern still has."""
    changes: dict[datetime, Change]
    """By the new original; an empty `Change` where the date is now where it had been put."""
    dropped: list[datetime]
    """Old originals of changes for which the new pattern has no date, soonest first."""


def remap(changes: Mapping[datetime, Change], old: Pattern, new: Pattern) -> Remapped:
    """
    Carry the changed dates of a series over to a changed plan, day by day.

    A date that had been moved stays at the very instant at which it was put, whatever the
    time or the zone of the others may be now.
    """
    remapped = Remapped({}, {}, [])
    for original in sorted(o for o in changes if follows(old, o)):
        name = datetime.combine(original, new.start.time())
        change = _carried(changes[original], name, old, new)
        if change is None or not follows(new, name):
            remapped.dropped.append(original)
        else:
            remapped.names[original] = name
            remapped.changes[name] = change
    return remapped


def split(pattern: Pattern, original: datetime) -> tuple[Pattern | None, Pattern]:
    """
    End a series before one of its dates, and begin another with it: "this and following".

    Two series, as RANGE=THISANDFUTURE is understood by few apps. Together they have the
    dates of the one; from its first date on there is nothing to end.
    """
    if not follows(pattern, original):
        raise NotInSeries(original=original.isoformat())
    if pattern.rule is None or original == pattern.start:
        return None, pattern
    rule, start = pattern.rule, pattern.start.date()
    until = last_day(rule, start, original.date() - timedelta(days=1))
    count = rule.count and rule.count - count_before(pattern, original)
    return (
        replace(pattern, rule=replace(rule, until=until, count=None)),
        replace(pattern, start=original, rule=replace(rule, count=count)),
    )


def _carried(change: Change, name: datetime, old: Pattern, new: Pattern) -> Change | None:
    """None if a clock of the new zone cannot show plainly where the date had been put."""
    minutes = None if change.minutes == new.minutes else change.minutes
    change = replace(change, minutes=minutes)
    if change.moved_to is None:
        return change
    local = change.moved_to
    if new.zone != old.zone:
        there = resolve(local, old.zone).astimezone(zone(new.zone))
        local = there.replace(tzinfo=None)
        if flaw(local, new.zone):
            return replace(change, moved_to=None) if change.off else None
    return replace(change, moved_to=None if local == name else local)
