"""Circles over HTTP: who sees what of whom."""

from uuid import UUID

import pytest

from sessions.circles import Circle
from tests.house import House


async def test_facilitators_see_masked_addresses_and_members_see_no_list(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        await dana.invite(circle, "bo@example.org", "cy@example.org")
        await bo.sign_in("bo@example.org")
        listed = await dana.get(f"/api/circles/{circle}/members")
        seen = [await bo.get("/api/circles"), await bo.get(f"/api/circles/{circle}")]
        refused = await bo.get(f"/api/circles/{circle}/members")

    assert "@example.org" not in listed.text
    assert {m["address"] for m in listed.json()} == {"d…@e….org", "b…@e….org", "c…@e….org"}
    assert refused.status_code == 403
    for answer in seen:
        assert '"members":null' in answer.text
        assert "example" not in answer.text


async def test_one_bad_address_and_nobody_is_invited(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        answer = await dana.post(
            f"/api/circles/{circle}/invitations",
            {"addresses": ["bo@example.org", "cy@example.org\r\nBcc: x@example.org"]},
        )
        members = (await dana.get(f"/api/circles/{circle}/members")).json()

    assert answer.status_code == 400
    assert answer.json()["fields"].keys() == {"addresses"}
    assert len(members) == 1
    assert await house.letters(to="bo@example.org") == []


async def test_an_address_that_was_invited_twice_is_invited_once(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        answer = await dana.post(
            f"/api/circles/{circle}/invitations",
            {"addresses": ["bo@example.org", "BO@example.org", "dana@example.org"]},
        )

    assert answer.json() == {"invited": 1, "already": 1}


async def test_a_full_circle_takes_nobody_and_no_half_of_a_list(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle(seats=3))["id"]
        answer = await dana.post(
            f"/api/circles/{circle}/invitations",
            {"addresses": [f"{n}@example.org" for n in range(3)]},
        )
        members = (await dana.get(f"/api/circles/{circle}/members")).json()

    assert answer.status_code == 409
    assert len(members) == 1


async def test_the_public_list_shows_open_circles_and_nobody_in_them(house: House) -> None:
    async with house.browser() as dana, house.browser() as stranger:
        await dana.sign_in("dana@example.org")
        await dana.patch("/api/me", {"name": "Dana D."})
        await dana.make_circle(name="Closed")
        circle = await dana.make_circle(name="Open to all", openness="open")
        await dana.invite(circle["id"], "bo@example.org")
        listed = await stranger.get("/api/open-circles")

    [only] = listed.json()
    assert only.keys() == {"id", "name", "purpose", "languages", "next"}
    assert only["name"] == "Open to all"
    assert "Dana" not in listed.text


@pytest.mark.parametrize("seats", [2, 12])
async def test_asking_an_open_circle_tells_nobody_who_belongs_to_it(
    house: House, seats: int
) -> None:
    """Not even when it is full."""
    async with house.browser() as dana, house.browser() as stranger:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle(openness="open", seats=seats))["id"]
        await dana.invite(circle, "bo@example.org")
        member = await stranger.post(
            f"/api/open-circles/{circle}/ask", {"address": "bo@example.org"}
        )
        other = await stranger.post(
            f"/api/open-circles/{circle}/ask", {"address": "cy@example.org"}
        )

    assert member.status_code == other.status_code
    assert member.content == other.content


async def test_whoever_was_let_go_does_not_come_back_by_asking(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle(openness="open"))["id"]
        await dana.invite(circle, "bo@example.org")
        await bo.sign_in("bo@example.org")
        members = (await dana.get(f"/api/circles/{circle}/members")).json()
        [member] = [m["id"] for m in members if m["address"].startswith("b")]
        await dana.delete(f"/api/circles/{circle}/members/{member}")

        asked = await bo.post(f"/api/open-circles/{circle}/ask", {"address": "bo@example.org"})

        assert asked.status_code == 202
        assert (await bo.get(f"/api/circles/{circle}")).status_code == 404


async def test_the_last_facilitator_cannot_be_let_go(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        await dana.invite(circle, "bo@example.org")
        members = (await dana.get(f"/api/circles/{circle}/members")).json()
        [me] = [m["id"] for m in members if m["role"] == "facilitator"]

        assert (await dana.delete(f"/api/circles/{circle}/members/{me}")).status_code == 409


async def test_a_circle_that_hides_can_be_changed_after_the_relay_has_gone(
    house: House,
) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()
        async with house.inside.database.write() as db:
            (await db.get_one(Circle, UUID(circle["id"]))).hide_addresses = True

        renamed = await dana.patch(f"/api/circles/{circle['id']}", {"name": "Lamp"})
        shown = await dana.patch(f"/api/circles/{circle['id']}", {"hide_addresses": False})
        hidden = await dana.patch(f"/api/circles/{circle['id']}", {"hide_addresses": True})

    assert renamed.json()["name"] == "Lamp"
    assert [shown.status_code, hidden.status_code] == [200, 400]
