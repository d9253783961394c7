"""
When a series happens. Pure: no clock, no database, no network.

A change replaces one moment, found by the moment's *original* start
(RFC 5545 - 3.8.4.4. Recurrence ID). Wall time is kept until the very end, so
"Tuesdays at 18:00" stays at 18:00 across a clock change.

No start may fall into the hour that a clock skips or shows twice: calendar apps disagree
about it, and some stay wrong the week after. `check` refuses such a pattern, on whichever
date it happens, and one that passes over a skipped hour on its way to a date. Should a new
time zone law make it happen later, RFC 5545 - 3.3.5. Date-Time decides: a skipped time is
read with the offset before the gap, of two the first is meant.
"""

from sessions.recurrence.checks import (
    BadWeekdays,
    ClockChange,
    FirstNight,
    Gap,
    NearGap,
    NotWallTime,
    OutOfRange,
    Overlap,
    SaturdayWeeks,
    StartOffRule,
    TwoEnds,
    UnclearRule,
    UntilBeforeStart,
    check,
    check_move,
)
from sessions.recurrence.dates import (
    UNCHANGED,
    NotInSeries,
    count_before,
    follows,
    is_out_of_turn,
    last_begun,
    last_start,
    next_dates,
    nth_start,
    occurrence_at,
    occurrences,
    rrule_text,
    start_from,
)
from sessions.recurrence.days import first_start
from sessions.recurrence.nights import Shift, even, shifts, uneven
from sessions.recurrence.pattern import Change, Frequency, Occurrence, Pattern, Rule
from sessions.recurrence.revision import Remapped, remap, split

__all__ = [
    "UNCHANGED",
    "BadWeekdays",
    "Change",
    "ClockChange",
    "FirstNight",
    "Frequency",
    "Gap",
    "NearGap",
    "NotInSeries",
    "NotWallTime",
    "Occurrence",
    "OutOfRange",
    "Overlap",
    "Pattern",
    "Remapped",
    "Rule",
    "SaturdayWeeks",
    "Shift",
    "StartOffRule",
    "TwoEnds",
    "UnclearRule",
    "UntilBeforeStart",
    "check",
    "check_move",
    "count_before",
    "even",
    "first_start",
    "follows",
    "is_out_of_turn",
    "last_begun",
    "last_start",
    "next_dates",
    "nth_start",
    "occurrence_at",
    "occurrences",
    "remap",
    "rrule_text",
    "shifts",
    "split",
    "start_from",
    "uneven",
]
