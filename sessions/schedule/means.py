"""What a change means: who hears of it and how, and what becomes of the plan."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from sessions.circles import Membership
from sessions.people import Person

How = Literal["mail", "feed"]
Said = Literal["request", "one_date", "cancel", "new_series"]
Why = Literal["begun", "asked_anew", "date_asked_anew", "out_of_turn", "for_nobody"]


class Notice(NamedTuple):
    """One thing said to one person; a feed says it without being asked to."""

    membership: Membership
    person: Person
    how: How
    said: Said


@dataclass(slots=True, kw_only=True)
class Means:
    """Filled while a change is carried out; what a rehearsal gives is the promise."""

    notices: list[Notice] = field(default_factory=list)
    ends: datetime | None = None
    """The last date of the series that ends where another begins."""
    begins: datetime | None = None
    kept: int = 0
    """Changed dates that stay changed."""
    dropped: list[datetime] = field(default_factory=list)
    """Originals of changed dates that the new plan has not."""
    why: list[Why] = field(default_factory=list)

    @property
    def people(self) -> int:
        return len({notice.membership.id for notice in self.notices})

    @property
    def mails(self) -> int:
        return sum(notice.how == "mail" for notice in self.notices)
