"""Calendars elsewhere, over HTTP."""

from datetime import timedelta

import pytest

from sessions.busy.child import Reader
from sessions.busy.refreshing import Refresher
from sessions.outgoing import Outgoing
from tests.calendars.hostile import calendar, event
from tests.conftest import SetClock
from tests.house import Browser, House
from tests.sessions.stranger import Book, ok, stranger
from tests.web.forms_busy import CALENDAR

BUSY = calendar(event("DURATION:PT1H", "SUMMARY:A secret appointment"))


async def add(browser: Browser, **changes: str) -> dict[str, object]:
    answer = await browser.post("/api/me/calendars", CALENDAR | changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_an_address_is_never_shown_again(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        await add(dana)
        text = (await dana.get("/api/me/calendars")).text
        export = (await dana.get("/api/me/export")).text
    for secret in ("work.ics", "a secret", CALENDAR["address"]):
        assert secret not in text
        assert secret not in export
    assert '"localhost"' in export


async def test_the_database_holds_no_address_and_no_title(
    house: House, clock: SetClock
) -> None:
    async with stranger(ok(BUSY)) as unknown, house.browser() as dana:
        await dana.sign_in("dana@example.org")
        refresher = _refresher(house, unknown.port)
        house.app.state.refresher = refresher
        await add(dana, address=f"http://calendar.lan:{unknown.port}/very-secret.ics")
        while await refresher.read_due():
            pass
        [one] = (await dana.get("/api/me/calendars")).json()
    assert one["trouble"] is None
    assert (one["busy"], one["host"]) == (1, "calendar.lan")
    database = house.inside.settings.data / "ronda.db"
    if database.exists():
        for path in database.parent.glob("ronda.db*"):
            for word in (b"very-secret", b"calendar.lan", b"appointment", b"a secret"):
                assert word not in path.read_bytes()


async def test_trouble_is_said_in_the_language_of_the_page(house: House) -> None:
    async with house.browser(language="he") as dana:
        await dana.sign_in("dana@example.org")
        await add(dana)
        refresher = _refresher(house, 1)
        while await refresher.read_due():
            pass
        for _ in range(100):
            [one] = (await dana.get("/api/me/calendars")).json()
            if one["trouble"]:
                break
    assert "שרת" in one["trouble"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": "calendar.example"}, "address"),
        ({"address": "http://calendar.example/x.ics"}, "address"),
        ({"address": "https://127.0.0.1/x.ics"}, "address"),
        ({"address": "https://dana:pw@calendar.example/x.ics"}, "address"),
        ({"address": "https://calendar.example:8443/x.ics"}, "address"),
        ({"label": " \u202e "}, "label"),
        ({"username": "da:na"}, "username"),
        ({"kind": "exchange"}, "kind"),
    ],
)
async def test_what_can_never_be_read_is_refused_at_once(
    house: House, changes: dict[str, str], field: str
) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        answer = await dana.post("/api/me/calendars", CALENDAR | changes)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


async def test_an_address_to_subscribe_to_is_one_to_read(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        assert (await add(dana, address="webcal://localhost/x.ics"))["host"] == "localhost"


async def test_ten_are_the_most(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        for _ in range(10):
            await add(dana)
        answer = await dana.post("/api/me/calendars", CALENDAR)
    assert answer.status_code == 409
    assert "10" in answer.json()["detail"]


async def test_nobody_else_sees_or_removes_it(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        await dana.sign_in("dana@example.org")
        await bo.sign_in("bo@example.org")
        one = await add(dana)
        assert (await bo.get("/api/me/calendars")).json() == []
        assert (await bo.delete(f"/api/me/calendars/{one['id']}")).status_code == 404
        assert (await dana.delete(f"/api/me/calendars/{one['id']}")).status_code == 204
        assert (await dana.get("/api/me/calendars")).json() == []


async def test_reading_again_is_limited(house: House, clock: SetClock) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        path = f"/api/me/calendars/{(await add(dana))['id']}/refresh"
        statuses = [(await dana.post(path)).status_code for _ in range(13)]
        assert statuses == [202] * 12 + [429]
        clock.forward(timedelta(hours=1))
        assert (await dana.post(path)).status_code == 202


def _refresher(house: House, port: int) -> Refresher:
    outgoing = Outgoing([f"calendar.lan:{port}"], resolve=Book(calendar_lan=[["127.0.0.1"]]))
    inside = house.inside
    return Refresher(
        inside.database, inside.keys, outgoing, Reader(most_seconds=20), inside.clock
    )
