"""
The letters in the mail folder, to be read in a browser on this machine only.

They hold sign-in links, so they are shown only without a mail server, under a localhost
address, on loopback, to a request whose Host says so and that no proxy has passed on.
"""

import asyncio
import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from sessions.errors import NotFound
from sessions.settings import LOCAL_HOSTS
from sessions.web.given import AnyRequest, House

FORWARDING = (
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "via",
)
NAME = re.compile(r"[0-9A-Za-z-]{1,64}\.eml")
LINK = re.compile(r"https?://[^\s<]+")
SHOWN = 100


@get("/dev/mail", include_in_schema=False)
async def letters(request: AnyRequest, house: NamedDependency[House]) -> Response[str]:
    folder = _folder(request, house)
    rows = await asyncio.to_thread(_rows, folder)
    return _page("Letters", f"<h1>Letters</h1><ul>{''.join(rows) or '<li>None yet.'}</ul>")


@get("/dev/mail/{name:str}", include_in_schema=False)
async def letter(
    request: AnyRequest, house: NamedDependency[House], name: FromPath[str]
) -> Response[str]:
    path = _folder(request, house) / name
    if not NAME.fullmatch(name) or not await asyncio.to_thread(path.is_file):
        raise NotFound
    message = await asyncio.to_thread(_read, path)
    text = message.get_body(("plain",))
    calendars = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    body = LINK.sub(_link, escape(text.get_content() if text else ""))
    head = "<br>".join(
        escape(f"{key}: {message[key]}") for key in ("From", "To", "Subject", "Date")
    )
    invite = "".join(
        f"<h2>text/calendar</h2><pre>{escape(p.get_content())}</pre>" for p in calendars
    )
    return _page(
        "Letter", f'<p><a href="/dev/mail">All letters</a><p>{head}<pre>{body}</pre>{invite}'
    )


def _folder(request: AnyRequest, house: House) -> Path:
    """Raises `NotFound` wherever somebody else might be reading."""
    settings = house.settings
    host = _host(request.headers.get("host", ""))
    forwarded = any(name in request.headers for name in FORWARDING)
    client = request.client.host if request.client else ""
    local = settings.is_local and host in LOCAL_HOSTS and client in LOCAL_HOSTS
    if settings.mail_folder is None or forwarded or not local:
        raise NotFound
    return settings.mail_folder


def _host(header: str) -> str | None:
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None


def _rows(folder: Path) -> list[str]:
    paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [_row(path) for path in paths[:SHOWN]]


def _row(path: Path) -> str:
    message = _read(path)
    words = escape(f"{message['Subject']} → {message['To']}")
    return f'<li><a href="/dev/mail/{path.name}">{words}</a>'


def _read(path: Path) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(path.read_bytes())


def _link(match: re.Match[str]) -> str:
    return f'<a href="{match.group()}">{match.group()}</a>'


def _page(title: str, body: str) -> Response[str]:
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width">{body}'
    )
    return Response(text, media_type="text/html")
