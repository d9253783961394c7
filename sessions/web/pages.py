"""
The pages: one HTML shell for all of them, and hashed assets that never change.

The start page can be read without JavaScript; it is rendered at build time in each language.
"""

import mimetypes
from functools import cache
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from sessions.errors import NotFound
from sessions.language import RIGHT_TO_LEFT, accepted
from sessions.web.given import AnyRequest, House

STATIC = Path(__file__).parent / "static"
SHELLS = (
    "/signin",
    "/in",
    "/home",
    "/circles/new",
    "/circles/{circle:str}",
    "/circles/{circle:str}/book",
    "/series/{series:str}",
    "/a",
    "/feed",
    "/j",
    "/room",
    "/after",
    "/privacy",
    "/help",
)
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
    language = _language(request)
    return _html(_shell(house, language, f"start.{language}.html"))


@get(list(SHELLS), include_in_schema=False)
async def shell(request: AnyRequest, house: NamedDependency[House]) -> Response[str]:
    return _html(_shell(house, _language(request), "index.html"))


@get("/bye", include_in_schema=False)
async def bye() -> Response[str]:
    """Where the quick exit leads: nothing to see."""
    return _html(BLANK)


@get("/assets/{name:str}", include_in_schema=False, cache=False)
async def asset(name: FromPath[str]) -> Response[bytes]:
    return _file(f"assets/{name}", cache_control=FOREVER)


@get(["/favicon.svg", "/manifest.webmanifest"], include_in_schema=False)
async def public_file(request: AnyRequest) -> Response[bytes]:
    return _file(request.url.path.removeprefix("/"), cache_control="no-cache")


def _html(text: str) -> Response[str]:
    return Response(text, media_type=HTML)


def _shell(house: House, language: str, name: str) -> str:
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    text = _text(name) or _text("index.html") or NOT_BUILT
    return text.replace(
        '<html lang="en" dir="ltr">', f'<html lang="{language}" dir="{direction}">', 1
    ).replace(
        '<meta name="exit-url" content=""',
        f'<meta name="exit-url" content="{escape(house.settings.exit_url)}"',
        1,
    )


def _language(request: AnyRequest) -> str:
    """What was chosen here before, or what the browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return accepted(chosen or request.headers.get("accept-language", ""))


def _file(name: str, *, cache_control: str) -> Response[Any]:
    body = _bytes(name)
    if body is None:
        raise NotFound
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(
        body,
        status_code=HTTPStatus.OK,
        media_type=kind,
        headers={"Cache-Control": cache_control},
    )


def _text(name: str) -> str | None:
    body = _bytes(name)
    return None if body is None else body.decode()


@cache
def _bytes(name: str) -> bytes | None:
    """From memory: the pages of a running server do not change."""
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC) or not path.is_file():
        return None
    return path.read_bytes()
