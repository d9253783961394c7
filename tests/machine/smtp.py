"""A mail server that really speaks SMTP (aiosmtpd), in the test's own event loop."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from tests.fakes import Delivered


class PostOffice:
    """Takes letters, or answers what it was told to answer."""

    def __init__(self) -> None:
        self.letters: list[Delivered] = []
        self.to_sender = self.to_recipient = self.to_data = "250 OK"
        self.hangs_up = False
        """After it has taken a letter, before it says so."""
        self.password: bytes | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def takes_password(self, _server: object, _session: object, *rest: Any) -> AuthResult:
        return AuthResult(success=rest[-1].password == self.password, handled=False)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name for it
        self, _server: SMTP, _session: object, envelope: Envelope, sender: str, *_: object
    ) -> str:
        envelope.mail_from = sender
        return self.to_sender

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: object, envelope: Envelope, to: str, *_: object
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: object, envelope: Envelope
    ) -> str:
        if self.to_data.startswith("250"):
            [to] = envelope.rcpt_tos
            message: bytes = envelope.original_content  # type: ignore[assignment]
            self.letters.append(Delivered(message, str(envelope.mail_from), to))
        if self.hangs_up:
            transport: Any = server.transport
            transport.abort()
        return self.to_data


@asynccontextmanager
async def post_office(*, password: bytes | None = None) -> AsyncIterator[PostOffice]:
    office = PostOffice()
    office.password = password
    loop = asyncio.get_running_loop()
    options: dict[str, Any] = {"hostname": "post.test", "loop": loop}
    if password is not None:
        options |= {
            "authenticator": office.takes_password,
            "auth_required": True,
            "auth_require_tls": False,
        }
    server = await loop.create_server(lambda: _smtp(office, options), "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await server.wait_closed()


def _smtp(office: PostOffice, options: dict[str, Any]) -> SMTP:
    with warnings.catch_warnings():
        # It warns of passwords without TLS; here they do not leave the machine.
        warnings.simplefilter("ignore", UserWarning)
        return SMTP(office, **options)
