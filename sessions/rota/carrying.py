"""Whose turn it is when a series changes: everybody keeps the dates that they had."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import recurrence
from sessions.rota.rule import Plan, Turn, plan_after
from sessions.rota.tables import RotaDate, RotaPlan, RotaSkip, RotaSwap
from sessions.schedule import Carried, OccurrenceChange, Series
from sessions.zones import resolve


async def carry_over(db: AsyncSession, before: Series, after: Series, carried: Carried) -> None:
    """To the series that follows, or to the same one with its dates at another time."""
    plan = await db.get(RotaPlan, before.id)
    if plan is not None:
        await _carry_plan(db, plan, after, carried)
    await _carry_dates(db, before, carried)
    for swap in await db.exec(select(RotaSwap).where(RotaSwap.series_id == before.id)):
        mine, theirs = carried.name(swap.mine), carried.name(swap.theirs)
        if mine and theirs:
            swap.series_id, swap.mine, swap.theirs = after.id, mine, theirs


async def _carry_plan(
    db: AsyncSession, plan: RotaPlan, after: Series, carried: Carried
) -> None:
    if carried.since == carried.old.start:
        plan.start_at = carried.name(plan.start_at) or _as_many_before(plan, carried)
        return
    then = await _plan_then(db, plan, carried)
    await db.merge(
        RotaPlan(
            series_id=after.id,
            order=[str(who) for who in then.order],
            every=then.every,
            start_at=carried.name(then.start_at) or after.start,
            remaining=list(then.remaining),
        )
    )


def _as_many_before(plan: RotaPlan, carried: Carried) -> datetime:
    """On another weekday, say: the date with as many before it as there were."""
    number = recurrence.count_before(carried.old, plan.start_at)
    begin = resolve(carried.new.start, carried.new.zone)
    starts = recurrence.next_dates(carried.new, {}, after=begin, limit=number + 1)
    return starts[-1].original if starts else carried.new.start


async def _plan_then(db: AsyncSession, plan: RotaPlan, carried: Carried) -> Plan:
    """As it stands when the first of the new dates comes, or when it begins after that."""
    before, zone = carried.before, carried.old.zone
    rows = select(OccurrenceChange.original).where(
        OccurrenceChange.series_id == before, col(OccurrenceChange.skipped)
    )
    skipped = set(await db.exec(rows))
    left_out: dict[datetime, set[UUID]] = defaultdict(set)
    for row in await db.exec(select(RotaSkip).where(RotaSkip.series_id == before)):
        left_out[row.original].add(row.membership_id)
    begin, end = (resolve(wall, zone) for wall in (plan.start_at, carried.since))
    past = recurrence.occurrences(carried.old, {}, after=begin, before=end)
    turns = (Turn(date.original, skipped=date.original in skipped) for date in past)
    start_at = max(plan.start_at, carried.since)
    return plan_after(plan.plan, turns, left_out=left_out, start_at=start_at)


async def _carry_dates(db: AsyncSession, before: Series, carried: Carried) -> None:
    chosen = await db.exec(select(RotaDate).where(RotaDate.series_id == before.id))
    left_out = await db.exec(select(RotaSkip).where(RotaSkip.series_id == before.id))
    moving: list[tuple[RotaDate | RotaSkip, UUID, datetime]] = [
        (row, carried.after, name)
        for row in [*chosen, *left_out]
        if (name := carried.name(row.original)) is not None
    ]
    for row, series, name in moving:
        row.series_id, row.original = series, name
    await db.flush()
