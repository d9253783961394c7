"""
The pages: one HTML shell for all of them, and hashed assets that never change.

The start page and the help can be read without JavaScript; they are rendered at build time
in each language.
Only assets are sent compressed: they are the same for everybody and hold nothing of anybody.
"""

import gzip
import mimetypes
from collections.abc import Mapping
from functools import cache
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from sessions.errors import NotFound
from sessions.language import RIGHT_TO_LEFT, accepted
from sessions.web import problems
from sessions.web.copies import takes_gzip
from sessions.web.given import READS, AnyRequest, House

STATIC = Path(__file__).parent / "static"
SHELLS = (
    "/signin",
    "/in",
    "/home",
    "/circles/new",
    "/circles/{circle:str}",
    "/circles/{circle:str}/book",
    "/circles/{circle:str}/poll",
    "/polls/{poll:str}",
    "/series/{series:str}/rota",
    "/series/{series:str}/{original:str}",
    "/ask",
    "/series/{series:str}",
    "/a",
    "/feed",
    "/calendars",
    "/j",
    "/room",
    "/after",
    "/privacy",
    "/help",
)
NOT_PAGES = frozenset({"api", "assets", "dev", "feed", "healthz", "socket"})
"""First parts of addresses that programs ask for, and that have no page to show."""
FOREVER = "public, max-age=31536000, immutable"
HTML = "text/html"
BLANK = '<!doctype html><meta charset="utf-8"><title></title>'
LANGUAGE_COOKIE = "language"
NOT_BUILT = (
    '<!doctype html><meta charset="utf-8"><title>Ronda</title>'
    "<p>The pages are not built yet: run <code>make build</code>."
)


def page_routes() -> list[HTTPRouteHandler]:
    return [start, shell, bye, asset, public_file]


@get("/", include_in_schema=False)
async def start(request: AnyRequest, house: NamedDependency[House]) -> Response[str]:
    language = language_of(request)
    return _html(_shell(house, language, f"start.{language}.html"))


@get(list(SHELLS), include_in_schema=False)
async def shell(request: AnyRequest, house: NamedDependency[House]) -> Response[str]:
    language = language_of(request)
    ready_made = {"/j": "join.html", "/help": f"help.{language}.html"}
    return _html(_shell(house, language, ready_made.get(request.url.path, "index.html")))


@get("/bye", include_in_schema=False)
async def bye() -> Response[str]:
    """Where the quick exit leads: nothing to see."""
    return _html(BLANK)


@get("/assets/{name:str}", include_in_schema=False)
async def asset(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    return _file(request, f"assets/{name}", cache_control=FOREVER)


@get(["/favicon.svg", "/manifest.webmanifest", "/open.css"], include_in_schema=False)
async def public_file(request: AnyRequest) -> Response[bytes]:
    return _file(request, request.url.path.removeprefix("/"), cache_control="no-cache")


def unknown_page(request: AnyRequest, error: NotFoundException) -> Response[Any]:
    """A person gets the page that says so, a program a problem document."""
    first = request.url.path.split("/")[1]
    if request.method not in READS or first in NOT_PAGES:
        return problems.from_http(request, error)
    house: House = request.app.state.house
    text = _shell(house, language_of(request), "index.html")
    return _html(text, status=HTTPStatus.NOT_FOUND)


def _html(text: str, *, status: HTTPStatus = HTTPStatus.OK) -> Response[str]:
    return Response(text, media_type=HTML, status_code=status)


def _shell(house: House, language: str, name: str) -> str:
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    text = text_of(name) or text_of("index.html") or NOT_BUILT
    return text.replace(
        '<html lang="en" dir="ltr">', f'<html lang="{language}" dir="{direction}">', 1
    ).replace(
        '<meta name="exit-url" content=""',
        f'<meta name="exit-url" content="{escape(house.settings.exit_url)}"',
        1,
    )


def language_of(request: AnyRequest) -> str:
    """What was chosen here before, or what the browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return accepted(chosen or request.headers.get("accept-language", ""))


class File(NamedTuple):
    body: bytes
    packed: bytes
    """The same, compressed with gzip."""


@cache
def files(folder: Path) -> Mapping[str, File]:
    """
    Read once: the pages of a running server do not change.

    Whatever name is asked for, it is looked up here and never on the disk.
    """
    return {
        path.relative_to(folder).as_posix(): _read(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _read(path: Path) -> File:
    body = path.read_bytes()
    return File(body, gzip.compress(body, mtime=0))


def _file(request: AnyRequest, name: str, *, cache_control: str) -> Response[bytes]:
    found = files(STATIC).get(name)
    if found is None:
        raise NotFound
    headers = {"Cache-Control": cache_control, "Vary": "Accept-Encoding"}
    body = found.body
    if len(found.packed) < len(body) and takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        body = found.packed
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(body, media_type=kind, headers=headers)


def text_of(name: str) -> str | None:
    found = files(STATIC).get(name)
    return None if found is None else found.body.decode()
