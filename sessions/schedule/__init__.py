"""
Series and their dates: booked, changed, cancelled, and told to everyone who was invited.

A table holds what was decided; instants are computed from wall time and zone. An
occurrence is named for ever by the start its pattern gave it, however often it moves.
"""

from sessions.schedule.announced import announce, outdated, tell_anew
from sessions.schedule.booking import SERIES_PER_CIRCLE, book, check_skip
from sessions.schedule.cancelling import cancel_series, restore_series, take_back
from sessions.schedule.changing import Carried, Changed, change_series
from sessions.schedule.dates import (
    cancel_occurrence,
    change_date,
    restore_occurrence,
)
from sessions.schedule.means import How, Means, Notice, Said
from sessions.schedule.more import add_extra, clone_series
from sessions.schedule.reading import (
    CLOSES_AFTER,
    END_OF_TIME,
    MOST_SERIES,
    OPENS_BEFORE,
    SHOWN,
    UNCHANGED,
    WORTH_SHOWING,
    Booking,
    Changes,
    Dated,
    booking_for,
    bookings,
    bookings_in,
    changes_of,
    closes_at,
    dates_between,
    extras_by_series,
    extras_of,
    has_dates,
    is_open,
    may_have_dates,
    next_dates,
    opens_at,
)
from sessions.schedule.redrawing import look_of, redraw, redraw_circle
from sessions.schedule.rehearsal import rehearsed
from sessions.schedule.tables import (
    AgendaKey,
    DateChange,
    Frequency,
    OccurrenceChange,
    Series,
    Told,
)
from sessions.schedule.telling import check_leads, lock, raise_sequence, send
from sessions.schedule.told import mailbox_token, note_told, renew_mailboxes, was_told
from sessions.schedule.wishes import Scope, Wish

__all__ = [
    "CLOSES_AFTER",
    "END_OF_TIME",
    "MOST_SERIES",
    "OPENS_BEFORE",
    "SERIES_PER_CIRCLE",
    "SHOWN",
    "UNCHANGED",
    "WORTH_SHOWING",
    "AgendaKey",
    "Booking",
    "Carried",
    "Changed",
    "Changes",
    "DateChange",
    "Dated",
    "Frequency",
    "How",
    "Means",
    "Notice",
    "OccurrenceChange",
    "Said",
    "Scope",
    "Series",
    "Told",
    "Wish",
    "add_extra",
    "announce",
    "book",
    "booking_for",
    "bookings",
    "bookings_in",
    "cancel_occurrence",
    "cancel_series",
    "change_date",
    "change_series",
    "changes_of",
    "check_leads",
    "check_skip",
    "clone_series",
    "closes_at",
    "dates_between",
    "extras_by_series",
    "extras_of",
    "has_dates",
    "is_open",
    "lock",
    "look_of",
    "mailbox_token",
    "may_have_dates",
    "next_dates",
    "note_told",
    "opens_at",
    "outdated",
    "raise_sequence",
    "redraw",
    "redraw_circle",
    "rehearsed",
    "renew_mailboxes",
    "restore_occurrence",
    "restore_series",
    "send",
    "take_back",
    "tell_anew",
    "was_told",
]
