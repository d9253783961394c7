"""Whether one would facilitate a circle; and that one does so no more, or another as well."""

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.circles import Membership
from sessions.language import say
from sessions.letters.desk import Desk, Nothing, Office, Written, desk_for, finish
from sessions.mail import Button


async def offered(db: AsyncSession, office: Office, letter: outbox.RoleOffered) -> Written:
    desk = await desk_for(db, office, letter)
    if desk.mine.membership.offered_at is None:
        raise Nothing  # answered, or withdrawn, before this left
    return _finished(desk, "role_offered")


async def ended(db: AsyncSession, office: Office, letter: outbox.RoleChanged) -> Written:
    desk = await desk_for(db, office, letter)
    if desk.mine.leads:
        raise Nothing  # they have said yes to a new offer before this left
    return _finished(desk, "role_ended")


async def taken(db: AsyncSession, office: Office, letter: outbox.RoleTaken) -> Written:
    desk = await desk_for(db, office, letter)
    colleague = await db.get(Membership, letter.colleague)
    leads = colleague is not None and colleague.role == "facilitator"
    if not (desk.mine.leads and leads) or (colleague and colleague.ended_at):
        raise Nothing  # one of the two went before this left
    return _finished(desk, "role_taken")


def _finished(desk: Desk, kind: str) -> Written:
    """With one link, which is no secret: behind it stands the sign-in."""
    locale, circle = desk.person.locale, desk.mine.circle.name
    full = ".full" if desk.full else ""
    link = f"{desk.office.settings.public_url}/home"
    return finish(
        desk,
        say(locale, f"mail.{kind}.subject{full}", circle=circle),
        [say(locale, f"mail.{kind}.body{full}", circle=circle)],
        buttons=[Button(say(locale, f"mail.{kind}.button"), link)],
    )
