"""Signing in and out."""

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import passkeys, signin
from sessions.people import Person, masked
from sessions.web.cookies import SEAT, SESSION, ended, session_cookie
from sessions.web.given import ONLY_READS, AnyRequest, House, host_of
from sessions.web.me import person_view, who_view
from sessions.web.shapes.base import Nothing, TokenShape
from sessions.web.shapes.people import (
    AskForLink,
    ChallengeView,
    MaskedAddress,
    PasskeyAnswer,
    WhoView,
)

CLEAR = '"cache", "storage"'
"""Not "cookies": some browsers would take the `Set-Cookie` of this very answer with it."""


class SignInController(Controller):
    path = "/api"
    tags = ("sign-in",)

    @post("/signin", status_code=202, summary="Ask for a sign-in link by mail")
    async def ask(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        request: AnyRequest,
        data: JSONBody[AskForLink],
    ) -> dict[str, str]:
        await signin.send_link(
            db,
            house.keys,
            data.address,
            locale=data.locale,
            zone=data.zone,
            host=host_of(request),
            now=house.now,
            signup=house.settings.signup,
        )
        return {}

    @post(
        "/signin/look", status_code=200, summary="Whom a sign-in link concerns", opt=ONLY_READS
    )
    async def look(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        data: JSONBody[TokenShape],
    ) -> MaskedAddress:
        address = await signin.look_at_link(db, house.keys, data.token, now=house.now)
        return MaskedAddress(address=masked(address))

    @post("/signin/link", status_code=200, summary="Sign in with a link")
    async def use_link(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        request: AnyRequest,
        data: JSONBody[TokenShape],
    ) -> Response[WhoView]:
        person, token = await signin.use_link(db, house.keys, data.token, now=house.now)
        return await _signed_in(db, house, request, person, token)

    @post("/signin/passkey/options", status_code=200, summary="Begin to sign in with a passkey")
    async def passkey_options(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        request: AnyRequest,
        data: JSONBody[Nothing],
    ) -> ChallengeView:
        challenge = await passkeys.begin_sign_in(
            db, house.keys, house.settings, host=host_of(request), now=house.now
        )
        return ChallengeView(challenge_id=challenge.id, options=challenge.options)

    @post("/signin/passkey", status_code=200, summary="Sign in with a passkey")
    async def use_passkey(
        self,
        db: NamedDependency[AsyncSession],
        house: NamedDependency[House],
        request: AnyRequest,
        data: JSONBody[PasskeyAnswer],
    ) -> Response[WhoView]:
        person = await passkeys.finish_sign_in(
            db, house.settings, data.challenge_id, data.credential, now=house.now
        )
        token = signin.sign_in(db, person, now=house.now)
        return await _signed_in(db, house, request, person, token)

    @post("/signout", status_code=204, summary="Sign out on this device")
    async def sign_out(
        self,
        db: NamedDependency[AsyncSession],
        request: AnyRequest,
        data: JSONBody[Nothing],
    ) -> Response[None]:
        if token := request.cookies.get(SESSION):
            await signin.sign_out(db, token)
        return Response(None, status_code=204, cookies=[ended(SESSION)])

    @post("/exit", status_code=204, summary="Quick exit: leave no trace on this device")
    async def exit(
        self,
        db: NamedDependency[AsyncSession],
        request: AnyRequest,
        data: JSONBody[Nothing],
    ) -> Response[None]:
        if token := request.cookies.get(SESSION):
            await signin.sign_out(db, token)
        return Response(
            None,
            status_code=204,
            cookies=[ended(SESSION), ended(SEAT)],
            headers={"Clear-Site-Data": CLEAR},
        )


async def _signed_in(
    db: AsyncSession, house: House, request: AnyRequest, person: Person, token: str
) -> Response[Any]:
    """The cookie of before, whoever set it, is worth nothing from now on."""
    if before := request.cookies.get(SESSION):
        await signin.sign_out(db, before)
    view = who_view(house, await person_view(db, house, person))
    cookie = session_cookie(token, days=signin.LONGEST.days)
    return Response(view, status_code=200, cookies=[cookie])
