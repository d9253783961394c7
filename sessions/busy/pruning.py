"""
What is needed out of a calendar that somebody else wrote, and nothing more. Pure.

One pass over the lines, whatever they hold: titles are gone before anything is parsed, and so
are years of appointments that are over. What is left is small, and RFC 5545 for the most part.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST_BYTES = 4_000_000
MOST_EVENTS = 20_000
LONGEST_LINE = 2000
"""Of a line that counts; only lists of dates may be longer."""
ZONE_LINES = 3000
SLACK = timedelta(days=2)
"""Days are compared as they are written, and a day in Kiribati is not one in Hawaii."""

BUSY_STATUS = "X-MICROSOFT-CDO-BUSYSTATUS"
WHEN = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
KEPT = WHEN | {"UID", "SEQUENCE", "STATUS", "TRANSP", BUSY_STATUS}
LISTS = frozenset({"RDATE", "EXDATE"})
FOLD = re.compile(r"\r?\n[ \t]")
NEW_LINE = re.compile(r"\r\n|\r|\n")
NAME = re.compile(r"[A-Za-z0-9-]+")
DAY = re.compile(r"\d{8}")
WILD = re.compile(r"FREQ=(SECONDLY|MINUTELY)|INTERVAL=0*(;|$)", re.IGNORECASE)
ENDLESS = re.compile(r";?COUNT=\d{6,}", re.IGNORECASE)
"""So many that it makes no difference within the window, but to the one who counts."""

Lines = Mapping[str, list[str]]


class Unreadable(Exception):
    """`code` names a sentence, `problem.<code>`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Window:
    """Half open, like everything about time here."""

    def __init__(self, after: datetime, before: datetime) -> None:
        self.after, self.before = after, before
        self._first = f"{after - SLACK:%Y%m%d}"
        self._last = f"{before + SLACK:%Y%m%d}"

    def meets(self, first: str, last: str = "99999999") -> bool:
        """Days as they are written: `20260310`."""
        return first <= self._last and last >= self._first


@dataclass(slots=True)
class Pruned:
    zone: str | None = None
    """X-WR-TIMEZONE: what the calendar's own owner means by a time without a zone."""
    zones: list[str] = field(default_factory=list)
    """Lines of VTIMEZONEs."""
    events: list[list[str]] = field(default_factory=list)
    free_busy: list[str] = field(default_factory=list)
    """FREEBUSY lines of a VFREEBUSY."""


def prune(data: bytes, window: Window) -> Pruned:
    """Raises `Unreadable`."""
    if len(data) > MOST_BYTES:
        raise Unreadable("calendar_too_large")
    text = _decode(data).replace("\0", "")
    if "BEGIN:VCALENDAR" not in text.upper():
        raise Unreadable("calendar_not_ics")
    pruned = Pruned()
    for kind, block in _blocks(NEW_LINE.split(FOLD.sub("", text))):
        match kind:
            case "VEVENT":
                _take_event(pruned, block, window)
            case "VTIMEZONE":
                pruned.zones += ["BEGIN:VTIMEZONE", *block, "END:VTIMEZONE"]
            case "VFREEBUSY":
                pruned.free_busy += [line for line in block if _name(line) == "FREEBUSY"]
            case "":
                _take_property(pruned, block[0])
    if len(pruned.zones) > ZONE_LINES:
        pruned.zones.clear()
    return pruned


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8-sig", errors="replace")


def _blocks(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Components right inside a VCALENDAR with their lines; "" for each of its properties."""
    kind = ""
    block: list[str] = []
    depth = 0  # counted, not remembered: a file may be nothing but BEGINs
    for line in lines:
        word = line.partition(":")[0].strip().upper()
        if word == "END":
            depth = max(depth - 1, 0)
            if depth == 1:
                yield kind, block
        if depth == 1 and word not in ("BEGIN", "END"):
            yield "", [line]
        if depth > 1:
            block.append(line)
        if word == "BEGIN":
            depth += 1
            if depth == 2:
                kind, block = line.partition(":")[2].strip().upper() or "?", []


def _own(block: Iterable[str]) -> Iterator[str]:
    """Without the alarms and the like inside."""
    depth = 0
    for line in block:
        name = _name(line)
        if name == "BEGIN":
            depth += 1
        elif name == "END":
            depth -= 1
        elif depth == 0:
            yield line


def _take_property(pruned: Pruned, line: str) -> None:
    name, _, value = line.partition(":")
    if name.upper() == "X-WR-TIMEZONE" and len(value) < 64:
        pruned.zone = value.strip()


def _take_event(pruned: Pruned, block: list[str], window: Window) -> None:
    lines: dict[str, list[str]] = {}
    for line in _own(block):
        name = _name(line)
        if name in KEPT and (kept := _kept(name, line, window)):
            lines.setdefault(name, []).append(kept)
    if any(WILD.search(rule) for rule in lines.get("RRULE", ())):
        raise Unreadable("calendar_wild_rule")
    if not _may_matter(lines, window):
        return
    if len(pruned.events) >= MOST_EVENTS:
        raise Unreadable("calendar_too_full")
    pruned.events.append([line for same in lines.values() for line in same])


def _kept(name: str, line: str, window: Window) -> str:
    """What is needed of a line that is needed; "" for none of it."""
    if name in LISTS:
        return _in_window(line, window)
    if name == "RRULE":
        line = ENDLESS.sub("", line)
    return line if len(line) < LONGEST_LINE else ""


def _may_matter(lines: Lines, window: Window) -> bool:
    if "DTSTART" not in lines:
        return False
    if "RECURRENCE-ID" in lines:  # free or cancelled, it still takes a date out of its series
        return True
    if is_free(lines):
        return False
    first = _day(lines["DTSTART"][0])
    if lines.keys() & {"RRULE", "RDATE", "DURATION"}:
        return window.meets(first)
    return window.meets(first, _day(lines.get("DTEND", lines["DTSTART"])[0]))


def is_free(lines: Lines) -> bool:
    """Cancelled, or not meant to block the time (RFC 5545 - 3.8.2.7. Time Transparency)."""
    said = {name: lines[name][0].partition(":")[2].strip().upper() for name in lines}
    return (
        said.get("STATUS") == "CANCELLED"
        or said.get("TRANSP") == "TRANSPARENT"
        or said.get(BUSY_STATUS) in ("FREE", "WORKINGELSEWHERE")
    )


def _in_window(line: str, window: Window) -> str:
    """A list of dates without those that are over; empty when none is left."""
    head, _, values = line.partition(":")
    kept = [v for v in values.split(",") if window.meets(_day(v), _day(v))]
    return f"{head}:{','.join(kept)}" if kept else ""


def _day(text: str) -> str:
    found = DAY.search(text.rpartition(":")[2])
    return found[0] if found else "00000000"


def _name(line: str) -> str:
    found = NAME.match(line)
    return found[0].upper() if found else ""
