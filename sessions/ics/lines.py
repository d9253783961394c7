"""Content lines as icalendar writes them, in half the time: it folds letter by letter."""

from typing import Any

import icalendar
from icalendar.parser import Contentline

LONGEST = 74
"""Octets, and the space that a folded line begins with (RFC 5545 - 3.1. Content Lines)."""


def written(component: icalendar.Component) -> bytes:
    lines = [_folded(_line(name, value)) for name, value in component.property_items()]
    return b"\r\n".join([*lines, b""])


def _line(name: str, value: Any) -> bytes:
    """A component's name comes as bytes, all else as what can write itself."""
    if isinstance(value, bytes):
        return name.encode() + b":" + value
    params: icalendar.Parameters = value.params
    said = b";" + params.to_ical() if params else b""
    text: bytes = value.to_ical()
    return name.encode() + said + b":" + text


def _folded(octets: bytes) -> bytes:
    if b"\n" in octets:
        raise AssertionError("A line that would begin another one.")
    if len(octets) <= LONGEST:
        return octets
    if not octets.isascii() or b"\\" in octets or b"^" in octets:
        # A character, or an escape, must not be split.
        return bytes(Contentline(octets).to_ical())  # type: ignore[no-untyped-call]
    starts = range(0, len(octets), LONGEST)
    return b"\r\n ".join(octets[start : start + LONGEST] for start in starts)
