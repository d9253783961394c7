"""Who said what, as people and facilitators see it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions.answers.tables import Answer, Waiting
from sessions.circles import Membership, people_in
from sessions.people import Person
from sessions.schedule import Series
from sessions.seating import Place, Wait, Word, place_with

Given = dict[tuple[UUID, datetime | None], Word]
"""Answers of one person by series and original start; `None` stands for the series."""
Waits = dict[tuple[UUID, datetime | None], Wait]
Said = dict[UUID, tuple[Given, Waits]]
"""By membership."""


class Coming(NamedTuple):
    """What one person says to one date."""

    membership: Membership
    person: Person
    answer: Word | None
    own: bool
    """Said for this date, and not for all."""
    place: Place | None


class Going(NamedTuple):
    """How many; `yes` are those who have a place."""

    yes: int
    maybe: int
    no: int
    waiting: int


async def answers_of(db: AsyncSession, memberships: list[UUID]) -> Given:
    found = await db.exec(select(Answer).where(col(Answer.membership_id).in_(memberships)))
    return {(a.series_id, a.original): a.answer for a in found}


async def waits_of(db: AsyncSession, memberships: list[UUID], *, now: datetime) -> Waits:
    found = await waiting_of(db, memberships)
    return {(w.series_id, w.original): _as_of(w.wait, now) for w in found}


async def waiting_of(db: AsyncSession, memberships: list[UUID]) -> list[Waiting]:
    found = await db.exec(select(Waiting).where(col(Waiting.membership_id).in_(memberships)))
    return list(found)


def answer_for(given: Given, series_id: UUID, original: datetime) -> Word | None:
    return given.get((series_id, original), given.get((series_id, None)))


def wait_for(
    given: Given, waits: Waits, series_id: UUID, original: datetime | None
) -> Wait | None:
    """Who has said nothing about a date of their own waits for it with the series."""
    mine = waits.get((series_id, original))
    if mine or (series_id, original) in given:
        return mine
    return waits.get((series_id, None))


def place_for(
    given: Given, waits: Waits, series_id: UUID, original: datetime | None
) -> Place | None:
    said = given.get((series_id, original), given.get((series_id, None)))
    if said != "yes":
        return None
    return place_with(wait_for(given, waits, series_id, original))


async def whole_answers(db: AsyncSession, circle_id: UUID) -> dict[UUID, Word]:
    """The latest answer to a whole series by membership, for the facilitators' list."""
    found = await db.exec(
        select(Answer)
        .join(Series, col(Answer.series_id) == col(Series.id))
        .where(Series.circle_id == circle_id, col(Answer.original).is_(None))
        .order_by(col(Answer.answered_at))
    )
    return {a.membership_id: a.answer for a in found}


async def who_comes(
    db: AsyncSession, series: Series, original: datetime, *, now: datetime
) -> list[Coming]:
    """Everybody who belongs, in the order they came; those who said nothing as well."""
    said = await _said(db, series, now=now)
    return [
        _coming(membership, person, said, series.id, original)
        for membership, person in await people_in(db, series.circle_id)
        if membership.ended_at is None
    ]


async def going(
    db: AsyncSession, series: Series, originals: Iterable[datetime], *, now: datetime
) -> dict[datetime, Going]:
    """For each of these dates how many come, how many do not, and how many wait."""
    said = await _said(db, series, now=now)
    people = [
        (membership, person)
        for membership, person in await people_in(db, series.circle_id)
        if membership.ended_at is None
    ]
    return {
        original: _counted([_coming(m, p, said, series.id, original) for m, p in people])
        for original in originals
    }


def _counted(people: list[Coming]) -> Going:
    waiting = sum(one.place in ("waiting", "offered") for one in people)
    words = [one.answer for one in people]
    return Going(words.count("yes") - waiting, words.count("maybe"), words.count("no"), waiting)


async def said_by(
    db: AsyncSession, memberships: list[UUID], series: set[UUID], *, now: datetime
) -> Said:
    answers = await db.exec(
        select(Answer).where(
            col(Answer.membership_id).in_(memberships), col(Answer.series_id).in_(series)
        )
    )
    waiting = await db.exec(
        select(Waiting).where(
            col(Waiting.membership_id).in_(memberships), col(Waiting.series_id).in_(series)
        )
    )
    return _by_person(answers, waiting, now=now)


def may_come(
    given: Given, waits: Waits, membership: Membership, series: UUID, original: datetime
) -> bool:
    """Whoever has not said no; but who waits for a place does not come so far."""
    if answer_for(given, series, original) == "no":
        return False
    place = place_for(given, waits, series, original)
    return membership.role == "facilitator" or place in (None, "held")


async def _said(db: AsyncSession, series: Series, *, now: datetime) -> Said:
    answers = await db.exec(select(Answer).where(Answer.series_id == series.id))
    waiting = await db.exec(select(Waiting).where(Waiting.series_id == series.id))
    return _by_person(answers, waiting, now=now)


def _by_person(answers: Iterable[Answer], waiting: Iterable[Waiting], *, now: datetime) -> Said:
    said: Said = {}
    for row in answers:
        given, _ = said.setdefault(row.membership_id, ({}, {}))
        given[row.series_id, row.original] = row.answer
    for wait in waiting:
        _, waits = said.setdefault(wait.membership_id, ({}, {}))
        waits[wait.series_id, wait.original] = _as_of(wait.wait, now)
    return said


def _coming(
    membership: Membership, person: Person, said: Said, series: UUID, original: datetime
) -> Coming:
    given, waits = said.get(membership.id, ({}, {}))
    leads = membership.role == "facilitator"
    return Coming(
        membership,
        person,
        answer_for(given, series, original),
        (series, original) in given,
        None if leads else place_for(given, waits, series, original),
    )


def _as_of(wait: Wait, now: datetime) -> Wait:
    """An offer whose time is over is none, though nobody has crossed it out yet."""
    if wait.until and wait.until <= now:
        return Wait(wait.since, missed=True)
    return wait
