"""
Short-lived credentials for a TURN server that shares a secret with us.

As in "A REST API For Access To TURN Services" (draft-uberti-behave-turn-rest-00, section 2.2),
which coturn calls `use-auth-secret`. The user name is opaque: it says when it ends, not who.
"""

import base64
import hmac
import secrets
from typing import NamedTuple

SECONDS_AT_MOST = 600


class Credentials(NamedTuple):
    username: str
    credential: str


def credentials(
    secret: str, *, now: float, seconds: int = SECONDS_AT_MOST, opaque: str | None = None
) -> Credentials:
    expiry = int(now) + min(seconds, SECONDS_AT_MOST)
    username = f"{expiry}:{opaque or secrets.token_urlsafe(9)}"
    # SHA-1 is what the TURN server computes; as an HMAC it still holds.
    digest = hmac.digest(secret.encode(), username.encode(), "sha1")
    return Credentials(username, base64.b64encode(digest).decode())
