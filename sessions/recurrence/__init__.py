"""
When a series happens. Pure: no clock, no database, no network.

A change replaces one moment, found by the moment's *original* start
(RFC 5545 - 3.8.4.4. Recurrence ID). Wall time is kept until the very end, so
"Tuesdays at 18:00" stays at 18:00 across a clock change.

No start may fall into the hour that a clock skips or shows twice: calendar apps disagree
about it, and some stay wrong the week after. `check` refuses such a pattern, on whichever
date it happens. Should a new time zone law make it happen later, RFC 5545 - 3.3.5. Date-Time
decides: a skipped time is read with the offset before the gap, of two the first is meant.
"""

from sessions.recurrence.checks import (
    BadWeekdays,
    ClockChange,
    Gap,
    NotWallTime,
    OutOfRange,
    Overlap,
    StartOffRule,
    TwoEnds,
    UntilBeforeStart,
    check,
    check_move,
)
from sessions.recurrence.dates import (
    NotInSeries,
    follows,
    last_start,
    next_dates,
    occurrence_at,
    occurrences,
    rrule_text,
)
from sessions.recurrence.nights import Shift, even, shifts, uneven
from sessions.recurrence.pattern import Change, Occurrence, Pattern, Rule

__all__ = [
    "BadWeekdays",
    "Change",
    "ClockChange",
    "Gap",
    "NotInSeries",
    "NotWallTime",
    "Occurrence",
    "OutOfRange",
    "Overlap",
    "Pattern",
    "Rule",
    "Shift",
    "StartOffRule",
    "TwoEnds",
    "UntilBeforeStart",
    "check",
    "check_move",
    "even",
    "follows",
    "last_start",
    "next_dates",
    "occurrence_at",
    "occurrences",
    "rrule_text",
    "shifts",
    "uneven",
]
