"""What comes in about series, as the rules know it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from msgspec import UNSET, UnsetType

from sessions.errors import NotFound
from sessions.recurrence import Pattern, Rule
from sessions.schedule import Wish
from sessions.web.shapes.series import ChangeShape, PatternShape, RuleShape
from sessions.zones import ScheduleError


def pattern_of(data: PatternShape) -> Pattern:
    rule = rule_of(data.rule) if data.rule else None
    return Pattern(data.start, data.zone, data.minutes, rule)


def rule_of(data: RuleShape) -> Rule:
    return Rule(
        weekdays=tuple(data.weekdays),
        interval=data.interval,
        count=data.count,
        until=data.until,
        frequency=data.frequency,
        day=data.day,
        position=data.position,
        week_start=data.week_start,
    )


def wish_of(data: ChangeShape) -> Wish:
    return Wish(
        title=data.title,
        to=data.to,
        zone=data.zone,
        minutes=data.minutes,
        rule=_rule_in(data.rule),
        seats=data.seats,
        agenda=data.agenda,
    )


def _rule_in(shape: RuleShape | UnsetType | None) -> Rule | UnsetType | None:
    if shape is None or shape is UNSET:
        return shape
    return rule_of(shape)


def start_of(text: str) -> datetime:
    """An occurrence is addressed by its original start: naive wall time."""
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotFound("no_such_date") from error
    if start.tzinfo is not None:
        raise NotFound("no_such_date")
    return start


@contextmanager
def called(name: str, *, instead_of: str) -> Iterator[None]:
    """A rule names the field it knows; this form calls it something else."""
    try:
        yield
    except ScheduleError as error:
        if error.field == instead_of:
            error.field = name
        raise
