"""
A series changed as a whole, or from one of its dates on.

"This and following" ends the series and begins another, for `RANGE=THISANDFUTURE` is
understood by few apps. So does a new time or length for a series that has begun: the dates
that were keep those that they had. Where none of the earlier dates takes place, an entry
without dates would be left of them; the series itself then begins where it was to end.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import UnsetType
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox, recurrence
from sessions.circles import Belonging
from sessions.errors import Conflict, Invalid, NotFound
from sessions.keys import Keys
from sessions.recurrence import Pattern
from sessions.schedule.announced import announce
from sessions.schedule.booking import check_plan, count_one_more, new_series
from sessions.schedule.dates import change_date
from sessions.schedule.means import Means
from sessions.schedule.reading import UNCHANGED, Booking, Changes, extras_of
from sessions.schedule.tables import DateChange, OccurrenceChange, Series
from sessions.schedule.telling import listeners, open_for_change, raise_sequence, tell
from sessions.schedule.wishes import Scope, Wish, needed_line, replanned, rest_of, same_hour
from sessions.zones import resolve


class Carried(NamedTuple):
    """Dates that have another name now, for all that hangs on dates."""

    before: UUID
    after: UUID
    """The same series, or the one that begins where it ends."""
    since: datetime
    """Original start from which on this is so."""
    old: Pattern
    new: Pattern

    @property
    def anew(self) -> bool:
        """Whether who answered for all of it has to be asked again."""
        return not same_hour(self.old, self.new)

    def name(self, original: datetime) -> datetime | None:
        """What the date is called now; None if it is no more."""
        if original < self.since or not recurrence.follows(self.old, original):
            return None
        plain = {original: recurrence.UNCHANGED}
        return recurrence.remap(plain, self.old, self.new).names.get(original)


class Changed(NamedTuple):
    series: Series
    """The one that has the dates now."""
    means: Means
    carried: Carried | None = None


async def change_series(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    scope: Scope,
    original: datetime | None,
    wish: Wish,
    *,
    now: datetime,
) -> Changed:
    """`original` says from which date on, or which one; all of it needs none."""
    if scope != "all" and original is None:
        raise Invalid("needed", field="original")
    if scope == "one" and original is not None:
        means = await change_date(db, keys, booking, original, wish, now=now)
        return Changed(booking.series, means)
    series = await open_for_change(db, booking)
    if scope == "following" and original is not None and original != series.start:
        return await _following(db, keys, booking, original, wish, now=now)
    return await _all(db, keys, booking, wish, now=now)


async def _following(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    original: datetime,
    wish: Wish,
    *,
    now: datetime,
) -> Changed:
    pattern = booking.series.pattern
    if not recurrence.follows(pattern, original):
        raise NotFound("no_such_date")
    if recurrence.occurrence_at(pattern, booking.changes, original).ends_at <= now:
        raise Conflict("already_over")
    begun = recurrence.last_begun(pattern, booking.changes, now=now)
    if begun is not None and begun > original:
        raise Conflict("already_over")
    new = replanned(recurrence.split(pattern, original)[1], wish)
    _check(new, now=now)
    return await _divide(db, keys, booking, original, new, wish, now=now)


async def _all(
    db: AsyncSession, keys: Keys, booking: Booking, wish: Wish, *, now: datetime
) -> Changed:
    old = booking.series.pattern
    new = replanned(old, wish)
    last = recurrence.last_begun(old, booking.changes, now=now)
    begun = last is not None or resolve(old.start, old.zone) < now
    if not begun or _but_for_its_end(new) == _but_for_its_end(old):
        _check(new, now=now, begun=begun)
        if last is not None and not recurrence.follows(new, last):
            raise Invalid("in_the_past", field="rule")
        return await _in_place(db, keys, booking, new, wish, now=now)
    rest = rest_of(old, booking.changes, wish, now=now)
    _check(rest.plan, now=now)
    changed = await _divide(db, keys, booking, rest.cut, rest.plan, wish, now=now)
    if changed.means.ends is not None:
        changed.means.why.insert(0, "begun")
    return changed


async def _in_place(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    new: Pattern,
    wish: Wish,
    *,
    since: datetime | None = None,
    now: datetime,
) -> Changed:
    """`since`: the first of its dates that there still is."""
    series, old, title = booking.series, booking.series.pattern, booking.series.title
    means = Means()
    series.plan(new)
    _describe(series, wish)
    await _carry_changes(db, booking.changes, series, series, old, means=means, now=now)
    if new == old and series.title == title:
        means.why.append("for_nobody")
        return Changed(series, means)
    title_only = new == old
    raise_sequence(series, now=now, openly=not title_only)
    if not title_only:
        await announce(db, series, now=now)
    acting = booking.mine.membership
    hearing = await listeners(db, series, acting=acting, title_only=title_only)
    if new.rule is None and not _takes_place(old, booking.changes):
        hearing = []  # nobody has it: when it is on again, they are told how it is then
    wording = outbox.SeriesChanged
    await tell(db, keys, series, hearing, wording, said="request", means=means, now=now)
    carried = Carried(series.id, series.id, since or old.start, old, new)
    return Changed(series, _with_reason(means, carried), carried)


async def _divide(
    db: AsyncSession,
    keys: Keys,
    booking: Booking,
    cut: datetime,
    new: Pattern,
    wish: Wish,
    *,
    now: datetime,
) -> Changed:
    """End the series before `cut` and begin another."""
    series, old = booking.series, booking.series.pattern
    ended, _ = recurrence.split(old, cut)
    if ended is None:
        raise Conflict("already_over")
    moving = {o: change for o, change in booking.changes.items() if o >= cut}
    if not _takes_place(ended, booking.changes):
        await _forget_changes(db, series, booking.changes.keys() - moving.keys())
        left = booking._replace(changes=moving)
        return await _in_place(db, keys, left, new, wish, since=cut, now=now)
    await count_one_more(db, keys, booking.mine.circle, now=now)
    means = Means(ends=recurrence.last_start(ended), begins=new.start)
    after = await _begin(db, booking.mine, series, new, wish, now=now)
    await _carry_changes(db, moving, series, after, old, means=means, now=now)
    series.plan(ended)
    raise_sequence(series, now=now, openly=True)
    for each in (series, after):
        await announce(db, each, now=now)
    hearing = await listeners(db, series, acting=booking.mine.membership)
    wording = outbox.SeriesChanged
    knowing = [each for each in hearing if each.reached]
    await tell(db, keys, series, knowing, wording, said="request", means=means, now=now)
    anew = [each._replace(reached=False) for each in hearing]
    await tell(db, keys, after, anew, outbox.Booked, said="new_series", means=means, now=now)
    carried = Carried(series.id, after.id, cut, old, new)
    return Changed(after, _with_reason(means, carried), carried)


async def _begin(
    db: AsyncSession,
    mine: Belonging,
    series: Series,
    pattern: Pattern,
    wish: Wish,
    *,
    now: datetime,
) -> Series:
    """The series that follows, and the single dates beside it that are still to come."""
    after = new_series(mine.circle, series.title, pattern, now=now)
    after.seats, after.agenda = series.seats, series.agenda
    after.follows = series.id
    _describe(after, wish)
    db.add(after)
    await db.flush()
    for extra in await extras_of(db, series):
        if resolve(extra.start, extra.zone) >= resolve(pattern.start, pattern.zone):
            extra.extra_of = after.id
    return after


async def _carry_changes(
    db: AsyncSession,
    changes: Changes,
    before: Series,
    after: Series,
    old: Pattern,
    *,
    means: Means,
    now: datetime,
) -> None:
    """Changed dates take along what is changed about them, under the names they have now."""
    remapped = recurrence.remap(changes, old, after.pattern)
    means.dropped += remapped.dropped
    rows = select(OccurrenceChange).where(OccurrenceChange.series_id == before.id)
    changed_at = {row.original: row.changed_at for row in await db.exec(rows)}
    await _forget_changes(db, before, changes)
    for original, name in remapped.names.items():
        change = remapped.changes[name]
        if not isinstance(change, DateChange) or change == UNCHANGED:
            continue
        row = OccurrenceChange(
            series_id=after.id, original=name, changed_at=changed_at.get(original, now)
        )
        row.take(change)
        db.add(row)
        means.kept += 1
    await db.flush()


async def _forget_changes(
    db: AsyncSession, series: Series, originals: Collection[datetime]
) -> None:
    await db.exec(
        delete(OccurrenceChange).where(
            col(OccurrenceChange.series_id) == series.id,
            col(OccurrenceChange.original).in_(originals),
        )
    )


def _describe(series: Series, wish: Wish) -> None:
    """What has nothing to do with when it is."""
    if wish.title is not None:
        series.title = needed_line(wish.title)
    if not isinstance(wish.seats, UnsetType):
        series.seats = wish.seats
    if wish.agenda is not None:
        series.agenda = wish.agenda


def _check(new: Pattern, *, now: datetime, begun: bool = False) -> None:
    check_plan(new, now=now)
    if not begun and resolve(new.start, new.zone) < now:
        raise Invalid("in_the_past", field="to")


def _but_for_its_end(pattern: Pattern) -> Pattern:
    """To end sooner or later changes nothing about what was."""
    rule = pattern.rule and replace(pattern.rule, count=None, until=None)
    return replace(pattern, rule=rule)


def _takes_place(pattern: Pattern, changes: Changes) -> bool:
    """Whether any of its dates does, or did."""
    off = {original: change for original, change in changes.items() if change.off}
    begin = resolve(pattern.start, pattern.zone)
    return bool(recurrence.next_dates(pattern, off, after=begin, limit=1, with_cancelled=False))


def _with_reason(means: Means, carried: Carried) -> Means:
    if carried.anew:
        means.why.append("asked_anew")
    return means
