"""A series as a whole: seen, changed, cancelled, put back, extended and copied."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, limits, replanning, schedule
from sessions.errors import Invalid
from sessions.limits import Limit
from sessions.schedule import Means, Series, rehearsed
from sessions.web.given import House, Me
from sessions.web.series.booking import IdempotencyKey
from sessions.web.series.means import means_view
from sessions.web.series.reading import called, wish_of
from sessions.web.series.views import dates_view, series_view
from sessions.web.shapes.series import (
    ChangedView,
    ChangeShape,
    CloneShape,
    DryShape,
    NewExtra,
    OccurrenceView,
    SeriesView,
)
from sessions.zones import resolve

MOST_DATES = 400
CHANGES = Limit("change", most=60, seconds=60)
Moment = Annotated[datetime, QueryParameter()]


class SeriesController(Controller):
    path = "/api/series/{series:uuid}"
    tags = ("series",)

    @get("/", summary="A series and its next dates")
    async def one(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
    ) -> SeriesView:
        return await series_view(db, house, await schedule.booking_for(db, me.person, series))

    @get("/dates", summary="The dates between two moments")
    async def dates(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        after: Moment,
        before: Moment,
    ) -> list[OccurrenceView]:
        booking = await schedule.booking_for(db, me.person, series)
        found = schedule.dates_between(
            booking,
            after=_instant(after, booking.series.zone),
            before=_instant(before, booking.series.zone),
            with_skipped=booking.mine.leads,
        )
        shown = [date for date, _ in zip(found, range(MOST_DATES), strict=False)]
        return await dates_view(db, house, booking, shown)

    @post("/change", status_code=200, summary="Change one date, those that follow, or all")
    async def change(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        data: JSONBody[ChangeShape],
    ) -> ChangedView:
        async with tried(db, house, me, dry=data.dry):
            booking = await schedule.booking_for(db, me.person, series)
            with called("to", instead_of="start"):
                changed = await replanning.change(
                    db,
                    house.keys,
                    booking,
                    data.scope,
                    data.original,
                    wish_of(data),
                    now=house.now,
                )
            return await changed_view(
                db, house, me, changed.series, changed.means, dry=data.dry
            )

    @post("/cancel", status_code=200, summary="Cancel a series")
    async def cancel(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        data: JSONBody[DryShape],
    ) -> ChangedView:
        async with tried(db, house, me, dry=data.dry):
            booking = await schedule.booking_for(db, me.person, series)
            means = await schedule.cancel_series(db, house.keys, booking, now=house.now)
            return await changed_view(db, house, me, booking.series, means, dry=data.dry)

    @post("/restore", status_code=200, summary="Take back that a series is cancelled")
    async def restore(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        data: JSONBody[DryShape],
    ) -> ChangedView:
        async with tried(db, house, me, dry=data.dry):
            booking = await schedule.booking_for(db, me.person, series)
            means = await schedule.restore_series(db, house.keys, booking, now=house.now)
            return await changed_view(db, house, me, booking.series, means, dry=data.dry)

    @post("/extra", summary="Add a single date beside the rule")
    async def extra(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        data: JSONBody[NewExtra],
        idempotency_key: IdempotencyKey = None,
    ) -> ChangedView:
        means = Means()
        async with tried(db, house, me, dry=data.dry):
            added = await schedule.add_extra(
                db,
                house.keys,
                await schedule.booking_for(db, me.person, series),
                start=data.start,
                minutes=data.minutes,
                title=data.title,
                now=house.now,
                idempotency_key=None if data.dry else idempotency_key,
                means=means,
            )
            return await changed_view(db, house, me, added, means, dry=data.dry)

    @post("/clone", summary="Book the same plan again from another day on")
    async def clone(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        data: JSONBody[CloneShape],
        idempotency_key: IdempotencyKey = None,
    ) -> ChangedView:
        means = Means()
        async with tried(db, house, me, dry=data.dry):
            into = await circles.led_by(db, me.person, data.circle) if data.circle else None
            cloned = await schedule.clone_series(
                db,
                house.keys,
                await schedule.booking_for(db, me.person, series),
                start=data.start,
                into=into,
                now=house.now,
                idempotency_key=None if data.dry else idempotency_key,
                means=means,
            )
            return await changed_view(db, house, me, cloned, means, dry=data.dry)


@asynccontextmanager
async def tried(db: AsyncSession, house: House, me: Me, *, dry: bool) -> AsyncIterator[None]:
    """A change, or the rehearsal of one: both take long, and a change is mailed to all."""
    await limits.spend(db, house.keys, CHANGES, me.person.id.hex, now=house.now)
    async with rehearsed(db, dry=dry):
        yield


async def changed_view(
    db: AsyncSession, house: House, me: Me, series: Series, means: Means, *, dry: bool
) -> ChangedView:
    await db.flush()
    booking = await schedule.booking_for(db, me.person, series.id)
    return ChangedView(
        series=await series_view(db, house, booking),
        dry=dry,
        means=means_view(house, series, means, locale=me.language),
    )


def _instant(moment: datetime, zone: str) -> datetime:
    """Without an offset it is wall time of the series."""
    if moment.year <= 1 or moment.year >= 9999:
        raise Invalid("wrong", field="after")
    return moment.astimezone(UTC) if moment.tzinfo else resolve(moment, zone)
