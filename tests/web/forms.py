"""Every body that the API takes, filled in well, and where to send it."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.house import Browser, House, token_in
from tests.web.authenticator import Authenticator
from tests.web.form import Form, Path

PATTERN = {
    "start": "2026-03-10T19:00:00",
    "zone": "Asia/Jerusalem",
    "minutes": 75,
    "rule": {"weekdays": ["TU"], "interval": 1, "count": 5},
}
TIMED = frozenset({"start", "zone", "minutes"})
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
        *_of_me(passkey, answer),
        *_of_circles(circle, open_circle),
        *_of_series(circle, series["id"], original),
        *_of_links(token_in(letter, "a"), token_in(letter, "j"), answer),
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


def _of_me(passkey: Mapping[str, Any], answer: Mapping[str, Any]) -> list[Form]:
    return [
        Form("PATCH", "/api/me", PROFILE),
        Form("POST", "/api/me/feed/rotate", {}),
        Form("POST", "/api/me/answers", answer, frozenset({"series", "answer"})),
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
        Form("POST", f"/api/open-circles/{open_circle}/ask", MAIL, frozenset({"address"})),
    ]


def _of_series(circle: str, series: str, original: str) -> list[Form]:
    plan = {**PATTERN, "title": "Evening circle"}
    date = f"/api/series/{series}/occurrences/{original}"
    return [
        Form("POST", f"/api/circles/{circle}/series", plan, TIMED | {"title"}),
        Form("PUT", date, {"to": "2026-03-18T18:00:00"}, frozenset({"to"})),
        Form("POST", f"{date}/restore", {}),
        Form("POST", f"/api/series/{series}/cancel", {}),
        Form("POST", "/api/preview", {**PATTERN, "zones": ["UTC"], "count": 3}, TIMED),
    ]


def _of_links(token: str, ticket: str, answer: Mapping[str, Any]) -> list[Form]:
    said = {**answer, "token": token}
    door = {"ticket": ticket, "name": "Bo", "agreement": 1}
    return [
        Form("POST", "/api/answer/look", {"token": token}, frozenset({"token"})),
        Form("POST", "/api/answer", said, frozenset({"token", "series", "answer"})),
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
