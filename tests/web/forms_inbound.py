"""Other times that people have proposed."""

from email.message import EmailMessage

from sqlmodel import col, select

from sessions import inbound
from sessions.proposals import Proposal
from tests.fakes import Delivered
from tests.house import House
from tests.sessions.answering import answer_to, plain
from tests.web.form import Form

DATE = "RECURRENCE-ID;TZID=Asia/Jerusalem:20260317T190000"
WISHED = "DTSTART;TZID=Asia/Jerusalem:20260318T180000"


async def forms(house: House, letter: EmailMessage) -> list[Form]:
    path = f"/api/proposals/{await proposal(house, letter)}"
    return [Form("POST", f"{path}/decline", {}), Form("POST", f"{path}/accept", {})]


async def proposal(house: House, letter: EmailMessage) -> str:
    """Who was invited by the letter asks for another evening; gives its id."""
    inside = house.inside
    counter = answer_to(
        delivered(letter), at=inside.now, method="COUNTER", date=DATE, start=WISHED
    )
    await inbound.receive(inside.database, inside.keys, plain(counter), now=inside.now)
    async with inside.database.read() as db:
        found = await db.exec(select(Proposal.id).order_by(col(Proposal.created_at).desc()))
        return str(found.first())


def delivered(letter: EmailMessage) -> Delivered:
    return Delivered(
        letter.as_bytes(),
        letter["From"].addresses[0].addr_spec,
        letter["To"].addresses[0].addr_spec,
    )
