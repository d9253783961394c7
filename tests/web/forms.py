"""Every body that the API takes, filled in well, and where to send it."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.house import Browser, House, token_in
from tests.web import (
    forms_busy,
    forms_feeds,
    forms_inbound,
    forms_polls,
    forms_rota,
    forms_schedule,
    forms_session,
)
from tests.web.authenticator import Authenticator
from tests.web.form import Form, Path

PLAN = {
    "name": "Lantern",
    "purpose": "To listen.",
    "languages": ["en"],
    "openness": "invitation",
    "seats": 12,
    "hide_addresses": False,
}
MAIL = {"address": "cy@example.org", "locale": "en", "zone": "UTC"}
PROFILE = {"name": "Dana", "locale": "he", "zone": "UTC", "detail": "full", "summary": "Tea"}


async def forms_of(house: House, dana: Browser) -> list[Form]:
    """Dana facilitates a circle with a series; a member has got their links."""
    await dana.sign_in("dana@example.org")
    circle = (await dana.make_circle())["id"]
    series = await dana.book(circle)
    await dana.invite(circle, "bo@example.org")
    [letter] = await house.letters(to="bo@example.org")
    open_circle = (await dana.make_circle(openness="open"))["id"]
    begun = (await dana.post("/api/me/passkeys/options")).json()
    passkey = {
        "challenge_id": begun["challenge_id"],
        "credential": Authenticator().create(begun["options"]),
    }
    original = series["next"][1]["original"]
    answer = {"series": series["id"], "original": original, "answer": "yes"}
    return [
        *_of_signing_in(passkey),
        *_of_me(passkey),
        *_of_circles(circle, open_circle),
        *forms_schedule.forms(circle, series["id"], original),
        *_of_links(token_in(letter, "j")),
        *forms_session.forms(token_in(letter, "a"), answer),
        *forms_feeds.forms(circle),
        *await forms_busy.forms(dana),
        *await forms_inbound.forms(house, letter),
        *await forms_rota.forms(dana, circle, series["id"], original),
        *await forms_polls.forms(dana, circle, token_in(letter, "a")),
    ]


def _of_signing_in(passkey: Mapping[str, Any]) -> list[Form]:
    return [
        Form("POST", "/api/signin", MAIL, frozenset({"address"})),
        Form("POST", "/api/signin/look", {"token": "x"}, frozenset({"token"})),
        Form("POST", "/api/signin/link", {"token": "x"}, frozenset({"token"})),
        Form("POST", "/api/signin/passkey", passkey, frozenset(passkey)),
        Form("POST", "/api/signin/passkey/options", {}),
        Form("POST", "/api/signout", {}),
        Form("POST", "/api/exit", {}),
    ]


def _of_me(passkey: Mapping[str, Any]) -> list[Form]:
    return [
        Form("PATCH", "/api/me", PROFILE),
        Form("POST", "/api/me/passkeys/options", {}),
        Form("POST", "/api/me/passkeys", {**passkey, "label": "Phone"}, frozenset(passkey)),
    ]


def _of_circles(circle: str, open_circle: str) -> list[Form]:
    path = f"/api/circles/{circle}"
    people = {"addresses": ["di@example.org"], "locale": "ar"}
    return [
        Form("POST", "/api/circles", {**PLAN, "agreement": "Kind."}, frozenset({"name"})),
        Form("PATCH", path, PLAN),
        Form("PUT", f"{path}/agreement", {"text": "Kind."}, frozenset({"text"})),
        Form("POST", f"{path}/invitations", people, frozenset({"addresses"})),
        Form("POST", f"{path}/leave", {}),
        Form("PUT", f"{path}/busy", {"shown": True}, frozenset({"shown"})),
        Form("POST", f"/api/open-circles/{open_circle}/ask", MAIL, frozenset({"address"})),
    ]


def _of_links(ticket: str) -> list[Form]:
    door = {"ticket": ticket, "name": "Bo", "agreement": 1}
    return [
        Form("POST", "/api/join/look", {"ticket": ticket}, frozenset({"ticket"})),
        Form("POST", "/api/join", door, frozenset({"ticket", "name"})),
        Form("POST", "/api/seat/pass", {}),
        Form("POST", "/api/seat/leave", {}),
    ]


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place of a body where something simple stands."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*at, index))
    else:
        yield at, value


def changed(value: Any, at: Path, to: Any) -> Any:
    """The same body with something else at one place."""
    if not at:
        return to
    first, *rest = at
    if isinstance(value, Mapping):
        return {k: changed(v, tuple(rest), to) if k == first else v for k, v in value.items()}
    return [changed(v, tuple(rest), to) if i == first else v for i, v in enumerate(value)]
