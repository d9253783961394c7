"""What can be said, and to whom; the words come when a letter is written."""

from datetime import datetime
from uuid import UUID

import msgspec

from sessions.language import Locale


class Letter(msgspec.Struct, frozen=True, tag_field="kind", tag=str.lower):
    """Base of all letters: what is said to whom; the words come when it is written."""


class SignInLetter(Letter, frozen=True):
    address: str
    token: str
    locale: Locale


class ToMember(Letter, frozen=True):
    """Base of what is said to one of a circle's people."""

    membership: UUID


class Welcome(ToMember, frozen=True):
    """Invited to a circle that has no dates yet."""

    generation: int
    """Of the membership: who was let go and comes back is welcomed again."""
    again: str = ""
    """The day on which it was asked for once more, ISO 8601; empty the first time."""


class Booked(ToMember, frozen=True):
    """RFC 5546 - 3.2.2. REQUEST for a whole series."""

    series: UUID
    sequence: int
    again: str = ""
    """As in `Welcome`: the mail was lost, the revision is the same."""


class DateChanged(ToMember, frozen=True):
    """One date was moved; `original` is wall time, ISO 8601."""

    series: UUID
    original: str
    sequence: int


class DateRestored(ToMember, frozen=True):
    """A date takes place as first planned; said with the whole series, see `letters`."""

    series: UUID
    original: str
    sequence: int


class DateCancelled(ToMember, frozen=True):
    series: UUID
    original: str
    sequence: int


class SeriesCancelled(ToMember, frozen=True):
    series: UUID
    sequence: int


class SeriesChanged(ToMember, frozen=True):
    """RFC 5546 - 3.2.2. REQUEST, with the rule and all dates that are different."""

    series: UUID
    sequence: int
    original: str = ""
    """Of the one date that has changed, where it is said with all of them, see `rations`."""


class SeriesRestored(ToMember, frozen=True):
    """A cancelled series takes place after all."""

    series: UUID
    sequence: int


class Redrawn(ToMember, frozen=True):
    """The same dates in other words: what the person wants to be seen has changed."""

    series: UUID
    sequence: int
    renewed: bool = False
    """Or no other words at all: a series without an end is told again once a year."""


class Farewell(Letter, frozen=True):
    """
    RFC 5546 - 3.2.5. CANCEL for somebody who deletes themself: all of it stands in here,
    sealed, for when it is written nothing is known of them any more.
    """

    address: str
    sender: str
    locale: Locale
    summary: str
    calendar: str


class CounterDeclined(ToMember, frozen=True):
    """RFC 5546 - 3.2.8. DECLINECOUNTER: the time that this person proposed is not taken."""

    series: UUID
    original: str
    """Empty: for the whole series."""
    sequence: int
    proposed_at: str
    """When, ISO 8601: each proposal is declined by itself."""


class RotaChanged(ToMember, frozen=True):
    """Somebody facilitates other dates than before, and their calendar does not say so."""

    series: UUID
    sequence: int


class RotaAsked(ToMember, frozen=True):
    """A colleague asks to change dates."""

    series: UUID
    swap: UUID


class RoleOffered(ToMember, frozen=True):
    """Somebody is asked to facilitate the circle."""

    day: str
    """On which, ISO 8601: asked again on the same day, nobody is mailed again."""


class RoleChanged(ToMember, frozen=True):
    """Somebody facilitates the circle no more, by the word of another."""

    change: UUID
    """Each is told by itself."""


class RoleTaken(ToMember, frozen=True):
    """Somebody else facilitates the circle as well, and has said yes to it."""

    colleague: UUID
    change: UUID
    """As in `RoleChanged`."""


class PollAsked(ToMember, frozen=True):
    """Which of some times suit."""

    poll: UUID


class Reminder(ToMember, frozen=True):
    """One per date and choice of the person; where a moved date now starts, it is another."""

    series: UUID
    original: str
    starts: datetime
    minutes: int
    """How long before."""


class SeatOffered(ToMember, frozen=True):
    """A place has become free for somebody who waits."""

    series: UUID
    original: str
    """Empty: a place on all dates."""
    at: datetime
    until: datetime | None
    """So long it is kept; `None`: it is theirs, for there is no limit any more."""


class InLine(ToMember, frozen=True):
    """A yes that came by mail has to wait for a place, which no page could say."""

    series: UUID
    original: str
    """Empty: for a place on all dates."""
    since: datetime


class JoinAsked(Letter, frozen=True):
    """Somebody, perhaps the owner of this address, asks an open circle to be let in."""

    address: str
    token: str
    locale: Locale


DateLetter = DateChanged | DateRestored | DateCancelled
WholeLetter = Booked | SeriesChanged | SeriesRestored
"""What tells all that is known of a series when it is written: no later letter need leave."""
SeriesLetter = WholeLetter | Redrawn | DateLetter | SeriesCancelled
RotaLetter = RotaChanged | RotaAsked
AnyLetter = (
    SignInLetter
    | Farewell
    | Welcome
    | SeriesLetter
    | CounterDeclined
    | RotaLetter
    | RoleOffered
    | RoleChanged
    | RoleTaken
    | PollAsked
    | Reminder
    | SeatOffered
    | InLine
    | JoinAsked
)
