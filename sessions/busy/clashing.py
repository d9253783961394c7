"""
Who has no time on which date of a plan, over its whole length.

The one who plans sees the names of their own circles and calendars. Of those who facilitate
with them they see that there is no time, and never why: circles are nobody else's business.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, recurrence, schedule
from sessions.busy.fetching import AHEAD
from sessions.busy.overlaps import Clashes, Kind, Planned, Taken, find
from sessions.busy.tables import BusyTime, ExternalCalendar
from sessions.circles import Belonging, Membership
from sessions.effort import Effort
from sessions.keys import Keys
from sessions.people import Person, address_of, masked
from sessions.recurrence import Change, Pattern

SHOWN = 20
MOST_DATES = 1000
"""Of one series within two years."""
MOST_TIMES = 20_000
"""Of the calendars of one person, and of all series together."""
LONGEST = timedelta(days=1)
"""Of a date: one that began before may still be going on."""


async def clashes(
    db: AsyncSession,
    keys: Keys,
    effort: Effort,
    person: Person,
    pattern: Pattern,
    changes: Mapping[datetime, Change],
    *,
    now: datetime,
    circle: UUID | None = None,
    but_not: Iterable[UUID] = (),
) -> Clashes:
    """
    Against everything that `person`, and who else facilitates `circle`, has planned.

    `but_not` are series that the plan is to replace.
    """
    dates = await effort.work_out(partial(_planned, pattern, changes, now), who=person.id)
    if not dates:
        return Clashes([], 0)
    after = min(date.starts_at for date in dates)
    before = max(date.ends_at for date in dates)
    search = Search(db, after, before, frozenset(but_not))
    mine = await circles.circles_of(db, person)
    await search.circles(mine)
    await search.calendars(person, "calendar", None)
    for colleague in await _colleagues(db, mine, circle):
        name = colleague.name or masked(address_of(keys, colleague))
        await search.colleague(colleague, name, but_not=circle)
    return await effort.work_out(lambda: find(dates, search.taken(), most=SHOWN), who=person.id)


def _planned(
    pattern: Pattern, changes: Mapping[datetime, Change], now: datetime
) -> list[Planned]:
    coming = recurrence.occurrences(pattern, changes, after=now, before=now + AHEAD)
    return [
        Planned(date.starts_at, date.ends_at, date.original)
        for date in islice(coming, MOST_DATES)
        if not (date.cancelled or date.skipped)
    ]


class Search:
    """What may be in the way between two moments: read first, and then worked out."""

    def __init__(
        self, db: AsyncSession, after: datetime, before: datetime, but_not: frozenset[UUID]
    ) -> None:
        self._db = db
        self._after = after
        self._before = before
        self._but_not = but_not
        self._booked: list[tuple[schedule.Dated, Kind, str]] = []
        self._times: list[Taken] = []

    async def circles(self, mine: list[Belonging]) -> None:
        names = {one.circle.id: one.circle.name for one in mine}
        for dated in await self._series(mine):
            self._booked.append((dated, "circle", names[dated.series.circle_id]))

    async def colleague(self, person: Person, name: str, *, but_not: UUID | None) -> None:
        """All that they have, under their name; the circle of the plan is known already."""
        theirs = await circles.circles_of(self._db, person)
        for dated in await self._series([o for o in theirs if o.circle.id != but_not]):
            self._booked.append((dated, "colleague", name))
        await self.calendars(person, "colleague", name)

    async def calendars(self, person: Person, kind: Kind, label: str | None) -> None:
        found = await self._db.exec(
            select(BusyTime.starts_at, BusyTime.ends_at, ExternalCalendar.label)
            .join(ExternalCalendar, col(BusyTime.calendar_id) == col(ExternalCalendar.id))
            .where(
                ExternalCalendar.person_id == person.id,
                col(BusyTime.ends_at) > self._after,
                col(BusyTime.starts_at) < self._before,
            )
            .order_by(col(BusyTime.starts_at))
            .limit(MOST_TIMES)
        )
        self._times += [Taken(begin, end, kind, label or own) for begin, end, own in found]

    def taken(self) -> Iterator[Taken]:
        """Of very many series, the dates of those that were booked first."""
        yield from self._times
        yield from islice(self._dates(), MOST_TIMES)

    def _dates(self) -> Iterator[Taken]:
        for dated, kind, label in self._booked:
            found = schedule.dates_between(
                dated, after=self._after - LONGEST, before=self._before
            )
            for date in islice(found, MOST_DATES):
                if not date.cancelled:
                    yield Taken(date.starts_at, date.ends_at, kind, label)

    async def _series(self, mine: list[Belonging]) -> list[schedule.Dated]:
        booked = await schedule.bookings_in(self._db, [one.circle for one in mine])
        return [
            dated
            for dated in booked
            if dated.series.cancelled_at is None and dated.series.id not in self._but_not
        ]


async def _colleagues(
    db: AsyncSession, mine: list[Belonging], circle: UUID | None
) -> list[Person]:
    """
    Who else facilitates the circle, and agreed that the others see when they have no time.

    To facilitate is not to agree to that: times alone tell which circles meet then.
    """
    leads = {one.circle.id: one.membership.id for one in mine if one.leads}
    if circle is None or circle not in leads:
        return []
    found = await db.exec(
        select(Person)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            Membership.circle_id == circle,
            Membership.role == "facilitator",
            col(Membership.shows_busy),
            col(Membership.ended_at).is_(None),
            Membership.id != leads[circle],
        )
        .order_by(col(Membership.created_at))
    )
    return list(found)
