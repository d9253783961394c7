"""Looking at a plan, and booking it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from functools import partial
from typing import Annotated, NamedTuple
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, recurrence, schedule
from sessions.busy.clashing import clashes
from sessions.limits import Limit
from sessions.recurrence import Change, Occurrence, Pattern
from sessions.schedule import Booking
from sessions.web.given import ONLY_READS, House, Me, spend
from sessions.web.series.reading import called, pattern_of
from sessions.web.series.views import series_view, series_views
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
from sessions.zones import zone

PREVIEWS = Limit("preview", most=60, seconds=60)

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
        booked = await schedule.bookings(db, [mine], most=schedule.MOST_SERIES)
        return await series_views(db, house, booked)

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
    await spend(house, db, PREVIEWS, me.person.id.hex)
    planned = await house.effort.work_out(partial(_plan, data, now=house.now), who=me.person.id)
    if data.circle is not None:
        await circles.led_by(db, me.person, data.circle)
    found = await clashes(
        db,
        house.keys,
        house.effort,
        me.person,
        pattern_of(data),
        _skipped(data),
        now=house.now,
        circle=data.circle,
    )
    return PreviewView(
        dates=planned.dates,
        notes=planned.notes,
        last=planned.last,
        total=planned.total,
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


class _Plan(NamedTuple):
    dates: list[PreviewDate]
    notes: list[ShiftNote]
    last: datetime | None
    total: int | None


def _plan(data: PreviewShape, *, now: datetime) -> _Plan:
    pattern = pattern_of(data)
    schedule.check_skip(pattern, data.skip)
    with called("zones", instead_of="zone"):
        shown = {name: zone(name) for name in data.zones}
    dates = recurrence.next_dates(pattern, _skipped(data), after=now, limit=data.count)
    return _Plan(
        dates=[_date(date, shown) for date in dates],
        notes=_notes(pattern, shown, dates),
        last=_last(pattern, set(data.skip)),
        total=_total(pattern, data.skip),
    )


def _skipped(data: PreviewShape) -> dict[datetime, Change]:
    return {original: Change(skipped=True) for original in data.skip}


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


def _last(pattern: Pattern, skip: set[datetime]) -> datetime | None:
    """The last that takes place; a plan without an end has none."""
    left: Pattern | None = pattern
    while left is not None:
        last = recurrence.last_start(left)
        if last is None or last not in skip:
            return last
        left, _ = recurrence.split(left, last)
    return None


def _total(pattern: Pattern, skip: Iterable[datetime]) -> int | None:
    last = recurrence.last_start(pattern)
    if last is None:
        return None
    return recurrence.count_before(pattern, last) + 1 - len(set(skip))
