"""
Write iCalendar. Pure: the words, the people and the moment of writing are given.

Everything stays inside what all calendar apps read alike; where they do not, the comment
says what was chosen. A date that is off is told in different ways:

* cancelled, in a feed, as an override with STATUS:CANCELLED, so that people see that it is
  off; in an invitation as an EXDATE: RFC 5546 - 3.2.2. REQUEST has no cancelled status.
* skipped, as an EXDATE everywhere: nobody ever heard of it.
"""

from sessions.ics.calendars import (
    PRODID,
    cancel,
    cancel_one,
    decline_counter,
    entry,
    feed,
    request,
    request_one,
    single,
)
from sessions.ics.event import HORIZON, Event, Method, Participation, Words

__all__ = [
    "HORIZON",
    "PRODID",
    "Event",
    "Method",
    "Participation",
    "Words",
    "cancel",
    "cancel_one",
    "decline_counter",
    "entry",
    "feed",
    "request",
    "request_one",
    "single",
]
