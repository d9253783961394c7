"""
Time zones: which there are, when their clocks change, and how to write one down as a
VTIMEZONE that every calendar app reads alike. Pure.

The rules come from the `tzdata` package alone: the copy of the operating system is often
older, and two machines must not disagree about next spring.
"""

import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from struct import unpack, unpack_from
from typing import Literal, NamedTuple

zoneinfo.reset_tzpath(to=())

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class ScheduleError(ValueError):
    """
    What cannot be planned as it was asked for.

    `code` names a sentence, `params` fill it in, `field` is the input to be changed.
    """

    code: str
    field: str | None = None

    def __init__(self, **params: str | int) -> None:
        self.params = params
        words = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{self.code}: {words}" if words else self.code)


class UnknownZone(ScheduleError):
    code = "unknown_zone"
    field = "zone"


class Transition(NamedTuple):
    """One change of a zone's clocks; `before` and `after` are offsets from UTC."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool
    rrule: str | None
    """The yearly rule that it follows, where iCalendar can say it."""

    @property
    def local(self) -> datetime:
        """What the clock showed when it was changed."""
        return self.at.replace(tzinfo=None) + self.before


def zone(name: str) -> zoneinfo.ZoneInfo:
    if name not in _names():
        raise UnknownZone(zone=name[:64])
    return zoneinfo.ZoneInfo(name)


def resolve(wall: datetime, zone_name: str) -> datetime:
    """
    The instant at which a clock in the zone shows `wall`.

    A time that the clock skips is read with the offset before the gap, and of a time
    shown twice the first is meant (RFC 5545 - 3.3.5. Date-Time).
    """
    return wall.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)


def flaw(wall: datetime, zone_name: str) -> Literal["gap", "overlap"] | None:
    """Whether a clock in the zone skips `wall`, or shows it twice."""
    first, second = (
        wall.replace(tzinfo=zone(zone_name), fold=fold).utcoffset() or timedelta()
        for fold in (0, 1)
    )
    if first == second:
        return None
    return "gap" if first < second else "overlap"


def transitions(name: str, *, after: datetime, before: datetime) -> Iterator[Transition]:
    """Changes of the clock in (after, before], soonest first; what keeps the offset is none."""
    record = _record(name)
    listed = (t for t in record.transitions if after < t.at <= before)
    if record.rule is None:
        return listed
    return chain(listed, record.rule.transitions(max(after, record.until), before))


@lru_cache(maxsize=1024)
def vtimezone(name: str, *, after: datetime, before: datetime) -> str:
    """
    A VTIMEZONE that is right from `after` to `before` (RFC 5545 - 3.6.5. Time Zone Component).

    Never an RDATE: ical.js and Outlook read them wrongly. A change that follows the rule
    in force today is written once, with its RRULE; any other stands by itself.
    """
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    for change in _observances(name, after, before):
        lines += _observance(change)
    return "\r\n".join([*lines, "END:VTIMEZONE", ""])


def _observances(name: str, after: datetime, before: datetime) -> Iterator[Transition]:
    # Three years back hold two changes in any zone that has a rule, so that both halves
    # of it begin before the series does.
    changes = list(transitions(name, after=after - timedelta(days=3 * 366), before=before))
    past = [t for t in changes if t.at <= after]
    if not past:
        yield _standing(name, after)
    written = set()
    for change in past[-2:] + changes[len(past) :]:
        if change.rrule not in written:
            yield change
        if change.rrule:
            written.add(change.rrule)


def _standing(name: str, at: datetime) -> Transition:
    """A clock that nobody has touched for years."""
    local = at.astimezone(zone(name))
    offset = local.utcoffset() or timedelta()
    return Transition(EPOCH - offset, offset, offset, local.tzname() or name, False, None)


def _observance(change: Transition) -> list[str]:
    kind = "DAYLIGHT" if change.daylight else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{change.local:%Y%m%dT%H%M%S}",
        *([f"RRULE:{change.rrule}"] if change.rrule else []),
        f"TZNAME:{change.name}",
        f"TZOFFSETFROM:{_offset_text(change.before)}",
        f"TZOFFSETTO:{_offset_text(change.after)}",
        f"END:{kind}",
    ]


def _offset_text(offset: timedelta) -> str:
    sign = "-" if offset < timedelta() else "+"
    hours, rest = divmod(abs(int(offset.total_seconds())), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours:02}{minutes:02}" + (f"{seconds:02}" if seconds else "")


@lru_cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


# The files of tzdata: RFC 9636 - 3. The Time Zone Information Format (TZif).


class _Kind(NamedTuple):
    offset: timedelta
    daylight: bool
    name: str


class _Record(NamedTuple):
    transitions: tuple[Transition, ...]
    until: datetime
    """From then on the rule holds."""
    rule: "_Rule | None"


@lru_cache(maxsize=64)
def _record(name: str) -> _Record:
    path = files("tzdata").joinpath("zoneinfo", *zone(name).key.split("/"))
    block = _second_block(path.read_bytes())
    *_, count_leap, count_times, count_kinds, count_chars = unpack_from(">6l", block, 20)
    body = block[44:]
    times = unpack_from(f">{count_times}q", body)
    indexes = body[8 * count_times : 9 * count_times]
    kinds_at = 9 * count_times
    names_at = kinds_at + 6 * count_kinds
    names = body[names_at : names_at + count_chars]
    kinds = [_kind(body[at : at + 6], names) for at in range(kinds_at, names_at, 6)]
    footer = body[names_at + count_chars + 12 * count_leap :].split(b"\n")[-2]
    return _Record(
        tuple(_listed(times, [kinds[i] for i in indexes], kinds[0])),
        _instant(times[-1]) if times else EPOCH,
        _Rule.read(footer.decode("ascii")),
    )


def _second_block(data: bytes) -> bytes:
    """The 64-bit half of a file; the first half is there for old readers."""
    utc, wall, leap, times, kinds, chars = unpack_from(">6l", data, 20)
    return data[44 + utc + wall + 8 * leap + 5 * times + 6 * kinds + chars :]


def _kind(entry: bytes, names: bytes) -> _Kind:
    seconds, daylight, at = unpack(">lBB", entry)
    name = names[at:].split(b"\0", 1)[0].decode("ascii")
    return _Kind(timedelta(seconds=seconds), bool(daylight), name)


def _listed(times: tuple[int, ...], kinds: list[_Kind], first: _Kind) -> Iterator[Transition]:
    for seconds, old, new in zip(times, [first, *kinds], kinds, strict=False):
        if old.offset != new.offset:
            yield _transition(_instant(seconds), old, new)


def _instant(seconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def _transition(at: datetime, old: _Kind, new: _Kind, rrule: str | None = None) -> Transition:
    # Irish law calls the winter the exception; calendar apps expect the later clock to be
    # the daylight one, whatever the law says.
    daylight = new.offset > old.offset and new.daylight != old.daylight
    return Transition(at, old.offset, new.offset, new.name, daylight, rrule)


@dataclass(frozen=True)
class _Day:
    """One of a rule's two days: `week` 5 is the last; `seconds` may leave the day."""

    month: int
    week: int
    weekday: int
    seconds: int

    @classmethod
    def read(cls, text: str) -> "_Day":
        day, _, time = text.partition("/")
        month, week, sunday_first = (int(part) for part in day.removeprefix("M").split("."))
        return cls(month, week, (sunday_first - 1) % 7, _seconds(time or "2"))

    def in_year(self, year: int) -> datetime:
        first = date(year, self.month, 1)
        day = 1 + (self.weekday - first.weekday()) % 7 + 7 * (self.week - 1)
        if day > _length(self.month, year):
            day -= 7
        return datetime(year, self.month, day) + timedelta(seconds=self.seconds)  # noqa: DTZ001 - wall time

    def rrule(self) -> str | None:
        days = self.seconds // 86400
        weekday = WEEKDAYS[(self.weekday + days) % 7]
        yearly = f"FREQ=YEARLY;BYMONTH={self.month}"
        if not days:
            return f"{yearly};BYDAY={-1 if self.week == 5 else self.week}{weekday}"
        # "26:00 on the fourth Thursday" is a Friday, but not always the fourth.
        length = _length(self.month, 2001)
        first = (length - 6 if self.week == 5 else 7 * self.week - 6) + days
        if first < 1 or first + 6 > length or (self.week == 5 and self.month == 2):
            return None
        among = ",".join(str(day) for day in range(first, first + 7))
        return f"{yearly};BYMONTHDAY={among};BYDAY={weekday}"


@dataclass(frozen=True)
class _Rule:
    """What a zone does every year from its last listed change on."""

    standard: _Kind
    summer: _Kind
    begins: _Day
    ends: _Day

    _SHAPE = re.compile(
        r"(?P<std><[^>]+>|[A-Za-z]+)(?P<stdoff>[-+:\d]+)"
        r"(?P<dst><[^>]+>|[A-Za-z]+)(?P<dstoff>[-+:\d]*),(?P<begins>M[^,]+),(?P<ends>M[^,]+)"
    )

    @classmethod
    def read(cls, footer: str) -> "_Rule | None":
        """Read a POSIX TZ string; its offsets count westwards."""
        if "," not in footer:
            return None
        found = cls._SHAPE.fullmatch(footer)
        if not found:
            raise ValueError(f"A rule that nobody has met before: {footer}")
        standard = timedelta(seconds=-_seconds(found["stdoff"]))
        summer = standard + timedelta(hours=1)
        if found["dstoff"]:
            summer = timedelta(seconds=-_seconds(found["dstoff"]))
        return cls(
            _Kind(standard, daylight=False, name=found["std"].strip("<>")),
            _Kind(summer, daylight=True, name=found["dst"].strip("<>")),
            _Day.read(found["begins"]),
            _Day.read(found["ends"]),
        )

    def transitions(self, after: datetime, before: datetime) -> Iterator[Transition]:
        begins, ends = self.begins.rrule(), self.ends.rrule()
        if begins is None or ends is None:  # half a rule would never end
            begins = ends = None
        for year in range(max(after.year - 1, 1), min(before.year + 1, 9998) + 1):
            pair = (
                self._change(self.begins, year, self.standard, self.summer, begins),
                self._change(self.ends, year, self.summer, self.standard, ends),
            )
            yield from (t for t in sorted(pair) if after < t.at <= before)

    @staticmethod
    def _change(day: _Day, year: int, old: _Kind, new: _Kind, rrule: str | None) -> Transition:
        at = day.in_year(year).replace(tzinfo=timezone(old.offset)).astimezone(UTC)
        return _transition(at, old, new, rrule)


def _length(month: int, year: int) -> int:
    after = date(year + month // 12, month % 12 + 1, 1)
    return (after - timedelta(days=1)).day


def _seconds(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    units = zip((3600, 60, 1), text.lstrip("+-").split(":"), strict=False)
    return sign * sum(unit * int(count) for unit, count in units)
