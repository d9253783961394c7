"""
The JSON that goes in and out, by its meaning.

Instants are UTC; `original`, `start`, `local` and `to` are naive wall time in the zone of
their series.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar.params import KwargDefinition
from msgspec import Meta, Struct, field

from sessions.admission import State as DoorState
from sessions.circles import MAX_SEATS, MIN_SEATS, Openness, Role
from sessions.invites import MailState
from sessions.invites import Word as AnswerWord
from sessions.language import Locale
from sessions.people import Detail

Weekday = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

WallTime = Annotated[datetime, KwargDefinition(schema_extra={"format": "date-time-local"})]
"""OpenAPI Format Registry: date-time-local. What a clock on the wall shows, without a zone."""

Line = Annotated[str, Meta(max_length=120)]
Name = Annotated[str, Meta(max_length=80)]
AddressText = Annotated[str, Meta(min_length=1, max_length=254)]
ZoneName = Annotated[str, Meta(min_length=1, max_length=64)]
Token = Annotated[str, Meta(min_length=1, max_length=200)]
Languages = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=35)]], Meta(max_length=12)
]
AgreementText = Annotated[str, Meta(max_length=8000)]
Seats = Annotated[int, Meta(ge=MIN_SEATS, le=MAX_SEATS)]
Purpose = Annotated[str, Meta(max_length=2000)]


class Shape(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what comes in: an unknown field is a mistake, and said to be one."""


class View(Struct, frozen=True, kw_only=True):
    """Base of what goes out."""


class Nothing(Shape, frozen=True, kw_only=True):
    pass


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


class PersonView(View, frozen=True, kw_only=True):
    id: UUID
    name: str
    locale: Locale
    zone: str
    detail: Detail
    summary: str | None
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


class SignedInView(View, frozen=True, kw_only=True):
    id: UUID
    created_at: datetime
    last_seen_at: datetime
    current: bool


class AskForLink(Shape, frozen=True, kw_only=True):
    address: AddressText
    locale: Locale = "en"
    zone: ZoneName = "UTC"


class TokenShape(Shape, frozen=True, kw_only=True):
    token: Token


class MaskedAddress(View, frozen=True, kw_only=True):
    address: str


class FeedView(View, frozen=True, kw_only=True):
    url: str
    webcal: str
    last_used_on: date | None


class AgreementView(View, frozen=True, kw_only=True):
    version: int
    text: str


class AgreementShape(Shape, frozen=True, kw_only=True):
    text: AgreementText


class CircleChange(Shape, frozen=True, kw_only=True):
    """What is left out stays as it is."""

    name: Line | None = None
    purpose: Purpose | None = None
    languages: Languages | None = None
    openness: Openness | None = None
    seats: Seats | None = None
    hide_addresses: bool | None = None


class NewCircle(Shape, frozen=True, kw_only=True):
    name: Line
    purpose: Purpose = ""
    languages: Languages = []
    openness: Openness = "invitation"
    seats: Seats = 12
    hide_addresses: bool | None = None
    """Left out: hidden wherever the server can."""
    agreement: AgreementText = ""


class CircleView(View, frozen=True, kw_only=True):
    id: UUID
    name: str
    purpose: str
    languages: list[str]
    openness: Openness
    seats: int
    hide_addresses: bool
    can_hide_addresses: bool
    role: Role
    agreement: AgreementView
    members: int | None
    """Facilitators see how many; nobody else does."""


class MemberView(View, frozen=True, kw_only=True):
    id: UUID
    name: str
    address: str
    """Masked."""
    role: Role
    invited_at: datetime
    answer: AnswerWord | None
    ended: bool
    mail: MailState | None


class Invitations(Shape, frozen=True, kw_only=True):
    addresses: Annotated[
        list[Annotated[str, Meta(max_length=254)]], Meta(min_length=1, max_length=50)
    ]
    locale: Locale | None = None


class InvitedView(View, frozen=True, kw_only=True):
    invited: int
    already: int


class RuleShape(Shape, frozen=True, kw_only=True):
    weekdays: Annotated[list[Weekday], Meta(max_length=7)]
    interval: int = 1
    count: int | None = None
    until: date | None = None


class PatternShape(Shape, frozen=True, kw_only=True):
    start: WallTime
    zone: ZoneName
    minutes: int
    rule: RuleShape | None = None


class NewSeries(PatternShape, frozen=True, kw_only=True):
    title: Line


class PreviewShape(PatternShape, frozen=True, kw_only=True):
    zones: Annotated[list[ZoneName], Meta(max_length=8)] = []
    count: Annotated[int, Meta(ge=1, le=60)] = 12


class LocalTime(View, frozen=True, kw_only=True):
    zone: str
    local: WallTime


class PreviewDate(View, frozen=True, kw_only=True):
    original: WallTime
    starts_at: datetime
    in_: list[LocalTime] = field(name="in")


class ShiftNote(View, frozen=True, kw_only=True):
    zone: str
    original: WallTime
    shift_minutes: int


class PreviewView(View, frozen=True, kw_only=True):
    dates: list[PreviewDate]
    notes: list[ShiftNote]


class OccurrenceView(View, frozen=True, kw_only=True):
    original: WallTime
    starts_at: datetime
    ends_at: datetime
    local: WallTime
    cancelled: bool
    moved: bool


class SeriesView(View, frozen=True, kw_only=True):
    id: UUID
    circle: UUID
    title: str
    start: WallTime
    zone: str
    minutes: int
    rule: RuleShape | None
    sequence: int
    cancelled: bool
    role: Role
    """What the asker is in its circle."""
    next: list[OccurrenceView]


class MoveTo(Shape, frozen=True, kw_only=True):
    to: WallTime


class UpcomingView(View, frozen=True, kw_only=True):
    series: UUID
    circle: UUID
    circle_name: str
    title: str
    original: WallTime
    starts_at: datetime
    ends_at: datetime
    zone: str
    role: Role
    cancelled: bool
    moved: bool
    answer: AnswerWord | None
    ticket_url: str
    opens_at: datetime
    open: bool


class AnswerShape(Shape, frozen=True, kw_only=True):
    series: UUID
    answer: AnswerWord
    original: datetime | None = None


class AnswerByLink(AnswerShape, frozen=True, kw_only=True):
    token: Token


class DateToAnswer(View, frozen=True, kw_only=True):
    series: UUID
    title: str
    original: WallTime
    starts_at: datetime
    ends_at: datetime
    zone: str
    cancelled: bool
    answer: AnswerWord | None


class AnswersView(View, frozen=True, kw_only=True):
    name: str
    circle_name: str
    person: str
    """Masked address."""
    dates: list[DateToAnswer]
    whole: dict[str, AnswerWord | None]
    """Answer to each series as a whole, by its id."""
    join_url: str


class NextDate(View, frozen=True, kw_only=True):
    starts_at: datetime
    minutes: int
    zone: str


class OpenCircleView(View, frozen=True, kw_only=True):
    id: UUID
    name: str
    purpose: str
    languages: list[str]
    next: NextDate | None


class TicketShape(Shape, frozen=True, kw_only=True):
    ticket: Token


class JoinShape(TicketShape, frozen=True, kw_only=True):
    name: Name
    agreement: int | None = None


class DoorAgreement(AgreementView, frozen=True, kw_only=True):
    accepted: bool


class LaterDate(View, frozen=True, kw_only=True):
    starts_at: datetime


class DoorView(View, frozen=True, kw_only=True):
    state: DoorState
    circle_name: str
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    opens_at: datetime | None
    zone: str | None
    name: str
    role: Role
    agreement: DoorAgreement
    direct: bool
    """Other people's browsers learn this one's network address."""
    next: LaterDate | None
    """The date after the one at the door."""


class PassView(View, frozen=True, kw_only=True):
    pass_: str = field(name="pass")
    socket: str


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
