"""Who may do what, performed: every route and method with everybody who could ask."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import httpx
import pytest
from litestar.routes import HTTPRoute, WebSocketRoute

from sessions.app import create_app
from sessions.keys import Keys
from sessions.settings import Settings
from sessions.web import pages
from signaling.messages import ClientMessage
from signaling.room import powers
from tests.conftest import SECRET, SetClock
from tests.house import PUBLIC_URL, House, open_house
from tests.web.authorization.cast import (
    COLUMNS,
    ELSEWHERE,
    OPEN,
    Cast,
    Column,
    Hand,
    copied,
    gather_cast,
)
from tests.web.authorization.row import Row
from tests.web.authorization.rows import ROWS

KEYS = Keys((SECRET,))
FACILITATOR, ADMITTED = {"facilitator"}, {"facilitator", "member", "guest"}
MESSAGES = {
    "hello": set(),
    "admit": FACILITATOR,
    "admitall": FACILITATOR,
    "remove": FACILITATOR,
    "end": FACILITATOR,
    "chat": ADMITTED,
    "hand": ADMITTED,
    "devices": ADMITTED,
    "describe": ADMITTED,
    "candidate": ADMITTED,
    "renew": ADMITTED,
    "leave": ADMITTED | {"lobby"},
}


def house_settings(data: Path) -> Settings:
    return Settings(data=data, public_url=PUBLIC_URL, database_url=f"sqlite:///{data}/ronda.db")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    data = tmp_path_factory.mktemp("cast")
    (data / "ronda.db").write_bytes(sqlite_template.read_bytes())
    return data


@pytest.fixture(scope="module")
def cast(template: Path) -> Cast:
    return asyncio.run(gather_cast(house_settings(template), KEYS))


def test_every_route_has_a_row_and_every_row_a_route(tmp_path: Path) -> None:
    app = create_app(house_settings(tmp_path), KEYS)
    routes = {
        f"{method} {route.path_format}"
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }

    assert {row.name for row in ROWS} == routes
    assert len(ROWS) == len(routes)
    assert [r.path for r in app.routes if isinstance(r, WebSocketRoute)] == ["/socket"]


def test_every_message_of_the_socket_has_a_row() -> None:
    table = {
        kind.__struct_config__.tag: set(standings) for kind, standings in powers.TABLE.items()
    }

    assert table == MESSAGES
    assert {kind.__struct_config__.tag for kind in get_args(ClientMessage)} == set(MESSAGES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_each_column_gets_the_answer_of_the_table(
    row: Row, cast: Cast, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "STATIC", tmp_path / "nothing built")
    settings = copied(house_settings(tmp_path), template / "ronda.db")

    async with open_house(settings, KEYS, SetClock(OPEN)) as house:
        got = {
            column: (await ask(house, row, cast.hands[column], cast.places)).status_code
            for column in COLUMNS
        }

    assert got == {column: row.expects(column) for column in COLUMNS}


STRANGE = [row for row in ROWS if "{" in row.path and row.elsewhere == 404 and row.out == 401]


@pytest.mark.parametrize("row", STRANGE, ids=lambda row: row.name)
async def test_what_is_not_yours_looks_like_what_does_not_exist(
    row: Row, cast: Cast, template: Path, tmp_path: Path
) -> None:
    settings = copied(house_settings(tmp_path), template / "ronda.db")
    nowhere = {name: str(uuid4()) for name in cast.places} | {"original": "2026-03-17T19:00:00"}

    async with open_house(settings, KEYS, SetClock(OPEN)) as house:
        for column in askers(row):
            foreign = await ask(house, row, cast.hands[column], cast.places)
            missing = await ask(house, row, cast.hands[column], nowhere)
            assert foreign.status_code == missing.status_code == 404
            assert foreign.content == missing.content
            assert sorted(foreign.headers.items()) == sorted(missing.headers.items())


def askers(row: Row) -> tuple[Column, ...]:
    return (*ELSEWHERE, "member") if row.member == 404 else ELSEWHERE


async def test_the_matrix_would_see_an_open_door(
    cast: Cast, template: Path, tmp_path: Path
) -> None:
    settings = copied(house_settings(tmp_path), template / "ronda.db")
    row = Row("GET", "/api/circles/{circle}", 401, 404, 200, 200)

    async with open_house(settings, KEYS, SetClock(OPEN)) as house:
        mine = await ask(house, row, cast.hands["facilitator"], cast.places)
        theirs = await ask(house, row, cast.hands["member of another circle"], cast.places)

    assert (mine.status_code, theirs.status_code) == (200, 404)


async def ask(house: House, row: Row, hand: Hand, places: Mapping[str, str]) -> httpx.Response:
    names = {**places, "token": hand.token}
    path = filled(row.at or row.path, names)
    async with house.browser() as browser:
        for name, value in hand.cookies.items():
            browser.client.cookies.set(name, value, domain="ronda.test", path="/")
        return await browser.client.request(
            row.method, path, json=None if row.body is None else filled(row.body, names)
        )


def filled(value: Any, names: Mapping[str, str]) -> Any:
    """Puts names into paths and bodies, however deep."""
    if isinstance(value, str):
        return value.format_map(names)
    if isinstance(value, Mapping):
        return {key: filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    return value
