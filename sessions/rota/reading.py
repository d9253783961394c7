"""The rota of a series as it stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import recurrence
from sessions.circles import Membership, people_in
from sessions.people import Person
from sessions.rota.rule import Chosen, Duty, Plan, Turn, on_duty
from sessions.rota.tables import RotaDate, RotaPlan, RotaSkip
from sessions.schedule import Booking, Dated
from sessions.zones import resolve

A_MOMENT = timedelta(seconds=1)


class Kept(NamedTuple):
    """What was decided about one series."""

    plan: Plan | None
    chosen: dict[datetime, Chosen]
    left_out: dict[datetime, set[UUID]]


class Rota(NamedTuple):
    kept: Kept
    facilitators: dict[UUID, tuple[Membership, Person]]
    """By membership, in the order in which they came."""


class Own(NamedTuple):
    """That a date is somebody's, or that they do not take it; not whose turn it would be."""

    series_id: UUID
    original: datetime
    by: Literal["hand", "swap", "order", "left out"]


Duties = dict[datetime, Duty]
"""By original start."""


async def rota_of(db: AsyncSession, booking: Booking) -> Rota:
    series = booking.series
    return (await rotas_of(db, series.circle_id, [series.id]))[series.id]


async def rotas_of(
    db: AsyncSession, circle_id: UUID, series: Iterable[UUID]
) -> dict[UUID, Rota]:
    """Of series of one circle."""
    people = await people_in(db, circle_id)
    facilitators = {
        membership.id: (membership, person)
        for membership, person in people
        if membership.role == "facilitator" and membership.ended_at is None
    }
    return {one: Rota(kept, facilitators) for one, kept in (await kept_of(db, series)).items()}


async def dates_of(db: AsyncSession, memberships: list[UUID]) -> list[Own]:
    """All that is stored of somebody."""
    theirs, skips = col(RotaDate.membership_id), col(RotaSkip.membership_id)
    chosen = await db.exec(select(RotaDate).where(theirs.in_(memberships)))
    left_out = await db.exec(select(RotaSkip).where(skips.in_(memberships)))
    return [
        *(Own(date.series_id, date.original, date.by) for date in chosen),
        *(Own(skip.series_id, skip.original, "left out") for skip in left_out),
    ]


async def kept_of(db: AsyncSession, series: Iterable[UUID]) -> dict[UUID, Kept]:
    ids = list(series)
    kept = {one: Kept(None, {}, defaultdict(set)) for one in ids}
    for plan in await db.exec(select(RotaPlan).where(col(RotaPlan.series_id).in_(ids))):
        kept[plan.series_id] = kept[plan.series_id]._replace(plan=plan.plan)
    for date in await db.exec(select(RotaDate).where(col(RotaDate.series_id).in_(ids))):
        chosen = Chosen(date.membership_id, date.by)
        kept[date.series_id].chosen[date.original] = chosen
    for skip in await db.exec(select(RotaSkip).where(col(RotaSkip.series_id).in_(ids))):
        kept[skip.series_id].left_out[skip.original].add(skip.membership_id)
    return kept


def duties(
    dated: Booking | Dated,
    kept: Kept,
    facilitators: Iterable[UUID],
    *,
    after: datetime,
    before: datetime,
) -> Duties:
    """Of the dates whose original starts lie in [after, before)."""
    found = on_duty(
        kept.plan,
        _turns(dated, kept.plan, after=after, before=before),
        chosen=kept.chosen,
        left_out=kept.left_out,
        facilitators=frozenset(facilitators),
    )
    zone = dated.series.zone
    return {duty.original: duty for duty in found if resolve(duty.original, zone) >= after}


def duties_on(dated: Booking | Dated, rota: Rota, originals: list[datetime]) -> Duties:
    """Of these dates, which the series must have, and of those between them."""
    if not originals:
        return {}
    first, last = (resolve(at(originals), dated.series.zone) for at in (min, max))
    return duties(dated, rota.kept, rota.facilitators, after=first, before=last + A_MOMENT)


def duty_at(dated: Booking | Dated, rota: Rota, original: datetime) -> Duty:
    return duties_on(dated, rota, [original]).get(original, Duty(original, None))


def _turns(
    dated: Booking | Dated, plan: Plan | None, *, after: datetime, before: datetime
) -> Iterator[Turn]:
    """By original start: a date that is moved past another does not change whose it is."""
    series = dated.series
    begin = min(after, resolve(plan.start_at, series.zone)) if plan else after
    unmoved = {o: replace(change, moved_to=None) for o, change in dated.changes.items()}
    for date in recurrence.occurrences(series.pattern, unmoved, after=begin, before=before):
        yield Turn(date.original, date.cancelled, date.skipped)
