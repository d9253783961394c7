"""Calendars that somebody keeps elsewhere."""

from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.busy import calendars
from sessions.busy.fetching import Access
from sessions.busy.refreshing import Refresher
from sessions.busy.tables import ExternalCalendar
from sessions.language import accepted, say
from sessions.web.given import AnyRequest, House, Me
from sessions.web.shapes.base import Nothing, utc
from sessions.web.shapes.busy import CalendarView, NewCalendar


def provide_refresher(state: State) -> Refresher:
    refresher: Refresher = state.refresher
    return refresher


class CalendarsController(Controller):
    path = "/api/me/calendars"
    tags = ("other calendars",)
    dependencies = {"refresher": Provide(provide_refresher, sync_to_thread=False)}  # noqa: RUF012

    @get("/", summary="My calendars elsewhere")
    async def listed(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        request: AnyRequest,
    ) -> list[CalendarView]:
        counts = await calendars.counts(db, me.person)
        return [
            _view(house, request, calendar, counts.get(calendar.id, 0))
            for calendar in await calendars.of(db, me.person)
        ]

    @post("/", summary="Add a calendar by its address")
    async def add(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        refresher: NamedDependency[Refresher],
        request: AnyRequest,
        data: JSONBody[NewCalendar],
    ) -> Response[CalendarView]:
        calendar = await calendars.add(
            db,
            house.keys,
            refresher.outgoing,
            me.person,
            kind=data.kind,
            access=Access(data.address, data.username, data.password),
            label=data.label,
            now=house.now,
        )
        view = _view(house, request, calendar, 0)
        # After the answer, and so after the commit: only then is there something to read.
        return Response(view, status_code=201, background=BackgroundTask(refresher.nudge))

    @delete("/{calendar:uuid}", status_code=204, summary="Forget a calendar")
    async def remove(
        self,
        db: NamedDependency[AsyncSession],
        me: NamedDependency[Me],
        calendar: FromPath[UUID],
    ) -> None:
        await calendars.remove(db, me.person, calendar)

    @post("/{calendar:uuid}/refresh", status_code=202, summary="Read a calendar again soon")
    async def refresh(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        refresher: NamedDependency[Refresher],
        request: AnyRequest,
        calendar: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> Response[CalendarView]:
        found = await calendars.read_again(db, house.keys, me.person, calendar, now=house.now)
        counts = await calendars.counts(db, me.person)
        view = _view(house, request, found, counts.get(found.id, 0))
        return Response(view, status_code=202, background=BackgroundTask(refresher.nudge))


def _view(
    house: House, request: AnyRequest, calendar: ExternalCalendar, busy: int
) -> CalendarView:
    locale = accepted(request.headers.get("accept-language", ""))
    return CalendarView(
        id=calendar.id,
        kind=calendar.kind,
        label=calendar.label,
        host=calendars.host_of(house.keys, calendar),
        read_at=utc(calendar.fetched_at) if calendar.fetched_at else None,
        trouble=say(locale, f"problem.{calendar.trouble}") if calendar.trouble else None,
        due=calendar.next_at <= house.now,
        busy=busy,
    )
