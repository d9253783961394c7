"""Composes the house: settings in, one app out. Nothing else knows all of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from sessions import admission, due, reissues, retention
from sessions.busy.child import Reader
from sessions.busy.refreshing import Refresher
from sessions.clock import Clock, system_clock
from sessions.courier import Courier
from sessions.db import Database
from sessions.effort import Effort
from sessions.feeds import Memory
from sessions.inbound.collector import Collector
from sessions.keys import Keys
from sessions.mail import FolderMailer, Mailer, SmtpMailer
from sessions.meetings import Directory
from sessions.outgoing import Outgoing
from sessions.settings import Settings
from sessions.snapshots import Snapshots, open_snapshots
from sessions.visits import Visits
from sessions.web import problems
from sessions.web.given import House, let_go, provide_db, provide_house, provide_me
from sessions.web.headers import SafeHeaders, check_change
from sessions.web.heads import HeadLikeGet
from sessions.web.join import SOCKET
from sessions.web.openapi import Problems
from sessions.web.pages import unknown_page
from sessions.web.routes import routes
from signaling.messages import Ice, IceServer
from signaling.passes import Pass
from signaling.reports import Ended, Removed, Report
from signaling.rooms import Rooms
from signaling.turn import credentials
from signaling.websocket import socket_route

BODY_LIMIT = 64 * 1024
VERSION = "0.1.0"
CALM_SECONDS = 60.0


def create_app(settings: Settings, keys: Keys, clock: Clock = system_clock) -> Litestar:
    database = Database(settings.database_url)
    courier = Courier(database, keys, open_mailer(settings), settings, clock)
    house = House(
        settings,
        keys,
        database,
        courier,
        clock,
        feeds=Memory(),
        listed=Memory(),
        effort=Effort(),
        visits=Visits(),
        directory=Directory(),
    )
    snapshots = open_snapshots(settings, database, keys, clock)
    outgoing = Outgoing(settings.trusted_hosts)
    refresher = Refresher(database, keys, outgoing, Reader(), clock)
    rooms = Rooms(
        clock=lambda: clock().timestamp(),
        store=snapshots,
        report=partial(hear, house),
    )
    socket = socket_route(
        rooms,
        key=keys.passes,
        origin=settings.public_url,
        ice=partial(ice_for, settings, clock),
        clock=lambda: clock().timestamp(),
        path=SOCKET,
    )
    app = Litestar(
        route_handlers=[*routes(), socket],
        dependencies={
            "house": Provide(provide_house, sync_to_thread=False),
            "db": Provide(provide_db),
            "me": Provide(provide_me),
        },
        before_request=check_change,
        before_send=[SafeHeaders(settings)],
        after_exception=[let_go],
        exception_handlers={**problems.HANDLERS, NotFoundException: unknown_page},
        logging_config=None,
        request_max_body_size=BODY_LIMIT,
        openapi_config=OpenAPIConfig(
            title="Ronda",
            version=VERSION,
            path="/api/schema",
            render_plugins=[JsonRenderPlugin()],
        ),
        lifespan=[partial(live, house, rooms, snapshots, refresher)],
        state=State({"house": house, "rooms": rooms, "refresher": refresher}),
        plugins=[Problems()],
    )
    app.asgi_handler = HeadLikeGet(app.asgi_handler)
    return app


@asynccontextmanager
async def live(
    house: House, rooms: Rooms, snapshots: Snapshots, refresher: Refresher, _app: Litestar
) -> AsyncIterator[None]:
    """Owns every task of the app; each is awaited on the way out."""
    tasks = [
        asyncio.create_task(house.courier.run(), name="courier"),
        asyncio.create_task(refresher.run(), name="calendars"),
        asyncio.create_task(
            in_calm(
                partial(retention.run, house.database, house.clock, data=house.settings.data)
            ),
            name="retention",
        ),
        asyncio.create_task(
            due.run(house.database, house.keys, house.clock, house.courier.nudge),
            name="due",
        ),
        asyncio.create_task(
            in_calm(
                partial(
                    reissues.run, house.database, house.keys, house.clock, house.courier.nudge
                )
            ),
            name="reissues",
        ),
    ]
    if url := house.settings.imap_url:
        collector = Collector(
            url,
            house.database,
            house.keys,
            house.courier,
            house.clock,
            us=house.settings.mail_from,
        )
        tasks.append(asyncio.create_task(collector.run(), name="collector"))
    try:
        async with rooms:
            for room in await snapshots.rooms():
                rooms.recall(room)
            yield
    finally:
        async with house.database.pause():
            for task in tasks:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await snapshots.close()
        await house.database.close()


async def in_calm(run: Callable[[], Awaitable[None]]) -> None:
    """What is done by the hour or the day can wait until everybody who was cut off is back."""
    await asyncio.sleep(CALM_SECONDS)
    await run()


async def hear(house: House, report: Report) -> None:
    """What comes back from the rooms; all that is kept of it."""
    async with house.database.write() as db:
        match report:
            case Removed(room, seat, device):
                await admission.note_removal(db, room, seat or "", device or "", now=house.now)
            case Ended(room, heads):
                await admission.note_heads(db, room, heads)
            case _:
                pass


def ice_for(settings: Settings, clock: Clock, seat: Pass) -> Ice:
    """Our own TURN servers or none; never somebody else's STUN server."""
    if not settings.turn_urls:
        return Ice(servers=(), policy="all")
    username, credential = credentials(settings.turn_secret, now=clock().timestamp())
    server = IceServer(urls=settings.turn_urls, username=username, credential=credential)
    return Ice(servers=(server,), policy="all" if seat.direct else "relay")


def open_mailer(settings: Settings) -> Mailer:
    if settings.mail_folder is not None:
        return FolderMailer(settings.mail_folder)
    return SmtpMailer(settings.smtp_url)
