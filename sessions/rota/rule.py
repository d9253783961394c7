"""
Whose turn a date is. Pure: no clock, no database.

A turn is `every` dates long, and the one whose turn is over goes to the end of the queue.
Then, in the words of the page:

* Set by hand, or swapped: that date alone changes. The turn it would have been is used up, so
  that nobody else's dates move.
* Left out by somebody: the next in the queue takes the date, and whoever left it out stays in
  front and takes the one after. So the load stays even; usually the two have just changed
  places.
* Cancelled: nobody's, but the turn is used up. A cancellation, and taking it back, moves
  nobody's dates either.
* Skipped from the first (a holiday): no turn at all.
* Who does not facilitate any more: their turns stay, as gaps that somebody has to fill.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

By = Literal["order", "hand", "swap"]
NOBODY: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """In turn, `every` dates each; from the date `start_at` on."""

    order: tuple[UUID, ...]
    every: int
    start_at: datetime
    """The original start of a date."""
    remaining: tuple[int, ...] = ()
    """How many dates of their turn each still has, where turns have begun; else all."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who has a date, whatever the order says; `None`: nobody yet."""

    who: UUID | None
    by: By


@dataclass(frozen=True, slots=True)
class Turn:
    """One date of the series, found by its original start."""

    original: datetime
    cancelled: bool = False
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    original: datetime
    who: UUID | None
    """`None`: a gap, or a date that does not take place."""
    by: By = "order"


def on_duty(
    plan: Plan | None,
    dates: Iterable[Turn],
    *,
    chosen: Mapping[datetime, Chosen],
    left_out: Mapping[datetime, Collection[UUID]],
    facilitators: Collection[UUID],
) -> Iterator[Duty]:
    """
    Yield the duty of each date, in the order given: that of the original starts.

    Of `dates` none since `plan.start_at` may be missing, or the turns would be miscounted.
    """
    queue = _Queue(plan)
    for date in dates:
        turn = None
        if plan and date.original >= plan.start_at and not date.skipped:
            turn = queue.take(without=left_out.get(date.original, NOBODY))
        duty = _duty(date, chosen.get(date.original), turn)
        yield duty if duty.who in facilitators else Duty(date.original, None, duty.by)


def plan_after(
    plan: Plan,
    dates: Iterable[Turn],
    *,
    left_out: Mapping[datetime, Collection[UUID]],
    start_at: datetime,
) -> Plan:
    """As it goes on from `start_at`, when these dates are over."""
    queue = _Queue(plan)
    for date in dates:
        if not date.skipped:
            queue.take(without=left_out.get(date.original, NOBODY))
    return queue.plan(plan.every, start_at)


def next_after(plan: Plan | None, who: UUID, *, without: Collection[UUID]) -> UUID | None:
    """Who comes after somebody in the order."""
    order = plan.order if plan else ()
    at = order.index(who) + 1 if who in order else 0
    return next((one for one in order[at:] + order[:at] if one not in without), None)


def _duty(date: Turn, chosen: Chosen | None, turn: UUID | None) -> Duty:
    if date.skipped or date.cancelled:
        return Duty(date.original, None)
    if chosen is not None:
        return Duty(date.original, chosen.who, chosen.by)
    return Duty(date.original, turn)


class _Queue:
    """Who is to come, and how many dates of their turn are left."""

    def __init__(self, plan: Plan | None) -> None:
        self._every = plan.every if plan else 1
        order = plan.order if plan else ()
        left = (plan and plan.remaining) or [self._every] * len(order)
        self._waiting = list(zip(order, left, strict=True))

    def plan(self, every: int, start_at: datetime) -> Plan:
        order = tuple(who for who, _ in self._waiting)
        return Plan(order, every, start_at, tuple(left for _, left in self._waiting))

    def take(self, *, without: Collection[UUID]) -> UUID | None:
        for at, (who, left) in enumerate(self._waiting):
            if who not in without:
                del self._waiting[at]
                if left > 1:
                    self._waiting.insert(at, (who, left - 1))
                else:
                    self._waiting.append((who, self._every))
                return who
        return None
