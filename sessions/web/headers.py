"""What every answer tells browsers, and what requests that change something must bring."""

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

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
    """ASGI middleware; a header that a handler has set stays."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                headers = MutableScopeHeaders.from_message(message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def check_origin(request: AnyRequest) -> None:
    """
    Refuse what another site made a browser send (RFC 6454 - 7.3. User Agent Requirements).

    Programs that are no browsers send no Origin; they may, as long as they bring no cookie.
    """
    if request.method in READS:
        return
    settings: Settings = request.app.state.house.settings
    origin = request.headers.get("origin")
    brings_cookie = SESSION in request.cookies or SEAT in request.cookies
    if origin is None and not brings_cookie:
        return
    if origin != settings.public_url:
        raise NotAllowed("foreign_origin")
