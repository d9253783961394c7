"""Series and their dates."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, get_args
from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, recurrence, schedule
from sessions.errors import NotFound
from sessions.recurrence import Occurrence, Pattern, Rule
from sessions.schedule import Booking, Series
from sessions.web.given import ONLY_READS, House, Me
from sessions.web.shapes import (
    LocalTime,
    MoveTo,
    NewSeries,
    Nothing,
    OccurrenceView,
    PatternShape,
    PreviewDate,
    PreviewShape,
    PreviewView,
    RuleShape,
    SeriesView,
    ShiftNote,
    Weekday,
    utc,
)
from sessions.zones import ScheduleError, zone

IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", max_length=200, required=False)
]


class CircleSeriesController(Controller):
    path = "/api/circles/{circle:uuid}/series"
    tags = ("series",)

    @get("/", summary="Series of a circle")
    async def listed(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
    ) -> list[SeriesView]:
        mine = await circles.belonging(db, me.person, circle)
        return [series_view(house, b) for b in await schedule.bookings(db, [mine])]

    @post("/", summary="Book a series and invite the circle to it")
    async def book(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        circle: FromPath[UUID],
        data: JSONBody[NewSeries],
        idempotency_key: IdempotencyKey = None,
    ) -> SeriesView:
        mine = await circles.led_by(db, me.person, circle)
        series = await schedule.book(
            db,
            house.keys,
            mine,
            title=data.title,
            pattern=_pattern(data),
            now=house.now,
            idempotency_key=idempotency_key,
        )
        changes = await schedule.changes_of(db, [series.id])
        return series_view(house, Booking(series, changes[series.id], mine))


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
        return series_view(house, await schedule.booking_for(db, me.person, series))

    @post("/cancel", status_code=200, summary="Cancel a series")
    async def cancel(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> SeriesView:
        booking = await schedule.booking_for(db, me.person, series)
        await schedule.cancel_series(db, house.keys, booking, now=house.now)
        return series_view(house, booking)

    @put("/occurrences/{original:str}", summary="Move one date")
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
        with _called("to", instead_of="start"):
            await schedule.move_occurrence(
                db, house.keys, booking, _start(original), to=data.to, now=house.now
            )
        return series_view(house, await schedule.booking_for(db, me.person, series))

    @delete("/occurrences/{original:str}", status_code=200, summary="Cancel one date")
    async def cancel_one(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
    ) -> SeriesView:
        booking = await schedule.booking_for(db, me.person, series)
        await schedule.cancel_occurrence(
            db, house.keys, booking, _start(original), now=house.now
        )
        return series_view(house, await schedule.booking_for(db, me.person, series))

    @post(
        "/occurrences/{original:str}/restore",
        status_code=200,
        summary="Take back a move or a cancellation",
    )
    async def restore(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
        original: FromPath[str],
        data: JSONBody[Nothing],
    ) -> SeriesView:
        booking = await schedule.booking_for(db, me.person, series)
        await schedule.restore_occurrence(
            db, house.keys, booking, _start(original), now=house.now
        )
        return series_view(house, await schedule.booking_for(db, me.person, series))


@post(
    "/api/preview",
    status_code=200,
    tags=("series",),
    summary="The dates a plan would have",
    opt=ONLY_READS,
)
async def preview(
    house: NamedDependency[House],
    me: NamedDependency[Me],
    data: JSONBody[PreviewShape],
) -> PreviewView:
    pattern = _pattern(data)
    recurrence.check(pattern)
    with _called("zones", instead_of="zone"):
        shown = {name: zone(name) for name in data.zones}
    dates = recurrence.next_dates(pattern, {}, after=house.now, limit=data.count)
    return PreviewView(
        dates=[
            PreviewDate(
                original=date.original,
                starts_at=utc(date.starts_at),
                in_=[
                    LocalTime(
                        zone=name, local=date.starts_at.astimezone(info).replace(tzinfo=None)
                    )
                    for name, info in shown.items()
                ],
            )
            for date in dates
        ],
        notes=[
            ShiftNote(zone=shift.zone, original=shift.original, shift_minutes=shift.minutes)
            for shift in recurrence.shifts(pattern, shown, dates)
        ],
    )


def _pattern(data: PatternShape) -> Pattern:
    rule = None
    if data.rule is not None:
        shape = data.rule
        rule = Rule(tuple(shape.weekdays), shape.interval, shape.count, shape.until)
    return Pattern(data.start, data.zone, data.minutes, rule)


@contextmanager
def _called(name: str, *, instead_of: str) -> Iterator[None]:
    """A rule names the field it knows; this form calls it something else."""
    try:
        yield
    except ScheduleError as error:
        if error.field == instead_of:
            error.field = name
        raise


def _start(text: str) -> datetime:
    """An occurrence is addressed by its original start: naive wall time."""
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotFound("no_such_date") from error
    if start.tzinfo is not None:
        raise NotFound("no_such_date")
    return start


def series_view(house: House, booking: Booking) -> SeriesView:
    series = booking.series
    return SeriesView(
        id=series.id,
        circle=series.circle_id,
        title=series.title,
        start=series.start,
        zone=series.zone,
        minutes=series.minutes,
        rule=_rule_shape(series),
        sequence=series.sequence,
        cancelled=series.cancelled_at is not None,
        role=booking.mine.membership.role,
        next=[occurrence_view(date) for date in schedule.next_dates(booking, now=house.now)],
    )


def _rule_shape(series: Series) -> RuleShape | None:
    rule = series.pattern.rule
    if rule is None:
        return None
    return RuleShape(
        weekdays=[day for day in get_args(Weekday) if day in rule.weekdays],
        interval=rule.interval,
        count=rule.count,
        until=rule.until,
    )


def occurrence_view(date: Occurrence) -> OccurrenceView:
    return OccurrenceView(
        original=date.original,
        starts_at=utc(date.starts_at),
        ends_at=utc(date.ends_at),
        local=date.local,
        cancelled=date.cancelled,
        moved=date.moved,
    )
