"""Circles, who belongs to them, and the agreement they wrote, version by version."""

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import JSON, ColumnElement, String, UniqueConstraint, bindparam, delete, func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import limits
from sessions.errors import Conflict, Invalid, NotAllowed, NotFound
from sessions.keys import Keys, digest_of
from sessions.people import Person
from sessions.text import clean_line, clean_text

Role = Literal["facilitator", "member"]
Openness = Literal["open", "invitation"]
Leaving = Literal["free", "closes", "last"]
"""What it means to go: nothing more; the end of a circle without anybody else; or that
somebody else has to facilitate first."""
KEPT = timedelta(days=30)
TICKET, ANSWER = "ticket", "answer"
MIN_SEATS, MAX_SEATS = 2, 30
FOUNDED_PER_DAY = limits.Limit("found", most=20, seconds=86400)


class Circle(SQLModel, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=120)
    purpose: str = Field(default="", max_length=2000)
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    openness: Openness = Field(default="invitation", sa_type=String(12))
    """`open`: listed, and a stranger may ask for a link; `invitation`: neither."""
    seats: int
    hide_addresses: bool
    public_sequence: int = 0
    """Goes up whenever all the world is told something else of it."""
    created_at: datetime
    changed_at: datetime


class Membership(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("circle_id", "person_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    circle_id: UUID = Field(foreign_key="circle.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    role: Role = Field(sa_type=String(12))
    offered_at: datetime | None = None
    """When they were asked to facilitate; `None`: they are not asked."""
    generation: int = 0
    """Raised to make the person's links into this circle worthless."""
    mailbox_generation: int = 0
    """The one whose address for answers stands in their calendar; see `renew_mailboxes`."""
    ticket_hash: str = Field(max_length=64, unique=True)
    answer_hash: str = Field(max_length=64, unique=True)
    feed_generation: int = 0
    feed_hash: str | None = Field(default=None, max_length=64, unique=True)
    """Of the secret address of this circle's own feed; `None` until it is asked for."""
    feed_used_on: date | None = None
    shows_busy: bool = False
    """That others who facilitate this circle may see when this person has no time."""
    agreed_version: int = 0
    """The version of the agreement last accepted; 0: none yet."""
    created_at: datetime
    ended_at: datetime | None = None


class Agreement(SQLModel, table=True):
    circle_id: UUID = Field(foreign_key="circle.id", ondelete="CASCADE", primary_key=True)
    version: int = Field(primary_key=True)
    text: str = Field(max_length=8000)
    created_at: datetime


class Belonging(NamedTuple):
    """A circle as one of its people stands in it."""

    circle: Circle
    membership: Membership

    @property
    def leads(self) -> bool:
        return self.membership.role == "facilitator"


# Asked with nearly every request, so put together once: that costs more than the answer does.
_BELONGING = (
    select(Circle, Membership)
    .join(Membership, col(Membership.circle_id) == col(Circle.id))
    .where(
        Circle.id == bindparam("circle"),
        Membership.person_id == bindparam("person"),
        col(Membership.ended_at).is_(None),
    )
)
_CURRENT_AGREEMENT = (
    select(Agreement)
    .where(Agreement.circle_id == bindparam("circle"))
    .order_by(col(Agreement.version).desc())
    .limit(1)
)


class CirclePlan(NamedTuple):
    """What a facilitator decides about a circle."""

    name: str
    purpose: str
    languages: list[str]
    openness: Openness
    seats: int
    hide_addresses: bool


async def make_circle(
    db: AsyncSession,
    keys: Keys,
    founder: Person,
    plan: CirclePlan,
    *,
    agreement: str,
    can_hide: bool,
    now: datetime,
) -> Belonging:
    """A circle with its founder as facilitator and the first version of its agreement."""
    await limits.spend(db, keys, FOUNDED_PER_DAY, founder.id.hex, now=now)
    circle = Circle(
        name="", seats=MIN_SEATS, hide_addresses=False, created_at=now, changed_at=now
    )
    _apply(circle, plan, can_hide=can_hide, now=now)
    db.add(circle)
    await db.flush()
    membership = new_membership(keys, circle, founder, role="facilitator", now=now)
    membership.agreed_version = 1
    db.add(membership)
    text = clean_text(agreement)
    db.add(Agreement(circle_id=circle.id, version=1, text=text, created_at=now))
    return Belonging(circle, membership)


def plan_of(circle: Circle) -> CirclePlan:
    return CirclePlan(*(getattr(circle, name) for name in CirclePlan._fields))


def change_circle(circle: Circle, plan: CirclePlan, *, can_hide: bool, now: datetime) -> None:
    _apply(circle, plan, can_hide=can_hide, now=now)


def _apply(circle: Circle, plan: CirclePlan, *, can_hide: bool, now: datetime) -> None:
    name = clean_line(plan.name)
    if not name:
        raise Invalid("needed", field="name")
    if plan.hide_addresses and not can_hide and not circle.hide_addresses:
        raise Invalid("cannot_hide_addresses", field="hide_addresses")
    purpose = clean_text(plan.purpose)
    circle.public_sequence += (name, purpose) != (circle.name, circle.purpose)
    circle.name, circle.purpose = name, purpose
    circle.languages = sorted({clean_line(language) for language in plan.languages})
    circle.openness = plan.openness
    circle.seats = plan.seats
    circle.hide_addresses = plan.hide_addresses
    circle.changed_at = now


def new_membership(
    keys: Keys, circle: Circle, person: Person, *, role: Role, now: datetime
) -> Membership:
    membership = Membership(
        circle_id=circle.id,
        person_id=person.id,
        role=role,
        ticket_hash="",
        answer_hash="",
        created_at=now,
    )
    set_links(keys, membership)
    return membership


def set_links(keys: Keys, membership: Membership) -> None:
    """Store what this generation's ticket and answer link are looked up by."""
    owner, generation = membership.id, membership.generation
    membership.ticket_hash = digest_of(keys.token(TICKET, owner, generation))
    membership.answer_hash = digest_of(keys.token(ANSWER, owner, generation))


def ticket(keys: Keys, membership: Membership) -> str:
    return keys.token_again(
        TICKET, membership.id, membership.generation, membership.ticket_hash
    )


def answer_token(keys: Keys, membership: Membership) -> str:
    return keys.token_again(
        ANSWER, membership.id, membership.generation, membership.answer_hash
    )


async def belonging(db: AsyncSession, person: Person, circle_id: UUID) -> Belonging:
    """Raises `NotFound` for a circle that does not exist and for one that is not theirs."""
    asked = {"circle": circle_id, "person": person.id}
    row = (await db.exec(_BELONGING, params=asked)).first()
    if row is None:
        raise NotFound
    return Belonging(*row)


async def led_by(db: AsyncSession, person: Person, circle_id: UUID) -> Belonging:
    """Raises `NotAllowed` when the person belongs to the circle but does not lead it."""
    mine = await belonging(db, person, circle_id)
    if not mine.leads:
        raise NotAllowed
    return mine


async def circles_of(
    db: AsyncSession, person: Person, *, with_ended: bool = False
) -> list[Belonging]:
    found = await db.exec(
        select(Circle, Membership)
        .join(Membership, col(Membership.circle_id) == col(Circle.id))
        .where(Membership.person_id == person.id)
        .order_by(col(Membership.created_at), col(Membership.id))
    )
    return [Belonging(*row) for row in found if with_ended or row[1].ended_at is None]


async def open_circles(db: AsyncSession, *, limit: int = 50) -> list[Circle]:
    found = await db.exec(
        select(Circle).where(Circle.openness == "open").order_by(col(Circle.name)).limit(limit)
    )
    return list(found)


async def which_are_open(db: AsyncSession) -> set[UUID]:
    return set(await db.exec(select(Circle.id).where(Circle.openness == "open")))


async def open_circle(db: AsyncSession, circle_id: UUID) -> Circle:
    circle = await db.get(Circle, circle_id)
    if circle is None or circle.openness != "open":
        raise NotFound
    return circle


async def people_in(db: AsyncSession, circle_id: UUID) -> list[tuple[Membership, Person]]:
    """Everybody who belongs or belonged, in the order they came."""
    found = await db.exec(
        select(Membership, Person)
        .join(Person, col(Membership.person_id) == col(Person.id))
        .where(Membership.circle_id == circle_id)
        .order_by(col(Membership.created_at), col(Membership.id))
    )
    return [(membership, person) for membership, person in found]


async def head_count(db: AsyncSession, circle_id: UUID) -> int:
    found = await db.exec(
        select(func.count())
        .select_from(Membership)
        .where(Membership.circle_id == circle_id, col(Membership.ended_at).is_(None))
    )
    return found.one()


async def membership_by_ticket(db: AsyncSession, token: str) -> Belonging:
    """Raises `NotFound` for a ticket that never was or is no longer good."""
    return await _by_link(db, col(Membership.ticket_hash) == digest_of(token))


async def membership_by_answer_link(db: AsyncSession, token: str) -> Belonging:
    return await _by_link(db, col(Membership.answer_hash) == digest_of(token))


async def _by_link(db: AsyncSession, matches: ColumnElement[bool]) -> Belonging:
    found = await db.exec(
        select(Circle, Membership)
        .join(Membership, col(Membership.circle_id) == col(Circle.id))
        .where(matches, col(Membership.ended_at).is_(None))
    )
    row = found.first()
    if row is None:
        raise NotFound("unknown_link")
    return Belonging(*row)


async def current_agreement(db: AsyncSession, circle_id: UUID) -> Agreement:
    return (await db.exec(_CURRENT_AGREEMENT, params={"circle": circle_id})).one()


async def adopt_agreement(
    db: AsyncSession, circle_id: UUID, text: str, *, now: datetime
) -> Agreement:
    """A new version, which everybody is asked for at the next door; the same text is none."""
    current = await current_agreement(db, circle_id)
    text = clean_text(text)
    if text == current.text:
        return current
    agreement = Agreement(
        circle_id=circle_id, version=current.version + 1, text=text, created_at=now
    )
    db.add(agreement)
    return agreement


async def end_membership(
    db: AsyncSession, keys: Keys, mine: Belonging, membership_id: UUID, *, now: datetime
) -> Membership:
    """
    Out of the circle: links and feed entries stop at once.

    The last facilitator of others stays: a circle without one could not be looked after.
    """
    membership = await member(db, mine.circle, membership_id)
    if await leaving_now(db, Belonging(mine.circle, membership)) == "last":
        raise Conflict("last_facilitator")
    membership.ended_at = now
    membership.offered_at = None
    membership.shows_busy = False
    membership.feed_hash = None
    membership.generation += 1
    set_links(keys, membership)
    return membership


async def member(db: AsyncSession, circle: Circle, membership_id: UUID) -> Membership:
    """Somebody who belongs to the circle now, held until the transaction ends."""
    membership = await db.get(
        Membership, membership_id, populate_existing=True, with_for_update={"key_share": True}
    )
    if membership is None or membership.circle_id != circle.id or membership.ended_at:
        raise NotFound
    return membership


async def leaving_of(db: AsyncSession, mine: Belonging) -> Leaving:
    if not mine.leads or await _facilitators(db, mine.circle.id) > 1:
        return "free"
    return "closes" if await head_count(db, mine.circle.id) == 1 else "last"


async def leaving_now(db: AsyncSession, mine: Belonging) -> Leaving:
    """Held until the transaction ends, or the last two could go at once."""
    await hold(db, mine.circle)
    await db.get(Membership, mine.membership.id, populate_existing=True)
    return await leaving_of(db, mine)


async def check_not_last(db: AsyncSession, circle: Circle, membership: Membership) -> None:
    """Raises `Conflict`, also for who is alone: a circle has somebody who facilitates."""
    if await leaving_now(db, Belonging(circle, membership)) != "free":
        raise Conflict("last_facilitator")


async def hold(db: AsyncSession, circle: Circle) -> None:
    """As it is now, until the transaction ends. Raises `NotFound` when it is gone."""
    held = await db.get(
        Circle, circle.id, populate_existing=True, with_for_update={"key_share": True}
    )
    if held is None:
        raise NotFound


async def _facilitators(db: AsyncSession, circle_id: UUID) -> int:
    found = await db.exec(
        select(func.count())
        .select_from(Membership)
        .where(
            Membership.circle_id == circle_id,
            Membership.role == "facilitator",
            col(Membership.ended_at).is_(None),
        )
    )
    return found.one()


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    """Circles that everybody has left, 30 days after the last one; nobody can open them."""
    remembered = select(Membership.circle_id).where(
        col(Membership.ended_at).is_(None) | (col(Membership.ended_at) > now - KEPT)
    )
    await db.exec(delete(Circle).where(col(Circle.id).not_in(remembered)))
