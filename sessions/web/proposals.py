"""Other times that people have proposed from their calendar, for whoever facilitates."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import proposals, schedule
from sessions.people import address_of, masked
from sessions.proposals import Proposed
from sessions.web.given import House, Me
from sessions.web.shapes.base import Nothing, utc
from sessions.web.shapes.proposals import ProposalView


class ProposalsController(Controller):
    path = "/api"
    tags = ("proposals",)

    @get("/series/{series:uuid}/proposals", summary="Times that people have proposed")
    async def listed(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        series: FromPath[UUID],
    ) -> list[ProposalView]:
        booking = await schedule.booking_for(db, me.person, series)
        found = await proposals.proposed(db, booking, now=house.now)
        return [_view(house, one) for one in found]

    @post(
        "/proposals/{proposal:uuid}/accept",
        status_code=204,
        summary="Move the date to the proposed time, and tell everyone",
    )
    async def accept(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        proposal: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> None:
        await proposals.accept(db, house.keys, me.person, proposal, now=house.now)

    @post("/proposals/{proposal:uuid}/decline", status_code=204, summary="Leave it as it is")
    async def decline(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        me: NamedDependency[Me],
        proposal: FromPath[UUID],
        data: JSONBody[Nothing],
    ) -> None:
        await proposals.decline(db, house.keys, me.person, proposal, now=house.now)


def _view(house: House, found: Proposed) -> ProposalView:
    proposal, person = found
    return ProposalView(
        id=proposal.id,
        name=person.name or masked(address_of(house.keys, person)),
        original=proposal.original,
        start=proposal.start,
        minutes=proposal.minutes,
        comment=proposal.comment,
        at=utc(proposal.created_at),
    )
