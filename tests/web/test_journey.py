"""The way through, over HTTP: sign in, circle, series, invitations, answers, feed, door."""

from datetime import UTC, datetime

import icalendar

from tests.conftest import SetClock
from tests.house import House, calendar_in, token_in


async def test_from_an_empty_house_to_a_pass_for_the_room(
    house: House, clock: SetClock
) -> None:
    async with house.browser() as dana, house.browser() as guest:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()
        series = await dana.book(circle["id"])
        await dana.invite(circle["id"], "bo@example.org", "cy@example.org")

        [letter] = await house.letters(to="bo@example.org")
        answered = await guest.post(
            "/api/answer",
            {"token": token_in(letter, "a"), "series": series["id"], "answer": "yes"},
        )
        members = (await dana.get(f"/api/circles/{circle['id']}/members")).json()
        assert answered.status_code == 200
        assert {m["answer"] for m in members} == {None, "yes"}

        clock.now = datetime(2026, 3, 10, 16, 55, tzinfo=UTC)
        ticket = token_in(letter, "j")
        door = (await guest.post("/api/join/look", {"ticket": ticket})).json()
        entered = await guest.post(
            "/api/join",
            {"ticket": ticket, "name": "Bo", "agreement": door["agreement"]["version"]},
        )
        assert door["state"] == "open"
        assert entered.json()["socket"] == "wss://ronda.test/socket"
        assert (await guest.post("/api/seat/pass")).json()["pass"]


async def test_each_invited_person_gets_one_request_for_them_alone(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()
        await dana.book(circle["id"])
        await dana.invite(circle["id"], "bo@example.org", "cy@example.org")

    [letter] = await house.letters(to="bo@example.org")
    calendar = icalendar.Calendar.from_ical(calendar_in(letter))
    [event] = calendar.events

    assert calendar["METHOD"] == "REQUEST"
    assert event["ATTENDEE"] == "mailto:bo@example.org"
    assert len(await house.letters(to="cy@example.org")) == 1
