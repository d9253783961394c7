"""The two cookies, as browsers are told to keep them."""

from datetime import UTC, datetime

import pytest

from sessions.web.cookies import SEAT, SESSION
from tests.conftest import SetClock
from tests.house import House, token_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def attributes(line: str) -> tuple[str, set[str]]:
    name, _, rest = line.partition("=")
    _, *parts = rest.split("; ")
    return name, {part.lower() for part in parts if not part.lower().startswith("max-age")}


async def test_no_script_no_other_site_and_no_plain_line_sees_them(
    house: House, clock: SetClock
) -> None:
    async with house.browser() as dana, house.browser() as bo:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()
        await dana.book(circle["id"])
        await dana.invite(circle["id"], "bo@example.org")
        [letter] = await house.letters(to="bo@example.org")
        clock.now = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
        joined = await bo.post(
            "/api/join", {"ticket": token_in(letter, "j"), "name": "Bo", "agreement": 1}
        )
        asked = await bo.post("/api/signin", {"address": "bo@example.org"})
        token = token_in((await house.letters(to="bo@example.org"))[-1], "in")
        signed_in = await bo.post("/api/signin/link", {"token": token})

    lines = [line for a in (joined, signed_in) for line in a.headers.get_list("set-cookie")]
    safe = {"path=/", "httponly", "secure", "samesite=strict"}
    assert [attributes(line) for line in lines] == [(SEAT, safe), (SESSION, safe)]
    assert "set-cookie" not in asked.headers


async def test_the_seat_cookie_ends_with_the_room(house: House, clock: SetClock) -> None:
    async with house.browser() as dana, house.browser() as bo:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()
        await dana.book(circle["id"])
        await dana.invite(circle["id"], "bo@example.org")
        [letter] = await house.letters(to="bo@example.org")
        clock.now = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
        joined = await bo.post(
            "/api/join", {"ticket": token_in(letter, "j"), "name": "Bo", "agreement": 1}
        )

    # 75 minutes, and 60 more until the room closes.
    assert f"Max-Age={135 * 60}" in joined.headers["set-cookie"]


async def test_nobody_can_read_or_make_a_seat_cookie(house: House, clock: SetClock) -> None:
    async with house.browser() as bo:
        for value in ("x", "gAAAAABl", "\x7f", "%00", "a" * 5000):
            bo.client.cookies.clear()
            bo.client.cookies.set(SEAT, value, domain="ronda.test", path="/")
            answer = await bo.post("/api/seat/pass")
            assert answer.status_code == 401
