"""What every answer tells browsers, and what requests that change something must bring."""

from http import HTTPStatus

from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException
from litestar.types import Message, Scope

from sessions.errors import NotAllowed
from sessions.settings import Settings
from sessions.web.cookies import SEAT, SESSION
from sessions.web.given import READS, AnyRequest

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "media-src 'self' blob: mediastream:",
        "connect-src 'self'{sockets}",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS = (
    "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), "
    "fullscreen=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "geolocation=(), payment=(), usb=(), browsing-topics=()"
)


class SafeHeaders:
    """
    Hears every message before it is sent; a header that a handler has set stays.

    No middleware: where the router finds no route, none is called.
    """

    def __init__(self, settings: Settings) -> None:
        sockets = " ws" + settings.public_url.removeprefix("http")
        self._headers = {
            "Content-Security-Policy": POLICY.format(sockets=sockets),
            "Permissions-Policy": PERMISSIONS,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex",
        }
        if settings.public_url.startswith("https:"):
            self._headers["Strict-Transport-Security"] = "max-age=63072000"

    async def __call__(self, message: Message, _scope: Scope) -> None:
        if message["type"] == "http.response.start":
            message.setdefault("headers", [])
            headers = MutableScopeHeaders.from_message(message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)


async def check_change(request: AnyRequest) -> None:
    """
    What a request that may change something has to bring, before anything reads it.

    Async only because Litestar runs everything else in a thread, for each request.
    """
    if request.method not in READS:
        check_origin(request)
        if "raw" not in request.route_handler.opt:
            check_json(request)


def check_origin(request: AnyRequest) -> None:
    """
    Refuse what another site made a browser send (RFC 6454 - 7.3. User Agent Requirements).

    Programs that are no browsers send no Origin; they may, as long as they bring no cookie.
    """
    settings: Settings = request.app.state.house.settings
    origin = request.headers.get("origin")
    brings_cookie = SESSION in request.cookies or SEAT in request.cookies
    if origin is None and not brings_cookie:
        return
    if origin != settings.public_url:
        raise NotAllowed("foreign_origin")


def check_json(request: AnyRequest) -> None:
    """Any page can send a form or plain text; JSON only where it is allowed to."""
    has_body = (
        request.headers.get("content-length", "0") != "0"
        or "transfer-encoding" in request.headers
    )
    if has_body and request.content_type[0] != "application/json":
        raise HTTPException(status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
