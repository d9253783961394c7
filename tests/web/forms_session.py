"""Bodies about answers, places, one date, and coming into an open circle."""

from collections.abc import Mapping
from typing import Any

from tests.web.form import Form

DATE = frozenset({"series"})


def forms(token: str, answer: Mapping[str, Any]) -> list[Form]:
    date = {"series": answer["series"], "original": answer["original"]}
    one = f"/api/series/{date['series']}/dates/{date['original']}"
    return [
        Form("POST", "/api/me/answers", answer, frozenset({"series", "answer"})),
        Form("POST", "/api/me/accept", date, DATE),
        Form("POST", "/api/me/pass", date, DATE),
        Form("PATCH", "/api/me", {"reminders": [60, 1440]}),
        Form("POST", "/api/answer/look", {"token": token}, frozenset({"token"})),
        Form(
            "POST",
            "/api/answer",
            {**answer, "token": token},
            frozenset({"token", "series", "answer"}),
        ),
        Form("POST", "/api/answer/accept", {**date, "token": token}, DATE | {"token"}),
        Form("POST", "/api/answer/pass", {**date, "token": token}, DATE | {"token"}),
        Form("POST", "/api/answer/calendar", {**date, "token": token}, DATE | {"token"}),
        Form("POST", f"{one}/calendar", {}),
        Form("POST", "/api/join-request/look", {"token": "x"}, frozenset({"token"})),
        Form("POST", "/api/join-request/confirm", {"token": "x"}, frozenset({"token"})),
    ]
