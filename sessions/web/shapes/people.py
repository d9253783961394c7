"""Persons, how they sign in, and what is theirs."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from sessions.language import Locale
from sessions.people import Detail, Minutes
from sessions.web.shapes.base import AddressText, Name, Shape, Token, View, ZoneName


class PersonView(View, frozen=True, kw_only=True):
    id: UUID
    name: str
    locale: Locale
    zone: str
    detail: Detail
    summary: str | None
    reminders: list[Minutes]
    """Minutes before each date."""
    address: str
    """Masked."""
    passkeys: int


class WhoView(View, frozen=True, kw_only=True):
    person: PersonView | None
    can_hide_addresses: bool
    """Whether this server has a relay, so that a new circle may hide addresses."""


class PersonChange(Shape, frozen=True, kw_only=True):
    name: Name | None = None
    locale: Locale | None = None
    zone: ZoneName | None = None
    detail: Detail | None = None
    summary: Name | None = None
    reminders: Annotated[list[Minutes], Meta(max_length=6)] | None = None


class SignedInView(View, frozen=True, kw_only=True):
    id: UUID
    created_at: datetime
    last_seen_at: datetime
    current: bool


class AskForLink(Shape, frozen=True, kw_only=True):
    address: AddressText
    locale: Locale = "en"
    zone: ZoneName = "UTC"


class MaskedAddress(View, frozen=True, kw_only=True):
    address: str


class PasskeyView(View, frozen=True, kw_only=True):
    id: UUID
    label: str
    created_at: datetime
    last_used_on: date | None


class ChallengeView(View, frozen=True, kw_only=True):
    challenge_id: str
    options: dict[str, object]


class PasskeyAnswer(Shape, frozen=True, kw_only=True):
    challenge_id: Token
    credential: dict[str, object]


class NewPasskey(PasskeyAnswer, frozen=True, kw_only=True):
    label: Name = ""
