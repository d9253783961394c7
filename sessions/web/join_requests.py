"""Confirming that one wants to be let into an open circle, by the link of a mail."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import join_requests
from sessions.people import masked
from sessions.web.given import ONLY_READS, House
from sessions.web.shapes.base import TokenShape
from sessions.web.shapes.dates import ConfirmedView, JoinRequestView


class JoinRequestController(Controller):
    path = "/api/join-request"
    tags = ("open circles",)

    @post(
        "/look",
        status_code=200,
        summary="Which circle a link from a mail lets in to",
        opt=ONLY_READS,
    )
    async def look(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        data: JSONBody[TokenShape],
    ) -> JoinRequestView:
        asked = await join_requests.look(db, house.keys, data.token, now=house.now)
        return JoinRequestView(
            circle_name=asked.circle.name,
            purpose=asked.circle.purpose,
            address=masked(asked.address),
        )

    @post("/confirm", status_code=200, summary="Come in")
    async def confirm(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        data: JSONBody[TokenShape],
    ) -> ConfirmedView:
        await join_requests.confirm(db, house.keys, data.token, now=house.now)
        return ConfirmedView(state="in")
