"""One date of a series: moved, cancelled and put back."""

from uuid import UUID

from litestar import Controller, delete, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import schedule
from sessions.schedule import rehearsed
from sessions.web.given import House, Me
from sessions.web.series.reading import called, start_of
from sessions.web.series.views import series_view
from sessions.web.series.whole import changed_view
from sessions.web.shapes.series import ChangedView, DryShape, MoveTo, SeriesView


class DatesController(Controller):
    path = "/api/series/{series:uuid}/occurrences/{original:str}"
    tags = ("series",)

    @put("/", summary="Move one date")
    async def move(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
        data: JSONBody[MoveTo],
    ) -> SeriesView:
        booking = await schedule.booking_for(db, me.person, series)
        with called("to", instead_of="start"):
            await schedule.move_occurrence(
                db, house.keys, booking, start_of(original), to=data.to, now=house.now
            )
        return await series_view(db, house, await schedule.booking_for(db, me.person, series))

    @delete("/", status_code=200, summary="Cancel one date")
    async def cancel(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
    ) -> SeriesView:
        booking = await schedule.booking_for(db, me.person, series)
        await schedule.cancel_occurrence(
            db, house.keys, booking, start_of(original), now=house.now
        )
        return await series_view(db, house, await schedule.booking_for(db, me.person, series))

    @post("/cancel", status_code=200, summary="Cancel one date, or see what that means")
    async def cancel_or_see(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
        data: JSONBody[DryShape],
    ) -> ChangedView:
        async with rehearsed(db, dry=data.dry):
            booking = await schedule.booking_for(db, me.person, series)
            means = await schedule.cancel_occurrence(
                db, house.keys, booking, start_of(original), now=house.now
            )
            return await changed_view(db, house, me, booking.series, means, dry=data.dry)

    @post("/restore", status_code=200, summary="Take back all that was changed about one date")
    async def restore(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
        data: JSONBody[DryShape],
    ) -> ChangedView:
        async with rehearsed(db, dry=data.dry):
            booking = await schedule.booking_for(db, me.person, series)
            means = await schedule.restore_occurrence(
                db, house.keys, booking, start_of(original), now=house.now
            )
            return await changed_view(db, house, me, booking.series, means, dry=data.dry)
