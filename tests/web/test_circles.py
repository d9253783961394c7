"""Circles over HTTP: who sees what of whom."""

from uuid import UUID

import pytest

from sessions.circles import Circle
from sessions.limits import Limit
from sessions.visits import Visits
from tests.house import House, token_in


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


async def test_asking_an_open_circle_tells_nobody_who_is_in_it_or_how_many(
    house: House,
) -> None:
    async with house.browser() as dana, house.browser() as stranger:
        await dana.sign_in("dana@example.org")
        full, roomy = [
            (await dana.make_circle(openness="open", seats=seats))["id"] for seats in (2, 12)
        ]
        answers = []
        for circle in (full, roomy):
            await dana.invite(circle, "bo@example.org")
            for address in ("bo@example.org", "cy@example.org"):
                ask = {"address": address}
                answers.append(await stranger.post(f"/api/open-circles/{circle}/ask", ask))

    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"{}")}


async def test_the_link_into_a_full_circle_leads_nowhere_and_counts_nobody(
    house: House,
) -> None:
    async with house.browser() as dana, house.browser() as cy:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle(openness="open", seats=2))["id"]
        await dana.invite(circle, "bo@example.org")
        await cy.post(f"/api/open-circles/{circle}/ask", {"address": "cy@example.org"})
        link = {"token": token_in((await house.letters(to="cy@example.org"))[-1], "ask")}
        looked = await cy.post("/api/join-request/look", link)
        refused = await cy.post("/api/join-request/confirm", link)

    assert looked.json().keys() == {"circle_name", "purpose", "address"}
    assert refused.status_code == 409
    assert not any(sign in refused.text for sign in ("2", "full", "taken"))


async def test_a_circle_that_was_closed_to_new_people_cannot_be_asked_any_more(
    house: House,
) -> None:
    async with house.browser() as dana, house.browser() as cy:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle(openness="open"))["id"]
        await cy.post(f"/api/open-circles/{circle}/ask", {"address": "cy@example.org"})
        link = {"token": token_in((await house.letters(to="cy@example.org"))[-1], "ask")}
        await dana.patch(f"/api/circles/{circle}", {"openness": "invitation"})
        asked = await cy.post(f"/api/open-circles/{circle}/ask", {"address": "di@example.org"})
        looked = await cy.post("/api/join-request/look", link)

    assert (asked.status_code, looked.status_code) == (404, 410)
    assert "Lantern" not in looked.text


async def test_whoever_is_asked_to_facilitate_sees_it_and_gets_no_power_from_it(
    house: House,
) -> None:
    async with house.browser() as dana, house.browser() as bo:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        await dana.invite(circle, "bo@example.org")
        path = f"/api/circles/{circle}"
        members = (await dana.get(f"{path}/members")).json()
        [member] = [one["id"] for one in members if one["role"] == "member"]
        await dana.patch(f"{path}/members/{member}", {"role": "facilitator"})
        await bo.sign_in("bo@example.org")
        [seen] = (await bo.get("/api/circles")).json()
        looked = await bo.get(f"{path}/members")
        members = (await dana.get(f"{path}/members")).json()
        accepted = (await bo.post(f"{path}/offer/accept")).json()

    assert (seen["role"], seen["offered"], seen["members"]) == ("member", True, None)
    assert looked.status_code == 403
    assert [one["role"] for one in members if one["offered_at"]] == ["member"]
    assert (accepted["role"], accepted["offered"]) == ("facilitator", False)


async def test_a_circle_says_what_leaving_it_means(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        await dana.sign_in("dana@example.org")
        path = f"/api/circles/{(await dana.make_circle())['id']}"
        alone = (await dana.get(path)).json()["leaving"]
        await dana.invite(path.rpartition("/")[2], "bo@example.org")
        await bo.sign_in("bo@example.org")
        last, member = [(await one.get(path)).json()["leaving"] for one in (dana, bo)]
        refused = await dana.post(f"{path}/leave")
        await bo.post(f"{path}/leave")
        closed = await dana.post(f"{path}/leave")

    assert (alone, last, member) == ("closes", "last", "free")
    assert (refused.status_code, closed.status_code) == (409, 204)


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


async def test_who_reads_the_public_list_all_the_time_is_told_to_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Visits(Limit("open", most=2, seconds=600))
    monkeypatch.setitem(house.app.state, "house", house.inside._replace(visits=few))
    async with house.browser() as stranger:
        answers = [await stranger.get("/api/open-circles") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_the_public_list_tells_the_next_date_that_takes_place(house: House) -> None:
    async with house.browser() as dana, house.browser() as stranger:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle(openness="open"))["id"]
        none_yet = (await stranger.get("/api/open-circles")).json()
        await dana.book(circle, start="2026-03-01T09:00:00", rule={"weekdays": ["SU"]})
        series = await dana.book(circle)
        sunday = (await stranger.get("/api/open-circles")).json()
        first = (await dana.get("/api/me/next")).json()[0]
        path = f"/api/series/{first['series']}/occurrences/{first['original']}"
        await dana.post(f"{path}/cancel")
        tuesday = (await stranger.get("/api/open-circles")).json()

    assert none_yet[0]["next"] is None
    assert sunday[0]["next"]["starts_at"] == "2026-03-08T07:00:00Z"
    assert tuesday[0]["next"]["starts_at"] == series["next"][0]["starts_at"]
