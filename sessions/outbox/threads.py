"""Which letters leave in order, and which need not be said any more."""

from datetime import datetime
from uuid import uuid4

from sessions.outbox.kinds import (
    AnyLetter,
    Booked,
    DateCancelled,
    DateChanged,
    DateRestored,
    Farewell,
    InLine,
    JoinAsked,
    PollAsked,
    Redrawn,
    Reminder,
    RoleChanged,
    RoleOffered,
    RoleTaken,
    RotaChanged,
    SeatOffered,
    SeriesCancelled,
    SeriesChanged,
    SeriesRestored,
    SignInLetter,
    Welcome,
)


def thread_of(letter: AnyLetter) -> str:
    match letter:
        case SignInLetter():
            return f"signin {uuid4()}"
        case Farewell():
            return f"farewell {uuid4()}"
        case JoinAsked():
            return f"ask {uuid4()}"
        case Welcome():
            return f"{letter.membership.hex} welcome"
        case Reminder() | SeatOffered() | InLine():
            # Nothing waits for these, and they wait for nothing.
            return f"{letter.membership.hex} soon {letter.series.hex}"
        case RoleOffered():
            return f"{letter.membership.hex} offer"
        case RoleChanged() | RoleTaken():
            return f"{letter.membership.hex} role"
        case PollAsked():
            return f"{letter.membership.hex} {letter.poll.hex}"
        case _:
            return f"{letter.membership.hex} {letter.series.hex}"


def good_until(letter: AnyLetter) -> datetime | None:
    """After which it is better not said at all."""
    match letter:
        case Reminder():
            return letter.starts
        case SeatOffered():
            return letter.until
        case _:
            return None


def overtakes(new: AnyLetter, old: AnyLetter) -> bool:
    """Whether `old`, of the same thread, need not be said any more when `new` is."""
    match new, old:
        case SeriesCancelled(), _:
            return True
        case (
            (SeriesRestored() | SeriesChanged()),
            (DateChanged() | DateRestored() | DateCancelled() | SeriesChanged() | Redrawn()),
        ):
            return True  # all of it is in there
        case SeriesRestored(), SeriesCancelled():
            return True
        case (
            (DateCancelled() | DateChanged() | DateRestored()),
            (DateCancelled() | DateChanged()),
        ):
            return new.original == old.original
        case ((DateCancelled() | DateRestored()), DateRestored()):
            return new.original == old.original
        case ((Booked() | Redrawn()), Redrawn()):
            return True
        case Reminder(), Reminder():
            return new.original == old.original
        case RotaChanged(), RotaChanged():
            return True
        case _:
            return False
