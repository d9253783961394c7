"""
Which date of a series a calendar app means. Pure.

RFC 5545 - 3.8.4.4. Recurrence ID: the original start, in whatever way the app writes times:
in UTC, in its own zone, without any, or as a mere day.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from sessions import recurrence
from sessions.inbound.itip import Moment
from sessions.recurrence import Pattern
from sessions.zones import resolve, zone

A_DAY = timedelta(days=1)


def original_of(pattern: Pattern, moment: Moment) -> datetime | None:
    """The original start that is meant; `None` when the series has none there."""
    try:
        return next(_matching(pattern, moment), None)
    except OverflowError:
        return None  # at the end of the calendar


def wall_of(pattern: Pattern, moment: datetime) -> datetime:
    """What a clock in the series' zone shows then."""
    own = zone(pattern.zone)
    # A time that the very same clock skips would come out as another one.
    if moment.tzinfo not in (None, own):
        moment = moment.astimezone(own)
    return moment.replace(tzinfo=None)


def same_start(pattern: Pattern, wall: datetime, moment: Moment) -> bool:
    """Whether a time that an app wrote down is the one at which a clock shows `wall`."""
    if not isinstance(moment, datetime):
        return wall.date() == moment
    if moment.tzinfo is None:
        return moment == wall
    # In UTC: Python calls times in a doubtful hour of two zones never equal.
    return moment.astimezone(UTC) == resolve(wall, pattern.zone)


def _matching(pattern: Pattern, moment: Moment) -> Iterator[datetime]:
    """By instants, and then the wall: a skipped hour has two readings."""
    noon = moment if isinstance(moment, datetime) else datetime.combine(moment, time(12))
    middle = noon if noon.tzinfo else noon.replace(tzinfo=UTC)
    # Two days around, because a wall clock may be a day off.
    around = recurrence.occurrences(
        pattern, {}, after=middle - 2 * A_DAY, before=middle + 2 * A_DAY
    )
    return (o.original for o in around if same_start(pattern, o.original, moment))
