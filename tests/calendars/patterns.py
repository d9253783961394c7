"""Plans to try things with, said shortly."""

# ruff: noqa: DTZ001 - wall time has no zone

from datetime import UTC, datetime
from typing import Any

from sessions.recurrence import Pattern, Rule
from sessions.zones import WEEKDAYS

TUESDAYS = Pattern(datetime(2026, 10, 13, 18), "Asia/Jerusalem", 75, Rule(("TU",)))
ALWAYS: Any = {
    "after": datetime(1970, 1, 1, tzinfo=UTC),
    "before": datetime(2027, 1, 1, tzinfo=UTC),
}
SUNDAY = datetime(2026, 3, 1, 19)


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type, misc] # at most six


def weekly(start: datetime, *days: str, zone: str = "America/New_York", **rule: Any) -> Pattern:
    return Pattern(start, zone, 60, Rule(days or (WEEKDAYS[start.weekday()],), **rule))


def monthly(
    start: datetime, *days: str, zone: str = "America/New_York", **rule: Any
) -> Pattern:
    return Pattern(start, zone, 60, Rule(days, frequency="monthly", **rule))
