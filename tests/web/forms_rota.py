"""Who facilitates which date."""

from tests.house import Browser
from tests.web.form import Form


async def forms(dana: Browser, circle: str, series: str, original: str) -> list[Form]:
    members = (await dana.get(f"/api/circles/{circle}/members")).json()
    mine, other = (member["id"] for member in members[:2])
    path = f"/api/series/{series}/rota"
    swap = {"mine": original, "theirs": "2026-03-31T19:00:00", "agreed": False}
    return [
        Form(
            "PATCH",
            f"/api/circles/{circle}/members/{other}",
            {"role": "facilitator"},
            frozenset({"role"}),
        ),
        Form("POST", f"/api/circles/{circle}/offer/accept", {}),
        Form("POST", f"/api/circles/{circle}/offer/decline", {}),
        Form("PUT", path, {"order": [mine], "every": 2}, frozenset({"order"})),
        Form("PUT", f"{path}/{original}", {"membership": mine}, frozenset({"membership"})),
        Form("POST", f"{path}/{original}/skip", {}),
        Form("POST", f"{path}/swaps", swap, frozenset({"mine", "theirs"})),
        Form("POST", f"{path}/swaps/{mine}/accept", {}),
        Form("POST", f"{path}/swaps/{mine}/decline", {}),
    ]
