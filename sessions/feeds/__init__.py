"""
Secret feeds: one of a person for all of their circles, and one for each circle.

The tag of an answer comes from what the entries are made of, so that a calendar app that
asks again and again costs next to nothing. What was written is kept by its tag, each entry
by its revision.
"""

from sessions.feeds.addresses import (
    Owner,
    end,
    google_url,
    note_use,
    office_url,
    outlook_url,
    renew,
    token_of,
    url_of,
    webcal_url,
)
from sessions.feeds.memory import Body, EntryBytes, Memory
from sessions.feeds.tags import CANCELLED_SHOWN, Tagged, tag_of, tagged
from sessions.feeds.writing import (
    REFRESH_HOURS,
    Subscription,
    load,
    stamp,
    subscription,
    write,
)

__all__ = [
    "CANCELLED_SHOWN",
    "REFRESH_HOURS",
    "Body",
    "EntryBytes",
    "Memory",
    "Owner",
    "Subscription",
    "Tagged",
    "end",
    "google_url",
    "load",
    "note_use",
    "office_url",
    "outlook_url",
    "renew",
    "stamp",
    "subscription",
    "tag_of",
    "tagged",
    "token_of",
    "url_of",
    "webcal_url",
    "write",
]
