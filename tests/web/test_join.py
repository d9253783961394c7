"""The door over HTTP: who gets through, and what they see before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sessions import admission
from sessions.web.cookies import SEAT
from signaling.passes import verify
from tests.conftest import SetClock
from tests.house import Browser, House, token_in

OPEN = datetime(2026, 3, 10, 16, 55, tzinfo=UTC)
NAMES = ("bo", "cy")


async def a_circle_that_meets(house: House, dana: Browser) -> tuple[str, dict[str, str]]:
    """Its id, and the tickets of the two who are invited."""
    await dana.sign_in("dana@example.org")
    await dana.patch("/api/me", {"name": "Dana D."})
    circle = (await dana.make_circle())["id"]
    await dana.book(circle)
    await dana.invite(circle, *(f"{name}@example.org" for name in NAMES))
    letters = {name: (await house.letters(to=f"{name}@example.org"))[0] for name in NAMES}
    return circle, {name: token_in(letter, "j") for name, letter in letters.items()}


def entry(ticket: str, **changes: Any) -> dict[str, Any]:
    return {"ticket": ticket, "name": "Kim", "agreement": 1, **changes}


async def test_before_the_door_nobody_learns_who_else_is_invited(
    house: House, clock: SetClock
) -> None:
    async with house.browser() as dana, house.browser() as bo, house.browser() as cy:
        _, tickets = await a_circle_that_meets(house, dana)
        clock.now = OPEN
        await cy.post("/api/join", entry(tickets["cy"], name="Cyrus"))
        look = await bo.post("/api/join/look", {"ticket": tickets["bo"]})
        entered = await bo.post("/api/join", entry(tickets["bo"]))

    for answer in (look, entered):
        for word in ("Dana", "Cyrus", "cy@", "dana@", "members", "invited"):
            assert word not in answer.text


async def test_a_name_is_for_this_door_and_not_for_the_next_person(
    house: House, clock: SetClock
) -> None:
    """On a shared laptop the page must not say who sat there before."""
    async with house.browser() as dana, house.browser() as laptop:
        _, tickets = await a_circle_that_meets(house, dana)
        clock.now = OPEN
        await laptop.post("/api/join", entry(tickets["bo"], name="Bo B."))
        look = await laptop.post("/api/join/look", {"ticket": tickets["cy"]})

    assert look.json()["name"] == ""


async def test_without_the_agreement_the_door_stays_shut(house: House, clock: SetClock) -> None:
    async with house.browser() as dana, house.browser() as bo:
        circle, tickets = await a_circle_that_meets(house, dana)
        clock.now = OPEN
        unread = await bo.post("/api/join", entry(tickets["bo"], agreement=None))
        await dana.put(f"/api/circles/{circle}/agreement", {"text": "Kinder."})
        outdated = await bo.post("/api/join", entry(tickets["bo"], agreement=1))
        read = await bo.post("/api/join", entry(tickets["bo"], agreement=2))
        again = await bo.post("/api/join", entry(tickets["bo"], agreement=None))

    assert (unread.status_code, unread.json()["fields"].keys()) == (400, {"agreement"})
    assert (outdated.status_code, read.status_code, again.status_code) == (409, 200, 200)


@pytest.mark.parametrize(
    ("at", "status"),
    [
        (OPEN - timedelta(minutes=11), 409),
        (OPEN - timedelta(minutes=10), 200),
        (OPEN + timedelta(minutes=139), 200),
        (OPEN + timedelta(minutes=141), 409),
    ],
)
async def test_the_door_opens_before_and_closes_after(
    house: House, clock: SetClock, at: datetime, status: int
) -> None:
    async with house.browser() as dana, house.browser() as bo:
        _, tickets = await a_circle_that_meets(house, dana)
        clock.now = at
        assert (await bo.post("/api/join", entry(tickets["bo"]))).status_code == status


async def test_a_reload_comes_back_to_the_same_seat(house: House, clock: SetClock) -> None:
    async with house.browser() as dana, house.browser() as bo:
        _, tickets = await a_circle_that_meets(house, dana)
        clock.now = OPEN
        first = (await bo.post("/api/join", entry(tickets["bo"]))).json()["pass"]
        again = (await bo.post("/api/seat/pass")).json()["pass"]
        await bo.post("/api/seat/leave")
        left = await bo.post("/api/seat/pass")

    key, now = house.inside.keys.passes, clock.now.timestamp()
    passes = [verify(token, key, now) for token in (first, again)]
    assert passes[0].id != passes[1].id
    assert passes[0].seat == passes[1].seat
    assert passes[0].device == passes[1].device
    assert left.status_code == 401


async def test_the_role_comes_from_the_circle_and_never_from_the_browser(
    house: House, clock: SetClock
) -> None:
    async with house.browser() as dana, house.browser() as bo:
        _, tickets = await a_circle_that_meets(house, dana)
        clock.now = OPEN
        asked = await bo.post("/api/join", entry(tickets["bo"], role="facilitator"))
        token = (await bo.post("/api/join", entry(tickets["bo"]))).json()["pass"]

    given = verify(token, house.inside.keys.passes, clock.now.timestamp())
    assert asked.status_code == 400
    assert (given.role, given.lobby) == ("member", True)


async def test_whoever_was_removed_stays_out_with_ticket_seat_and_device(
    house: House, clock: SetClock
) -> None:
    async with house.browser() as dana, house.browser() as bo, house.browser() as phone:
        _, tickets = await a_circle_that_meets(house, dana)
        clock.now = OPEN
        token = (await bo.post("/api/join", entry(tickets["bo"]))).json()["pass"]
        given = verify(token, house.inside.keys.passes, clock.now.timestamp())
        async with house.inside.database.write() as db:
            await admission.note_removal(
                db, given.room, given.seat, given.device, now=clock.now
            )

        refused = [
            await bo.post("/api/seat/pass"),
            await bo.post("/api/join", entry(tickets["bo"])),
            await phone.post("/api/join", entry(tickets["bo"])),
            await bo.post("/api/join", entry(tickets["cy"])),  # on the same device
        ]
        look = await phone.post("/api/join/look", {"ticket": tickets["bo"]})
        other = await phone.post("/api/join", entry(tickets["cy"]))

    assert [a.json()["type"] for a in refused] == ["/problems/removed"] * 4
    assert look.json()["state"] == "removed"
    assert other.status_code == 200


async def test_whoever_is_let_go_loses_ticket_and_seat_at_once(
    house: House, clock: SetClock
) -> None:
    async with house.browser() as dana, house.browser() as bo:
        circle, tickets = await a_circle_that_meets(house, dana)
        clock.now = OPEN
        await bo.post("/api/join", entry(tickets["bo"]))
        members = (await dana.get(f"/api/circles/{circle}/members")).json()
        [member] = [m["id"] for m in members if m["address"].startswith("b")]
        await dana.delete(f"/api/circles/{circle}/members/{member}")

        assert (await bo.post("/api/seat/pass")).status_code == 401
        assert (await bo.post("/api/join", entry(tickets["bo"]))).status_code == 404


async def test_a_seat_of_another_house_is_none(house: House, clock: SetClock) -> None:
    async with house.browser() as dana, house.browser() as bo:
        _, tickets = await a_circle_that_meets(house, dana)
        clock.now = OPEN
        await bo.post("/api/join", entry(tickets["bo"]))
        sealed = bo.client.cookies[SEAT]
        bo.client.cookies.clear()
        changed = sealed[:-8] + ("A" if sealed[-8] != "A" else "B") + sealed[-7:]
        bo.client.cookies.set(SEAT, changed, domain="ronda.test", path="/")

        assert (await bo.post("/api/seat/pass")).status_code == 401
