"""HEAD is answered like GET, but without the body (RFC 9110 - 9.3.2. HEAD)."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


class HeadLikeGet:
    """Stands before the router, so that every route answers HEAD without saying so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A copy: the server must go on knowing that it was a HEAD.
        await self._app({**scope, "method": "GET"}, receive, send_without_body)
