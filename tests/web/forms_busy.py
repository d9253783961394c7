from tests.house import Browser
from tests.web.form import Form

CALENDAR = {
    "kind": "ics",
    # This very machine: nobody else is asked by the tests, and it is not asked either.
    "address": "https://localhost/work.ics",
    "username": "dana",
    "password": "a secret",
    "label": "Work",
}


async def forms(dana: Browser) -> list[Form]:
    calendar = (await dana.post("/api/me/calendars", CALENDAR)).json()["id"]
    return [
        Form("POST", "/api/me/calendars", CALENDAR, frozenset({"kind", "address", "label"})),
        Form("POST", f"/api/me/calendars/{calendar}/refresh", {}),
    ]
