"""A calendar app, as far as RFC 5546 tells it what to do with the mails that come in."""

import re

from tests.fakes import Delivered

EVENT = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
ZONES = re.compile(rb"(?:BEGIN:VTIMEZONE\r\n.*?END:VTIMEZONE\r\n)+", re.DOTALL)
HEAD = b"BEGIN:VCALENDAR\r\nPRODID:-//App//App//EN\r\nVERSION:2.0\r\n"


class App:
    """
    One person's entries, by UID and RECURRENCE-ID.

    It is a strict one: RFC 5546 - 2.1.5. Message Sequencing, where nothing counts that is
    not newer than what it has, and nothing can be cancelled that is not there.
    """

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, bytes]] = {}
        self.organizers: dict[str, str] = {}
        self._newest: dict[str, int] = {}
        self._zones: dict[str, bytes] = {}

    def take(self, letter: Delivered) -> None:
        message = letter.calendar
        events = [unfolded(event) for event in EVENT.findall(message)]
        [uid] = {value(event, "UID") for event in events}
        [sequence] = {int(value(event, "SEQUENCE")) for event in events}
        [organizer] = {value(event, "ORGANIZER") for event in events}
        assert sequence > self._newest.get(uid, -1), "the app takes it for old news"
        assert organizer == self.organizers.setdefault(uid, organizer)
        [zones] = ZONES.findall(message)
        self._newest[uid] = sequence
        self._zones[uid] = zones
        self._apply(value(unfolded(message), "METHOD"), uid, events)

    def _apply(self, method: str, uid: str, events: list[bytes]) -> None:
        by_date = {value(event, "RECURRENCE-ID"): event for event in events}
        cancelled = {value(event, "STATUS") == "CANCELLED" for event in events}
        assert cancelled == {method == "CANCEL"}
        if method == "REQUEST" and "" in by_date:
            self.entries[uid] = by_date
            return
        assert "" in self.entries[uid], "it has not heard of the series"
        if method == "CANCEL" and "" in by_date:
            # RFC 5546 - 3.2.2.4. Changing the Organizer: who invites again may be another.
            del self.entries[uid], self.organizers[uid]
            return
        self.entries[uid] |= by_date

    def calendar(self) -> bytes:
        """All that it shows, as one file."""
        zones = {self._zones[uid] for uid in self.entries}
        events = [event for dates in self.entries.values() for event in dates.values()]
        return HEAD + b"".join([*sorted(zones), *events]) + b"END:VCALENDAR\r\n"


def unfolded(text: bytes) -> bytes:
    """RFC 5545 - 3.1. Content Lines"""
    return text.replace(b"\r\n ", b"")


def value(text: bytes, name: str) -> str:
    """Of the first such property of the event; empty without one."""
    body = text.partition(b"BEGIN:VEVENT")[2] or text
    found = re.search(rf"^{name}(?:;[^:\r]*)?:(.*?)\r$", body.decode(), re.MULTILINE)
    if found is None and body != text:
        found = re.search(rf"^{name}(?:;[^:\r]*)?:(.*?)\r$", text.decode(), re.MULTILINE)
    return found.group(1) if found else ""
