"""Mails that a mail server hands over by HTTP, for those who cannot give us a mailbox."""

import hmac

from litestar import post
from litestar.di import NamedDependency

from sessions import inbound
from sessions.errors import NotFound, NotSignedIn
from sessions.web.given import RAW_BODY, AnyRequest, House


@post(
    "/api/inbound/mail",
    status_code=202,
    tags=("inbound",),
    summary="Hand over a mail as it came in (RFC 5322), with the secret as bearer token",
    opt=RAW_BODY,
    request_max_body_size=inbound.MOST_BYTES,
)
async def inbound_mail(house: NamedDependency[House], request: AnyRequest) -> None:
    """The same answer to every mail: what becomes of it is not for whoever hands it over."""
    _check_secret(house.settings.inbound_secret, request)
    raw = await request.body()
    recipients = request.headers.getall("x-original-to", [])
    await inbound.receive(house.database, house.keys, raw, recipients=recipients, now=house.now)
    house.courier.nudge()


def _check_secret(secret: str, request: AnyRequest) -> None:
    """RFC 6750 - 2.1. Authorization Request Header Field"""
    if not secret:
        raise NotFound
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), secret.encode()):
        raise NotSignedIn
