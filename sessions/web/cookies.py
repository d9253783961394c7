"""
Two cookies, and only these: who is signed in here, and which seat this device holds.

The prefix `__Host-` makes browsers insist on HTTPS (or localhost), on this very host and
on the whole of it, so that a neighbouring host can neither read nor plant one.
"""

from datetime import datetime
from typing import Any

from litestar.datastructures import Cookie

SESSION = "__Host-session"
SEAT = "__Host-seat"


def session_cookie(value: str, *, days: int) -> Cookie:
    return _cookie(SESSION, value, max_age=days * 86400)


def seat_cookie(value: bytes, *, now: datetime, until: datetime) -> Cookie:
    """Ends with the room."""
    return _cookie(SEAT, value.decode(), max_age=max(0, int((until - now).total_seconds())))


def ended(name: str) -> Cookie:
    return _cookie(name, "", max_age=0)


def _cookie(name: str, value: str, **options: Any) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        path="/",
        httponly=True,
        secure=True,
        samesite="strict",
        **options,
    )
