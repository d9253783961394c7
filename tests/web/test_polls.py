"""Polls over HTTP: who sees what of them."""

from typing import Any

import pytest

from tests.house import Browser, House, token_in

BO, CY = "bo@example.org", "cy@example.org"
THURSDAY, FRIDAY = "2026-03-12T19:00:00", "2026-03-13T10:00:00"
PLAN = {
    "title": "First evening",
    "zone": "Asia/Jerusalem",
    "minutes": 60,
    "times": [THURSDAY, FRIDAY],
    "until": "2026-03-10",
}


async def asked(house: House, dana: Browser) -> tuple[str, str]:
    """A poll in a circle with Bo and Cy, and Bo's link to it."""
    await dana.sign_in("dana@example.org")
    circle = (await dana.make_circle())["id"]
    await dana.invite(circle, BO, CY)
    poll = (await dana.post(f"/api/circles/{circle}/polls", PLAN)).json()
    letter = (await house.letters(to=BO))[-1]
    return poll["id"], token_in(letter, "a")


def people(poll: dict[str, Any]) -> list[Any]:
    return [time["people"] for time in poll["times"]]


async def test_who_said_what_is_for_facilitators_alone(house: House) -> None:
    async with house.browser() as dana, house.browser() as cy:
        poll, token = await asked(house, dana)
        said = {"answers": [{"start": THURSDAY, "answer": "yes"}]}
        by_link = await dana.post("/api/answer/polls", {"token": token, "poll": poll, **said})
        await cy.sign_in(CY)
        seen = (await cy.get(f"/api/polls/{poll}")).json()
        led = (await dana.get(f"/api/polls/{poll}")).json()

    assert people(seen) == [None, None]
    assert seen["asked"] is None
    assert [time["yes"] for time in seen["times"]] == [1, 0]
    assert people(by_link.json()[0]) == [None, None]
    names = {one["name"]: one["answer"] for one in people(led)[0]}
    assert names == {"d…@e….org": None, "b…@e….org": "yes", "c…@e….org": None}


async def test_a_link_shows_polls_that_are_open(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        poll, token = await asked(house, dana)
        [open_one] = (await bo.post("/api/answer/polls/look", {"token": token})).json()
        await dana.post(f"/api/polls/{poll}/close")
        closed = (await bo.post("/api/answer/polls/look", {"token": token})).json()

    assert (open_one["title"], open_one["open"]) == ("First evening", True)
    assert closed == []


async def test_the_clock_is_named_where_it_skips_a_time(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        skipped = PLAN | {"times": [THURSDAY, "2026-03-27T02:30:00"]}
        answer = await dana.post(f"/api/circles/{circle}/polls", skipped)

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["times"]
    assert "03:00" in answer.json()["detail"]


async def test_the_booked_time_is_a_series_and_the_poll_says_which(house: House) -> None:
    async with house.browser() as dana:
        poll, _ = await asked(house, dana)
        booked = await dana.post(
            f"/api/polls/{poll}/book", {"start": FRIDAY, "again": "monthly", "count": 3}
        )
        series = (await dana.get(f"/api/series/{booked.json()['series']}")).json()
        seen = (await dana.get(f"/api/polls/{poll}")).json()

    assert booked.status_code == 201
    assert (series["rule"]["frequency"], series["rule"]["position"]) == ("monthly", 2)
    assert (seen["booked"], seen["open"]) == (series["id"], False)


@pytest.mark.parametrize("times", [[], [FRIDAY] * 21])
async def test_there_are_between_one_and_twenty_times(house: House, times: list[str]) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        answer = await dana.post(f"/api/circles/{circle}/polls", PLAN | {"times": times})

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["times"]
