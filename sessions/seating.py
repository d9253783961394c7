"""
Who has a place when there are only so many. Pure: no clock, no database.

Whoever says yes has a place, or waits for one. A level is one date, named by its original
start, or `None`: the series, whose answer is the default of all its dates. Somebody who
waits for the series waits for each of its dates, and can be offered any of them.

A place that becomes free is kept for the first in the line until a certain time. Whoever
lets that time pass goes to the end of the line and is not asked again; the place can still
be taken by hand while it is free. Nobody ever loses a place to a smaller number of places.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

Word = Literal["yes", "no", "maybe"]
Place = Literal["held", "waiting", "offered"]
Level = datetime | None
OFFERED_FOR = timedelta(hours=24)
SHORTEST = timedelta(minutes=15)


class Key(NamedTuple):
    who: UUID
    level: Level


@dataclass(frozen=True, slots=True)
class Wait:
    """A yes without a place."""

    since: datetime
    until: datetime | None = None
    """A place is kept for them until then."""
    missed: bool = False
    """They had let an offer pass: they are not asked again."""


@dataclass(frozen=True, slots=True)
class Night:
    """A date to come that differs from the others in answers or in places."""

    starts_at: datetime
    seats: int | None
    off: bool = False


class Offer(NamedTuple):
    who: UUID
    level: Level
    until: datetime | None
    """`None`: there is no limit any more, the place is theirs."""


@dataclass(slots=True)
class Hall:
    """The places of one series, with all that was said about dates to come."""

    seats: int | None
    next_start: datetime | None
    """Of the next date that takes place; `None`: there is none to come."""
    nights: Mapping[datetime, Night]
    said: dict[Key, Word] = field(default_factory=dict)
    waits: dict[Key, Wait] = field(default_factory=dict)
    _people: set[UUID] = field(init=False)

    def __post_init__(self) -> None:
        self._people = {key.who for key in self.said}

    def place(self, who: UUID, level: Level) -> Place | None:
        if self._word(who, level) != "yes":
            return None
        return place_with(self._wait(who, level))

    def until(self, who: UUID, level: Level) -> datetime | None:
        wait = self._wait(who, level)
        return wait.until if wait and self._word(who, level) == "yes" else None

    def seats_on(self, level: Level) -> int | None:
        night = None if level is None else self.nights.get(level)
        return self.seats if night is None else night.seats

    def free(self, level: Level) -> int | None:
        """Neither held nor kept for somebody; `None`: as many as one likes."""
        seats = self.seats_on(level)
        if seats is None:
            return None
        taken = sum(self.place(who, level) in ("held", "offered") for who in self._people)
        return max(0, seats - taken)

    def is_full(self, level: Level) -> bool:
        return self.free(level) == 0

    def can_take(self, who: UUID, level: Level) -> bool:
        """Whether somebody who waits need not wait any more."""
        place = self.place(who, level)
        line = [other for _, other in self.line(level) if other != who]
        return place == "offered" or (place == "waiting" and not line and self._has_free(level))

    def line(self, level: Level) -> list[tuple[datetime, UUID]]:
        """Who is to be asked, and since when they wait, the first first."""
        return sorted(
            (wait.since, who)
            for who in self._people
            if self.place(who, level) == "waiting"
            and (wait := self._wait(who, level)) is not None
            and not wait.missed
        )

    def answer(self, who: UUID, level: Level, word: Word, *, now: datetime) -> None:
        """
        The last word counts; whoever has a place, or stands in line, keeps what they have.

        To say yes once more is to take what is offered, or to ask anew after an offer was
        let pass.
        """
        key = Key(who, level)
        if word != "yes":
            self._say(key, word)
            self._leave_line(who, level)
        elif self.place(who, level) is None:
            self._say(key, word)
            self._come_in(who, level, now=now)
        elif not self.take(who, level, now=now):
            wait = self._wait(who, level)
            self._say(key, word)
            if wait:
                self.waits[key] = Wait(now) if wait.missed else wait

    def take(self, who: UUID, level: Level, *, now: datetime) -> bool:
        """Accept what is offered, or what is free; False when there is nothing to take."""
        if not self.can_take(who, level):
            return False
        asked = self.place(who, level) == "offered"
        self._say(Key(who, level), "yes")
        self.waits.pop(Key(who, level), None)
        if level is None:
            self._spread(who, self._undecided(who, asked=asked), since=now)
        return True

    def expire(self, *, now: datetime) -> None:
        """End the offers whose time is over, and those of dates that are no more."""
        for key, wait in list(self.waits.items()):
            if wait.until and not self._is_on(key.level, now=now):
                self.waits[key] = replace(wait, until=None)
            elif wait.until and wait.until <= now:
                self._miss(key, now=now)

    def offer(self, *, now: datetime) -> list[Offer]:
        """Keep what is free for the first in line."""
        made = list(self._offers(None, now=now))
        for night in sorted(self.nights):
            made.extend(self._offers(night, now=now))
        return made

    def _offers(self, level: Level, *, now: datetime) -> Iterator[Offer]:
        while self._is_on(level, now=now) and self._has_free(level):
            line = self.line(level)
            if not line:
                return
            since, first = line[0]
            until = None
            if level is None:
                self._spread(first, self._by_default(first), since=since)
            if self.seats_on(level) is None:
                self.waits.pop(Key(first, level))
            else:
                until = self._limit(level, now=now)
                self.waits[Key(first, level)] = Wait(since, until)
            yield Offer(first, level, until)

    def _come_in(self, who: UUID, level: Level, *, now: datetime) -> None:
        """A yes from somebody who had no place: theirs, if nobody is before them."""
        self.waits[Key(who, level)] = Wait(now)
        if self._is_first(who, level) and self._has_free(level):
            del self.waits[Key(who, level)]
            if level is None:
                self._spread(who, self._by_default(who), since=now)

    def _spread(self, who: UUID, nights: Iterable[datetime], *, since: datetime) -> None:
        """A place in the series is one on each date, but where others were first."""
        whole = self.waits.pop(Key(who, None), None)
        for night in nights:
            key = Key(who, night)
            if key in self.waits:
                continue
            self.waits[key] = Wait(since)
            if self._is_first(who, night) and self._has_free(night):
                del self.waits[key]
        if whole:
            self.waits[Key(who, None)] = whole

    def _undecided(self, who: UUID, *, asked: bool) -> list[datetime]:
        """The dates of a series newly taken on which it is open whether there is a place."""
        waits = {night: self.waits.get(Key(who, night)) for night in self._by_default(who)}
        kept = {night for night, wait in waits.items() if wait and wait.until}
        missed = {night for night, wait in waits.items() if wait and wait.missed}
        for night in kept | missed:
            del self.waits[Key(who, night)]
        # An offer of all dates had come with a place on each: those are not asked for anew.
        return sorted(missed if asked else waits.keys() - kept)

    def _miss(self, key: Key, *, now: datetime) -> None:
        self.waits[key] = Wait(since=now, missed=True)
        if key.level is None:
            for night in self._by_default(key.who):
                wait = self.waits.get(Key(key.who, night))
                if wait and not wait.until:
                    del self.waits[Key(key.who, night)]

    def _leave_line(self, who: UUID, level: Level) -> None:
        self.waits.pop(Key(who, level), None)
        if level is None:
            for night in self._by_default(who):
                self.waits.pop(Key(who, night), None)

    def _by_default(self, who: UUID) -> list[datetime]:
        """The dates for which this person has said nothing of their own."""
        return [night for night in sorted(self.nights) if Key(who, night) not in self.said]

    def _word(self, who: UUID, level: Level) -> Word | None:
        return self.said.get(Key(who, level), self.said.get(Key(who, None)))

    def _wait(self, who: UUID, level: Level) -> Wait | None:
        """Who has said nothing about a date of their own waits for it with the series."""
        mine = self.waits.get(Key(who, level))
        if mine or Key(who, level) in self.said:
            return mine
        return self.waits.get(Key(who, None))

    def _is_first(self, who: UUID, level: Level) -> bool:
        return self.line(level)[0][1] == who

    def _has_free(self, level: Level) -> bool:
        free = self.free(level)
        return free is None or free > 0

    def _is_on(self, level: Level, *, now: datetime) -> bool:
        if level is None:
            return self.next_start is not None
        night = self.nights.get(level)
        return night is not None and not night.off and night.starts_at > now

    def _limit(self, level: Level, *, now: datetime) -> datetime:
        """A day, or half of the time that is left, but never less than a quarter of an hour."""
        night = None if level is None else self.nights[level]
        starts_at = night.starts_at if night else self.next_start or now
        long = min(OFFERED_FOR, max(SHORTEST, (starts_at - now) / 2))
        return now + long if night is None else min(now + long, starts_at)

    def _say(self, key: Key, word: Word) -> None:
        self.said[key] = word
        self._people.add(key.who)


def place_with(wait: Wait | None) -> Place:
    """What a yes comes to."""
    if wait is None:
        return "held"
    return "offered" if wait.until else "waiting"
