"""Which times suit."""

from tests.house import Browser
from tests.web.form import Form

START = "2026-03-12T19:00:00"
PLAN = {
    "title": "First evening",
    "zone": "Asia/Jerusalem",
    "minutes": 60,
    "times": [START, "2026-03-13T19:00:00"],
    "until": "2026-03-11",
}
SAID = {"answers": [{"start": START, "answer": "maybe"}]}


async def forms(dana: Browser, circle: str, token: str) -> list[Form]:
    poll = (await dana.post(f"/api/circles/{circle}/polls", PLAN)).json()["id"]
    by_link = SAID | {"token": token, "poll": poll}
    return [
        Form("POST", f"/api/circles/{circle}/polls", PLAN, frozenset(PLAN)),
        Form("POST", f"/api/polls/{poll}/answers", SAID, frozenset(SAID)),
        Form("POST", f"/api/polls/{poll}/close", {}),
        Form(
            "POST",
            f"/api/polls/{poll}/book",
            {"start": START, "again": "monthly", "count": 3},
            frozenset({"start"}),
        ),
        Form("POST", "/api/answer/polls/look", {"token": token}, frozenset({"token"})),
        Form("POST", "/api/answer/polls", by_link, frozenset(by_link)),
    ]
