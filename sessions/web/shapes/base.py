"""
What all JSON that goes in and out is made of.

Instants are UTC; `original`, `start`, `local` and `to` are naive wall time in the zone of
their series.
"""

from datetime import UTC, datetime
from typing import Annotated

from litestar.params import KwargDefinition
from msgspec import Meta, Struct


class _Format(KwargDefinition):
    """Hashable, as `WallTime | None` needs it; its dict is not."""

    def __hash__(self) -> int:
        return id(self)


WallTime = Annotated[datetime, _Format(schema_extra={"format": "date-time-local"})]
"""OpenAPI Format Registry: date-time-local. What a clock on the wall shows, without a zone."""
Line = Annotated[str, Meta(max_length=120)]
Name = Annotated[str, Meta(max_length=80)]
AddressText = Annotated[str, Meta(min_length=1, max_length=254)]
ZoneName = Annotated[str, Meta(min_length=1, max_length=64)]
Token = Annotated[str, Meta(min_length=1, max_length=200)]


class Shape(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what comes in: an unknown field is a mistake, and said to be one."""


class View(Struct, frozen=True, kw_only=True):
    """Base of what goes out."""


class Nothing(Shape, frozen=True, kw_only=True):
    pass


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


class TokenShape(Shape, frozen=True, kw_only=True):
    token: Token
