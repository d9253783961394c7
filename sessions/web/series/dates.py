"""One date of a series: cancelled, and put back."""

from uuid import UUID

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import rescheduling, schedule
from sessions.web.given import House, Me
from sessions.web.series.reading import start_of
from sessions.web.series.whole import changed_view, tried
from sessions.web.shapes.series import ChangedView, DryShape


class DatesController(Controller):
    path = "/api/series/{series:uuid}/occurrences/{original:str}"
    tags = ("series",)

    @post("/cancel", status_code=200, summary="Cancel one date, or see what that means")
    async def cancel(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
        data: JSONBody[DryShape],
    ) -> ChangedView:
        async with tried(db, house, me, dry=data.dry):
            booking = await schedule.booking_for(db, me.person, series)
            means = await schedule.cancel_occurrence(
                db, house.keys, booking, start_of(original), now=house.now
            )
            return await changed_view(db, house, me, booking.series, means, dry=data.dry)

    @post(
        "/restore",
        status_code=200,
        summary="Put a cancelled date back, or take back what was changed about another",
    )
    async def restore(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
        data: JSONBody[DryShape],
    ) -> ChangedView:
        async with tried(db, house, me, dry=data.dry):
            booking = await schedule.booking_for(db, me.person, series)
            means = await rescheduling.restore_date(
                db, house.keys, booking, start_of(original), now=house.now
            )
            return await changed_view(db, house, me, booking.series, means, dry=data.dry)
