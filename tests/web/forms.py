"""Every body that the API takes, filled in well, and where to send it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.house import Browser, House, token_in
from tests.web.authenticator import Authenticator

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Form:
    method: str
    path: str
    body: Mapping[str, Any]
    needed: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


async def forms_of(house: House, dana: Browser) -> list[Form]:
    """Dana facilitates a circle with a series; a member has got their links."""
    await dana.sign_in("dana@example.org")
    circle = (await dana.make_circle())["id"]
    series = await dana.book(circle)
    await dana.invite(circle, "bo@example.org")
    [letter] = await house.letters(to="bo@example.org")
    open_circle = (await dana.make_circle(openness="open"))["id"]
    begun = (await dana.post("/api/me/passkeys/options")).json()
    device = Authenticator()
    original = series["next"][1]["original"]
    date = f"/api/series/{series['id']}/occurrences/{original}"
    pattern = {
        "start": "2026-03-10T19:00:00",
        "zone": "Asia/Jerusalem",
        "minutes": 75,
        "rule": {"weekdays": ["TU"], "interval": 1, "count": 5},
    }
    plan = {
        "name": "Lantern",
        "purpose": "To listen.",
        "languages": ["en"],
        "openness": "invitation",
        "seats": 12,
        "hide_addresses": False,
    }
    link = {"address": "cy@example.org", "locale": "en", "zone": "UTC"}
    answer = {"series": series["id"], "original": original, "answer": "yes"}
    token = token_in(letter, "a")
    door = {"ticket": token_in(letter, "j"), "name": "Bo", "agreement": 1}
    key = {
        "challenge_id": begun["challenge_id"],
        "credential": device.create(begun["options"]),
    }
    timed = frozenset({"start", "zone", "minutes"})
    return [
        Form("POST", "/api/signin", link, frozenset({"address"})),
        Form("POST", "/api/signin/look", {"token": "x"}, frozenset({"token"})),
        Form("POST", "/api/signin/link", {"token": "x"}, frozenset({"token"})),
        Form("POST", "/api/signin/passkey", key, frozenset(key)),
        Form("POST", "/api/signin/passkey/options", {}),
        Form(
            "PATCH",
            "/api/me",
            {"name": "Dana", "locale": "he", "zone": "UTC", "detail": "full", "summary": "Tea"},
        ),
        Form("POST", "/api/me/feed/rotate", {}),
        Form("POST", "/api/me/answers", answer, frozenset({"series", "answer"})),
        Form("POST", "/api/me/passkeys/options", {}),
        Form("POST", "/api/me/passkeys", key | {"label": "Phone"}, frozenset(key)),
        Form("POST", "/api/circles", plan | {"agreement": "Kindness."}, frozenset({"name"})),
        Form("PATCH", f"/api/circles/{circle}", plan),
        Form("PUT", f"/api/circles/{circle}/agreement", {"text": "Kind."}, frozenset({"text"})),
        Form(
            "POST",
            f"/api/circles/{circle}/invitations",
            {"addresses": ["di@example.org"], "locale": "ar"},
            frozenset({"addresses"}),
        ),
        Form("POST", f"/api/circles/{circle}/leave", {}),
        Form("POST", f"/api/open-circles/{open_circle}/ask", link, frozenset({"address"})),
        Form(
            "POST",
            f"/api/circles/{circle}/series",
            pattern | {"title": "Evening circle"},
            timed | {"title"},
        ),
        Form("PUT", date, {"to": "2026-03-18T18:00:00"}, frozenset({"to"})),
        Form("POST", f"{date}/restore", {}),
        Form("POST", f"/api/series/{series['id']}/cancel", {}),
        Form("POST", "/api/preview", pattern | {"zones": ["UTC"], "count": 3}, timed),
        Form("POST", "/api/answer/look", {"token": token}, frozenset({"token"})),
        Form(
            "POST",
            "/api/answer",
            answer | {"token": token},
            frozenset({"token", "series", "answer"}),
        ),
        Form("POST", "/api/join/look", {"ticket": door["ticket"]}, frozenset({"ticket"})),
        Form("POST", "/api/join", door, frozenset({"ticket", "name"})),
        Form("POST", "/api/seat/pass", {}),
        Form("POST", "/api/seat/leave", {}),
        Form("POST", "/api/signout", {}),
        Form("POST", "/api/exit", {}),
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
