"""Series over HTTP: looked at before they are booked, and changed with open eyes."""

from typing import Any

import pytest

from tests.house import WEEKLY, Browser, House
from tests.web.tables import everything

PLAN = {key: value for key, value in WEEKLY.items() if key != "title"}
TEN = {**PLAN, "rule": {"weekdays": ["TU"], "count": 10}}
BO = "bo@example.org"


async def booked(house: House, dana: Browser, **changes: Any) -> dict[str, Any]:
    """Bo has it in his calendar."""
    await dana.sign_in("dana@example.org")
    circle = (await dana.make_circle())["id"]
    series = await dana.book(circle, **changes)
    await dana.invite(circle, BO)
    await house.letters()
    return series


def path(series: dict[str, Any], what: str = "") -> str:
    return f"/api/series/{series['id']}{what}"


class TestPreview:
    async def test_it_tells_how_many_dates_there_are_and_the_last(self, house: House) -> None:
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            skip = ["2026-03-17T19:00:00", "2026-05-12T19:00:00"]
            seen = (await dana.post("/api/preview", {**TEN, "skip": skip})).json()
            endless = (await dana.post("/api/preview", PLAN)).json()

        assert (seen["total"], seen["last"]) == (8, "2026-05-05T19:00:00")
        assert [d["original"] for d in seen["dates"] if d["skipped"]] == skip
        assert (endless["total"], endless["last"]) == (None, None)

    async def test_a_skipped_day_that_is_none_is_named(self, house: House) -> None:
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            plan = {**TEN, "skip": ["2026-03-18T19:00:00"]}
            answer = await dana.post("/api/preview", plan)

        assert answer.status_code == 400
        assert answer.json()["fields"].keys() == {"skip"}

    @pytest.mark.parametrize(
        ("rule", "dates"),
        [
            ({"frequency": "monthly", "day": 10}, ["03-10", "04-10", "05-10"]),
            (
                {"frequency": "monthly", "weekdays": ["TU"], "position": 2},
                ["03-10", "04-14", "05-12"],
            ),
            (
                {"weekdays": ["TU", "SU"], "interval": 2, "week_start": "SU"},
                ["03-10", "03-22", "03-24"],
            ),
        ],
    )
    async def test_every_pattern_is_understood(
        self, house: House, rule: dict[str, Any], dates: list[str]
    ) -> None:
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            plan = {**PLAN, "rule": rule, "count": 3}
            seen = (await dana.post("/api/preview", plan)).json()

        assert [date["original"][5:10] for date in seen["dates"]] == dates

    async def test_clashes_with_what_is_booked_are_shown(self, house: House) -> None:
        async with house.browser() as dana:
            series = await booked(house, dana)
            plan = {**TEN, "start": "2026-03-10T18:30:00", "circle": series["circle"]}
            seen = (await dana.post("/api/preview", plan)).json()

        assert seen["clashes_total"] == 10
        assert seen["clashes"][0]["original"] == "2026-03-10T18:30:00"


class TestChange:
    async def test_it_says_who_will_be_told_and_then_does_it(self, house: House) -> None:
        async with house.browser() as dana:
            series = await booked(house, dana)
            before = await everything(house.inside.database)
            wish = {
                "scope": "following",
                "original": series["next"][2]["original"],
                "to": "2026-03-24T20:00:00",
            }
            dry = await dana.post(path(series, "/change"), {**wish, "dry": True})
            assert await everything(house.inside.database) == before
            done = await dana.post(path(series, "/change"), wish)
            letters = await house.letters(to=BO)

        assert (dry.status_code, done.status_code) == (200, 200)
        promise, deed = dry.json(), done.json()
        assert promise["means"] == deed["means"]
        assert (promise["dry"], deed["dry"]) == (True, False)
        assert deed["means"]["told"] == [
            {"name": "b…@e….org", "how": "mail", "kind": "request"},
            {"name": "b…@e….org", "how": "mail", "kind": "new_series"},
        ]
        assert (deed["means"]["people"], deed["means"]["mails"]) == (1, 2)
        assert deed["means"]["sentences"][0].startswith("The time is another one")
        assert deed["series"]["follows"] == series["id"]
        assert deed["series"]["next"][0]["local"] == "2026-03-24T20:00:00"
        assert len(letters) == 3

    async def test_sentences_are_in_the_language_of_the_page(self, house: House) -> None:
        async with house.browser(language="he") as dana:
            series = await booked(house, dana)
            answer = await dana.post(
                path(series, "/change"), {"scope": "all", "minutes": 60, "dry": True}
            )

        assert answer.json()["means"]["sentences"] == ["הודעות דואר שיישלחו: 1."]

    async def test_null_is_another_word_than_nothing(self, house: House) -> None:
        async with house.browser() as dana:
            series = await booked(house, dana, seats=8, agenda="story")
            change = path(series, "/change")
            same = (await dana.post(change, {"scope": "all", "minutes": 60})).json()
            free = (await dana.post(change, {"scope": "all", "seats": None})).json()
            once = (await dana.post(change, {"scope": "all", "rule": None})).json()

        assert (same["series"]["seats"], same["series"]["agenda"]) == (8, "story")
        assert same["series"]["rule"] == series["rule"]
        assert free["series"]["seats"] is None
        assert once["series"]["rule"] is None

    async def test_a_date_shows_what_is_its_own(self, house: House) -> None:
        async with house.browser() as dana:
            series = await booked(house, dana, seats=8)
            wish = {"title": "Guest", "seats": 4, "minutes": 90, "agenda": "silent"}
            original = series["next"][0]["original"]
            answer = await dana.post(
                path(series, "/change"), {"scope": "one", "original": original, **wish}
            )

        first, second = answer.json()["series"]["next"][:2]
        assert {key: first[key] for key in wish} == wish
        assert (second["title"], second["seats"], second["minutes"]) == (None, 8, 75)
        assert first["going"] == {"yes": 0, "maybe": 0, "no": 0, "waiting": 0}

    async def test_a_date_without_a_number_of_its_own_has_the_places_of_its_series(
        self, house: House
    ) -> None:
        async with house.browser() as dana:
            series = await booked(house, dana, seats=8)
            change, original = path(series, "/change"), series["next"][0]["original"]
            wish = {"scope": "one", "original": original}
            fewer = (await dana.post(change, wish | {"seats": 4})).json()["series"]["next"]
            again = (await dana.post(change, wish | {"seats": None})).json()["series"]["next"]

        assert [date["seats"] for date in fewer[:2]] == [4, 8]
        assert [date["seats"] for date in again[:2]] == [8, 8]

    async def test_the_field_that_is_wrong_is_named(self, house: House) -> None:
        async with house.browser() as dana:
            series = await booked(house, dana)
            change = path(series, "/change")
            gap = {"scope": "one", "original": series["next"][0]["original"]}
            answers = [
                await dana.post(change, {**gap, "to": "2026-03-27T02:30:00"}),
                await dana.post(change, {"scope": "one"}),
                await dana.post(change, {"scope": "all", "zone": "Asia/Atlantis"}),
                await dana.post(change, {"scope": "all", "to": "2026-01-06T19:00:00"}),
            ]

        assert [answer.status_code for answer in answers] == [400] * 4
        fields = [list(answer.json()["fields"]) for answer in answers]
        assert fields == [["to"], ["original"], ["zone"], ["to"]]
        nearest = [answer.json().get("nearest") for answer in answers]
        assert nearest == ["03:00", None, None, None]  # where a rule can tell a good one


class TestDates:
    async def test_a_month_is_shown_with_what_was_skipped_to_facilitators_alone(
        self, house: House
    ) -> None:
        async with house.browser() as dana, house.browser() as bo:
            series = await booked(house, dana, skip=["2026-04-14T19:00:00"])
            await bo.sign_in(BO)
            april = path(series, "/dates?after=2026-03-31T21:00:00Z&before=2026-05-01T00:00:00")
            seen = [(await browser.get(april)).json() for browser in (dana, bo)]

        days = [[date["original"][8:10] for date in dates] for dates in seen]
        assert days == [["07", "14", "21", "28"], ["07", "21", "28"]]
        assert seen[1][0]["going"] is None

    @pytest.mark.parametrize(
        "query", ["", "?after=x&before=y", "?after=2026-01-01T00:00:00Z",
                  "?after=0001-01-01T00:00:00&before=9999-12-31T00:00:00Z"],
    )  # fmt: skip
    async def test_two_good_moments_are_needed(self, house: House, query: str) -> None:
        async with house.browser() as dana:
            series = await booked(house, dana)
            answer = await dana.get(path(series, f"/dates{query}"))

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_there_is_an_end_to_what_is_shown(self, house: House) -> None:
        async with house.browser() as dana:
            series = await booked(house, dana)
            answer = await dana.get(
                path(series, "/dates?after=2026-01-01T00:00:00Z&before=2090-01-01T00:00:00Z")
            )

        assert len(answer.json()) == 400


class TestMore:
    async def test_an_extra_date_stands_beside_the_rule_and_goes_with_it(
        self, house: House
    ) -> None:
        async with house.browser() as dana:
            series = await booked(house, dana)
            date = {"start": "2026-03-12T18:00:00", "minutes": 30, "title": "Once more"}
            dry = await dana.post(path(series, "/extra"), {**date, "dry": True})
            headers = {"Idempotency-Key": "one tap"}
            for _ in range(2):
                done = await dana.post(path(series, "/extra"), date, headers=headers)
            with_extra = (await dana.get(path(series))).json()
            await dana.post(path(series, "/cancel"))
            gone = (await dana.get(path(series))).json()
            back = (await dana.post(path(series, "/restore"))).json()["series"]

        assert dry.json()["means"]["mails"] == 1
        assert done.json()["means"]["mails"] == 0, "said once already"
        [extra] = with_extra["extras"]
        assert (extra["title"], extra["minutes"]) == ("Once more", 30)
        assert done.json()["series"]["extra_of"] == series["id"]
        assert (gone["cancelled"], gone["extras"][0]["cancelled"]) == (True, True)
        assert (back["cancelled"], back["extras"][0]["cancelled"]) == (False, False)

    async def test_a_series_is_cloned_into_another_circle_of_ones_own(
        self, house: House
    ) -> None:
        async with house.browser() as dana, house.browser() as olga:
            series = await booked(house, dana)
            await olga.sign_in("olga@example.org")
            hers = (await olga.make_circle())["id"]
            mine = (await dana.make_circle())["id"]
            start = {"start": "2026-06-04T19:00:00"}
            done = await dana.post(path(series, "/clone"), {**start, "circle": mine})
            foreign = await dana.post(path(series, "/clone"), {**start, "circle": hers})

        clone = done.json()["series"]
        assert (clone["circle"], clone["title"]) == (mine, series["title"])
        assert clone["rule"]["weekdays"] == ["TH"]
        assert foreign.status_code == 404

    async def test_cancelling_a_date_says_first_what_it_means(self, house: House) -> None:
        async with house.browser() as dana:
            series = await booked(house, dana)
            date = path(series, f"/occurrences/{series['next'][0]['original']}")
            dry = (await dana.post(f"{date}/cancel", {"dry": True})).json()
            still = (await dana.get(path(series))).json()["next"][0]
            done = (await dana.post(f"{date}/cancel")).json()
            back = (await dana.post(f"{date}/restore", {"dry": True})).json()

        assert dry["series"]["next"][0]["cancelled"]
        assert not still["cancelled"]
        assert dry["means"] == done["means"]
        assert done["series"]["next"][0]["cancelled"]
        assert back["means"]["mails"] == 1
