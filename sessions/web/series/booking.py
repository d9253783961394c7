"""Looking at a plan, and booking it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, recurrence, schedule
from sessions.busy.clashing import clashes
from sessions.recurrence import Change, Occurrence, Pattern
from sessions.schedule import Booking
from sessions.web.given import ONLY_READS, House, Me
from sessions.web.series.reading import called, pattern_of
from sessions.web.series.views import series_view
from sessions.web.shapes.base import utc
from sessions.web.shapes.busy import ClashView
from sessions.web.shapes.series import (
    LocalTime,
    NewSeries,
    PreviewDate,
    PreviewShape,
    PreviewView,
    SeriesView,
    ShiftNote,
)
from sessions.zones import resolve, zone

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
        return [
            await series_view(db, house, booking)
            for booking in await schedule.bookings(db, [mine])
        ]

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
            pattern=pattern_of(data),
            seats=data.seats,
            agenda=data.agenda,
            skip=data.skip,
            now=house.now,
            idempotency_key=idempotency_key,
        )
        changes = await schedule.changes_of(db, [series.id])
        return await series_view(db, house, Booking(series, changes[series.id], mine))


@post(
    "/api/preview",
    status_code=200,
    tags=("series",),
    summary="The dates a plan would have, and what is in their way",
    opt=ONLY_READS,
)
async def preview(
    db: NamedDependency[AsyncSession],
    house: NamedDependency[House],
    me: NamedDependency[Me],
    data: JSONBody[PreviewShape],
) -> PreviewView:
    pattern = pattern_of(data)
    schedule.check_skip(pattern, data.skip)
    with called("zones", instead_of="zone"):
        shown = {name: zone(name) for name in data.zones}
    if data.circle is not None:
        await circles.led_by(db, me.person, data.circle)
    skipped = {original: Change(skipped=True) for original in data.skip}
    dates = recurrence.next_dates(pattern, skipped, after=house.now, limit=data.count)
    found = await clashes(
        db, house.keys, me.person, pattern, skipped, now=house.now, circle=data.circle
    )
    return PreviewView(
        dates=[_date(date, shown) for date in dates],
        notes=_notes(pattern, shown, dates),
        last=_last(pattern, data.skip),
        total=_total(pattern, data.skip),
        clashes=[
            ClashView(
                original=clash.original,
                starts_at=utc(clash.starts_at),
                ends_at=utc(clash.ends_at),
                kind=clash.kind,
                label=clash.label,
            )
            for clash in found.first
        ],
        clashes_total=found.total,
    )


def _date(date: Occurrence, shown: Mapping[str, tzinfo]) -> PreviewDate:
    return PreviewDate(
        original=date.original,
        starts_at=utc(date.starts_at),
        skipped=date.skipped,
        in_=[
            LocalTime(zone=name, local=date.starts_at.astimezone(info).replace(tzinfo=None))
            for name, info in shown.items()
        ],
    )


def _notes(pattern: Pattern, shown: Iterable[str], dates: list[Occurrence]) -> list[ShiftNote]:
    return [
        ShiftNote(zone=shift.zone, original=shift.original, shift_minutes=shift.minutes)
        for shift in recurrence.shifts(pattern, shown, dates)
    ]


def _last(pattern: Pattern, skip: Iterable[datetime]) -> datetime | None:
    """The last that takes place; a plan without an end has none."""
    last = recurrence.last_start(pattern)
    if last is None or last not in set(skip):
        return last
    changes = {original: Change(skipped=True) for original in skip}
    begin = resolve(pattern.start, pattern.zone)
    dates = recurrence.occurrences(pattern, changes, after=begin, before=schedule.END_OF_TIME)
    return max((date.original for date in dates if not date.skipped), default=None)


def _total(pattern: Pattern, skip: Iterable[datetime]) -> int | None:
    last = recurrence.last_start(pattern)
    if last is None:
        return None
    return recurrence.count_before(pattern, last) + 1 - len(set(skip))
