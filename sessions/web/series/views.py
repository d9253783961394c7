"""Series as JSON, to each as much as is their business."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, get_args

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, rota, schedule
from sessions.answers import Going
from sessions.recurrence import Occurrence
from sessions.rota import Duties, Rota
from sessions.schedule import UNCHANGED, Booking, Series
from sessions.web.given import House
from sessions.web.naming import known_as
from sessions.web.shapes.base import utc
from sessions.web.shapes.series import (
    GoingView,
    OccurrenceView,
    RuleShape,
    SeriesLite,
    SeriesView,
    Weekday,
    WeekStart,
)
from sessions.zones import resolve

WEEK_STARTS: dict[str, WeekStart] = {day: day for day in get_args(WeekStart)}


class Coming(NamedTuple):
    booking: Booking
    dates: list[Occurrence]


class Backstage(NamedTuple):
    """What facilitators see beside the dates."""

    rota: Rota
    duties: Duties
    going: dict[datetime, Going]


async def series_view(db: AsyncSession, house: House, booking: Booking) -> SeriesView:
    [view] = await series_views(db, house, [booking])
    return view


async def series_views(
    db: AsyncSession, house: House, bookings: Sequence[Booking]
) -> list[SeriesView]:
    """Of one circle; as many statements for all of them as for one."""
    coming = [
        Coming(each, schedule.next_dates(each, now=house.now, with_skipped=each.mine.leads))
        for each in bookings
    ]
    extras = await schedule.extras_by_series(db, [each.series.id for each in bookings])
    seen = await _backstage(db, house, coming)
    return [
        _series_view(house, each, extras[each.booking.series.id], backstage)
        for each, backstage in zip(coming, seen, strict=True)
    ]


def _series_view(
    house: House, coming: Coming, extras: Iterable[Series], seen: Backstage | None
) -> SeriesView:
    booking, dates = coming
    series = booking.series
    return SeriesView(
        id=series.id,
        circle=series.circle_id,
        title=series.title,
        start=series.start,
        zone=series.zone,
        minutes=series.minutes,
        rule=_rule_shape(series),
        total=_total(booking),
        seats=series.seats,
        agenda=series.agenda,
        sequence=series.sequence,
        cancelled=series.cancelled_at is not None,
        role=booking.mine.membership.role,
        extra_of=series.extra_of,
        follows=series.follows,
        extras=[_lite(extra) for extra in extras],
        next=[_date_view(house, booking, date, seen) for date in dates],
    )


async def dates_view(
    db: AsyncSession, house: House, booking: Booking, dates: Iterable[Occurrence]
) -> list[OccurrenceView]:
    dates = list(dates)
    [seen] = await _backstage(db, house, [Coming(booking, dates)])
    return [_date_view(house, booking, date, seen) for date in dates]


async def _backstage(
    db: AsyncSession, house: House, coming: Sequence[Coming]
) -> Sequence[Backstage | None]:
    """Of one circle's series, each with its dates."""
    if not coming or not coming[0].booking.mine.leads:
        return [None] * len(coming)
    circle = coming[0].booking.mine.circle.id
    dates = {b.series.id: [date.original for date in dates] for b, dates in coming}
    standing = await rota.rotas_of(db, circle, dates)
    going = await answers.going(db, circle, dates, now=house.now)
    return [
        Backstage(standing[one], rota.duties_on(b, standing[one], dates[one]), going[one])
        for b, one in ((b, b.series.id) for b, _ in coming)
    ]


def _date_view(
    house: House, booking: Booking, date: Occurrence, seen: Backstage | None
) -> OccurrenceView:
    shown = booking.shown(date.original)
    duty = seen and seen.duties.get(date.original)
    who = duty.who if duty else None
    return OccurrenceView(
        original=date.original,
        starts_at=utc(date.starts_at),
        ends_at=utc(date.ends_at),
        local=date.local,
        minutes=(date.ends_at - date.starts_at) // timedelta(minutes=1),
        cancelled=date.cancelled,
        moved=date.moved,
        skipped=date.skipped,
        title=booking.changes.get(date.original, UNCHANGED).title,
        seats=shown.seats,
        agenda=shown.agenda,
        facilitator=known_as(house, seen.rota.facilitators[who][1]) if seen and who else None,
        mine=who == booking.mine.membership.id,
        going=GoingView(**seen.going[date.original]._asdict()) if seen else None,
    )


def _lite(extra: Series) -> SeriesLite:
    starts_at = resolve(extra.start, extra.zone)
    return SeriesLite(
        id=extra.id,
        title=extra.title,
        start=extra.start,
        zone=extra.zone,
        minutes=extra.minutes,
        starts_at=utc(starts_at),
        ends_at=utc(starts_at + timedelta(minutes=extra.minutes)),
        cancelled=extra.cancelled_at is not None,
    )


def _total(booking: Booking) -> int | None:
    rule = booking.series.rule
    if rule is None or rule.count is None:
        return None
    return rule.count - sum(change.off for change in booking.changes.values())


def _rule_shape(series: Series) -> RuleShape | None:
    rule = series.rule
    if rule is None:
        return None
    return RuleShape(
        frequency=rule.frequency,
        weekdays=[day for day in get_args(Weekday) if day in rule.weekdays],
        interval=rule.interval,
        count=rule.count,
        until=rule.until,
        day=rule.day,
        position=rule.position,
        week_start=WEEK_STARTS[rule.week_start],
    )
