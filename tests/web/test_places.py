"""The page of one date, places that are few, and the door of an open circle, over HTTP."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import icalendar

from sessions.waiting import PER_MEMBER
from tests.conftest import SetClock
from tests.house import PUBLIC_URL, Browser, House, token_in

NAMES = ("bo", "cy", "di")


class Evening:
    """A series with one place on each date, and the answer links of three who are invited."""

    def __init__(self, dana: Browser, series: dict[str, Any], links: dict[str, str]) -> None:
        self.dana = dana
        self.clock = dana.house.inside.clock
        self.series = series["id"]
        self.original = series["next"][0]["original"]
        self.links = links

    async def say(self, who: str, word: str = "yes") -> dict[str, Any]:
        assert isinstance(self.clock, SetClock)
        self.clock.forward(timedelta(seconds=1))
        return await self.by_link("/api/answer", who, answer=word)

    async def by_link(self, path: str, who: str, **more: Any) -> dict[str, Any]:
        date = {"series": self.series, "original": self.original}
        answer = await self.dana.post(path, {"token": self.links[who], **date, **more})
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    @property
    def page(self) -> str:
        return f"/api/series/{self.series}/dates/{self.original}"


async def prepared(house: House, dana: Browser, **changes: Any) -> Evening:
    await dana.sign_in("dana@example.org")
    circle = (await dana.make_circle(name="Lantern", openness="open", seats=5))["id"]
    await dana.invite(circle, *(f"{name}@example.org" for name in NAMES))
    series = await dana.book(circle, **{"seats": 1, "agenda": "grief", **changes})
    links = {
        name: token_in((await house.letters(to=f"{name}@example.org"))[-1], "a")
        for name in NAMES
    }
    return Evening(dana, series, links)


async def test_the_answer_says_what_it_came_to(house: House) -> None:
    async with house.browser() as dana:
        evening = await prepared(house, dana)

        assert (await evening.say("bo"))["place"] == "held"
        seen = await evening.say("cy")

    assert seen["place"] == "waiting"
    [first, *_] = seen["dates"]
    assert (first["place"], first["seats"], first["full"]) == ("waiting", 1, True)
    assert not first["can_take"]


async def test_an_offered_place_can_be_taken_and_passed_on_by_the_link(house: House) -> None:
    async with house.browser() as dana:
        evening = await prepared(house, dana)
        for name in NAMES:
            await evening.say(name)
        await evening.say("bo", "no")
        letters = await house.letters(to="cy@example.org")
        assert letters[-1]["Subject"].startswith("A place is free: Appointment,")

        passed = await evening.by_link("/api/answer/pass", "cy")
        taken = await evening.by_link("/api/answer/accept", "di")

    assert (passed["place"], passed["dates"][0]["answer"]) == (None, "no")
    assert taken["place"] == "held"


async def test_signed_in_it_is_the_same(house: House) -> None:
    async with house.browser() as dana, house.browser() as cy:
        evening = await prepared(house, dana)
        await cy.sign_in("cy@example.org")
        date = {"series": evening.series, "original": evening.original}
        await evening.say("bo")
        answer = await cy.post("/api/me/answers", {**date, "answer": "yes"})
        assert answer.json() == {"place": "waiting", "offered_until": None, "can_take": False}
        assert (await cy.post("/api/me/accept", date)).status_code == 409
        await evening.say("bo", "maybe")

        seen = (await cy.get(evening.page)).json()
        assert (seen["place"], seen["can_take"], seen["full"]) == ("offered", True, True)
        upcoming = (await cy.get("/api/me/next")).json()[0]
        assert (upcoming["place"], upcoming["offered_until"]) == (
            "offered", seen["offered_until"],
        )  # fmt: skip
        assert (await cy.post("/api/me/accept", date)).json()["place"] == "held"
        assert (await cy.post("/api/me/pass", date)).json()["place"] is None


async def test_what_others_answer_shows_only_in_whether_there_is_a_place(
    house: House,
) -> None:
    async with house.browser() as dana, house.browser() as cy:
        evening = await prepared(house, dana, seats=3)
        await cy.sign_in("cy@example.org")
        look = {"token": evening.links["cy"]}

        async def seen() -> tuple[str, Any]:
            by_link = await dana.post("/api/answer/look", look)
            return by_link.text, (await cy.get(evening.page)).json()

        nobody = await seen()
        await evening.say("bo")
        one = await seen()
        await evening.say("di")
        await evening.say("cy")
        full = await seen()

    assert one == nobody
    assert not one[1]["full"]
    assert full[1]["full"]


async def test_one_person_answers_so_often_an_hour_and_others_still_can(
    house: House, clock: SetClock
) -> None:
    async with house.browser(language="he") as dana:
        evening = await prepared(house, dana)
        date = {"series": evening.series, "original": evening.original}
        answer = {"token": evening.links["bo"], **date, "answer": "maybe"}
        given = [await dana.post("/api/answer", answer) for _ in range(PER_MEMBER.most)]
        refused = await dana.post("/api/answer", answer)
        passed = await dana.post("/api/answer/pass", {"token": evening.links["bo"], **date})
        other = await evening.say("cy")
        clock.forward(timedelta(hours=1))
        later = await dana.post("/api/answer", answer)

    assert {each.status_code for each in given} == {200}
    assert (refused.status_code, refused.headers["content-language"]) == (429, "he")
    assert (passed.status_code, later.status_code) == (429, 200)
    assert other["place"] == "held"


async def test_the_page_of_a_date_tells_members_no_names_and_no_counts(house: House) -> None:
    async with house.browser() as dana, house.browser() as cy:
        evening = await prepared(house, dana)
        await cy.sign_in("cy@example.org")
        await evening.say("bo")

        members = await cy.get(evening.page)
        facilitators = (await dana.get(evening.page)).json()
        answers = f"/api/series/{evening.series}/answers/{evening.original}"
        who = (await dana.get(answers)).json()

    assert members.json()["occurrence"]["going"] is None
    assert "b…@" not in members.text
    assert facilitators["occurrence"]["going"] == {"yes": 1, "maybe": 0, "no": 0, "waiting": 0}
    assert {(one["name"], one["answer"], one["place"]) for one in who} >= {
        ("b…@e….org", "yes", "held"), ("c…@e….org", None, None),
    }  # fmt: skip


class TestCalendarFile:
    async def _event(self, browser: Browser, path: str, body: object) -> icalendar.Event:
        answer = await browser.post(path, body)
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert 'filename="appointment.ics"' in answer.headers["content-disposition"]
        [event] = icalendar.Calendar.from_ical(answer.content).events
        return event

    async def test_one_date_is_an_event_of_its_own_with_the_personal_link(
        self, house: House
    ) -> None:
        async with house.browser() as dana, house.browser() as cy:
            evening = await prepared(house, dana)
            await cy.sign_in("cy@example.org")
            event = await self._event(cy, f"{evening.page}/calendar", {})
            by_link = await self._event(
                cy,
                "/api/answer/calendar",
                {
                    "token": evening.links["cy"],
                    "series": evening.series,
                    "original": evening.original,
                },
            )

        assert event == by_link
        assert event["SUMMARY"] == "Appointment"
        assert str(event["URL"]).startswith(f"{PUBLIC_URL}/j#")
        assert event.start.isoformat() == "2026-03-10T19:00:00+02:00"
        assert "RRULE" not in event
        assert "RECURRENCE-ID" not in event
        assert b"Lantern" not in event.to_ical()

    async def test_links_to_calendar_services_hold_a_neutral_word_and_no_secret(
        self, house: House
    ) -> None:
        async with house.browser() as dana:
            evening = await prepared(house, dana, title="Evening of grief")
            await dana.patch("/api/me", {"detail": "full"})
            seen = (await dana.get(evening.page)).json()

        google = parse_qs(urlsplit(seen["prefilled"]["google"]).query)
        outlook = parse_qs(urlsplit(seen["prefilled"]["outlook"]).query)
        assert google == {
            "action": ["TEMPLATE"],
            "text": ["Appointment"],
            "dates": ["20260310T170000Z/20260310T181500Z"],
        }
        assert outlook["subject"] == ["Appointment"]
        ticket = seen["ticket_url"].partition("#")[2]
        assert ticket not in str(seen["prefilled"])

    async def test_a_link_gives_no_file_of_another_circle(self, house: House) -> None:
        async with house.browser() as dana:
            evening = await prepared(house, dana)
            other = await dana.book((await dana.make_circle())["id"])
            answer = await dana.post(
                "/api/answer/calendar",
                {
                    "token": evening.links["cy"],
                    "series": other["id"],
                    "original": other["next"][0]["original"],
                },
            )

        assert answer.status_code == 404


class TestSkippedDates:
    async def test_nobody_is_asked_about_a_date_that_was_never_announced(
        self, house: House
    ) -> None:
        async with house.browser() as dana, house.browser() as cy:
            evening = await prepared(house, dana, skip=["2026-03-17T19:00:00"])
            await cy.sign_in("cy@example.org")
            upcoming = (await cy.get("/api/me/next")).json()
            answers = await cy.post("/api/answer/look", {"token": evening.links["cy"]})
            page = await cy.get(f"/api/series/{evening.series}/dates/2026-03-17T19:00:00")

        for dates in (upcoming, answers.json()["dates"]):
            assert "2026-03-17T19:00:00" not in {date["original"] for date in dates}
        assert page.status_code == 404


class TestComingIn:
    async def test_whoever_asks_is_in_once_they_have_confirmed(
        self, house: House, clock: SetClock
    ) -> None:
        async with house.browser() as dana, house.browser() as fay:
            await prepared(house, dana)
            [circle] = (await fay.get("/api/open-circles")).json()
            ask = f"/api/open-circles/{circle['id']}/ask"
            await fay.post(ask, {"address": "fay@example.org"})
            members = f"/api/circles/{circle['id']}/members"
            assert len((await dana.get(members)).json()) == 4

            [letter] = await house.letters(to="fay@example.org")
            token = {"token": token_in(letter, "ask")}
            clock.forward(timedelta(hours=23))
            looks = [await fay.post("/api/join-request/look", token) for _ in range(2)]
            confirmed = await fay.post("/api/join-request/confirm", token)
            again = await fay.post("/api/join-request/confirm", token)

            assert looks[1].json() == {
                "circle_name": "Lantern",
                "purpose": "To listen.",
                "address": "f…@e….org",
            }
            assert (confirmed.status_code, again.status_code) == (200, 410)
            assert len((await dana.get(members)).json()) == 5
            assert len(await house.letters(to="fay@example.org")) == 2
            assert "set-cookie" not in confirmed.headers


async def test_reminders_are_chosen_from_what_there_is(house: House) -> None:
    async with house.browser() as dana:
        person = await dana.sign_in("dana@example.org")
        assert person["reminders"] == [1440]

        chosen = await dana.patch("/api/me", {"reminders": [1440, 60, 60]})
        assert chosen.json()["reminders"] == [60, 1440]
        assert (await dana.patch("/api/me", {"name": "D"})).json()["reminders"] == [60, 1440]
        assert (await dana.patch("/api/me", {"reminders": []})).json()["reminders"] == []
        for wrong in ([7], ["x"], [60] * 7, 60, [None]):
            refused = await dana.patch("/api/me", {"reminders": wrong})
            assert refused.status_code == 400
            assert refused.json()["fields"].keys() == {"reminders"}
