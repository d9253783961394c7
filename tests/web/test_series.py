"""Series over HTTP: what is sent twice, and what is meant for another circle."""

import asyncio
import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sessions import circles, schedule
from sessions.effort import AT_ONCE, MOST_WAITING
from sessions.web.series.booking import PREVIEWS
from sessions.web.series.views import series_views
from sessions.web.series.whole import CHANGES
from tests.conftest import SetClock
from tests.house import WEEKLY, House
from tests.statements import asked_of


async def test_the_same_booking_sent_twice_books_once(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        path = f"/api/circles/{(await dana.make_circle())['id']}/series"
        headers = {"Idempotency-Key": "one tap, two requests"}
        first = await dana.post(path, WEEKLY, headers=headers)
        again = await dana.post(path, WEEKLY, headers=headers)
        other = await dana.post(path, WEEKLY, headers={"Idempotency-Key": "another"})

    assert first.json() == again.json()
    assert first.json()["id"] != other.json()["id"]


async def test_one_key_in_two_circles_books_in_both(house: House) -> None:
    async with house.browser() as dana, house.browser() as olga:
        booked = []
        for browser, address in ((dana, "dana@example.org"), (olga, "olga@example.org")):
            await browser.sign_in(address)
            path = f"/api/circles/{(await browser.make_circle())['id']}/series"
            answer = await browser.post(path, WEEKLY, headers={"Idempotency-Key": "same"})
            booked.append(answer.json()["id"])

    assert booked[0] != booked[1]


async def test_a_key_that_is_no_word_is_refused(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        path = f"/api/circles/{(await dana.make_circle())['id']}/series"
        answer = await dana.post(path, WEEKLY, headers={"Idempotency-Key": "x" * 201})

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_one_date_is_moved_cancelled_and_taken_back(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        series = await dana.book((await dana.make_circle())["id"])
        path, original = f"/api/series/{series['id']}", series["next"][0]["original"]
        wish = {"scope": "one", "original": original}
        acts = {
            "moved": (f"{path}/change", wish | {"to": "2026-03-11T18:00:00"}),
            "cancelled": (f"{path}/occurrences/{original}/cancel", {}),
            "late": (f"{path}/change", wish | {"to": "2026-03-12T18:00:00"}),
            "put back": (f"{path}/occurrences/{original}/restore", {}),
            "as planned": (f"{path}/occurrences/{original}/restore", {}),
        }
        answers = {name: await dana.post(*act) for name, act in acts.items()}

    assert answers.pop("late").status_code == 409
    dates = {name: one.json()["series"]["next"][0] for name, one in answers.items()}
    assert (dates["moved"]["local"], dates["moved"]["moved"]) == ("2026-03-11T18:00:00", True)
    assert dates["cancelled"]["cancelled"]
    assert dates["put back"] == dates["moved"]
    assert dates["as planned"] == series["next"][0]


async def test_a_preview_shows_other_clocks_and_stores_nothing(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        plan = {key: value for key, value in WEEKLY.items() if key != "title"}
        answer = await dana.post(
            "/api/preview", {**plan, "zones": ["America/New_York"], "count": 3}
        )
        circles = (await dana.get("/api/circles")).json()

    shown = answer.json()
    assert [d["in"][0]["local"][11:] for d in shown["dates"]] == ["13:00:00"] * 3
    assert [d["starts_at"][-1] for d in shown["dates"]] == ["Z"] * 3
    assert circles == []


async def test_a_series_counts_the_dates_that_take_place(house: House) -> None:
    rule = WEEKLY["rule"] | {"count": 4}
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        series = await dana.book(circle, rule=rule, skip=["2026-03-17T19:00:00"])
        last = f"/api/series/{series['id']}/occurrences/{series['next'][-1]['original']}"
        cancelled = (await dana.post(f"{last}/cancel")).json()["series"]
        endless = await dana.book(circle)

    assert (series["total"], cancelled["total"], endless["total"]) == (3, 2, None)


PLAN = {key: value for key, value in WEEKLY.items() if key != "title"}


class TestWhatTakesLong:
    """Plans are worked out beside the rooms, so often for each person and so many at once."""

    async def test_one_person_looks_at_so_many_plans_a_minute(
        self, house: House, clock: SetClock
    ) -> None:
        async with house.browser(language="he") as dana, house.browser() as olga:
            await dana.sign_in("dana@example.org")
            await olga.sign_in("olga@example.org")
            looks = [await dana.post("/api/preview", PLAN) for _ in range(PREVIEWS.most)]
            refused = await dana.post("/api/preview", PLAN)
            other = await olga.post("/api/preview", PLAN)
            clock.forward(timedelta(minutes=1))
            later = await dana.post("/api/preview", PLAN)

        assert {look.status_code for look in looks} == {200}
        assert (refused.status_code, refused.headers["content-language"]) == (429, "he")
        assert (other.status_code, later.status_code) == (200, 200)

    async def test_one_person_changes_and_rehearses_so_often_a_minute(
        self, house: House
    ) -> None:
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            series = await dana.book((await dana.make_circle())["id"])
            path = f"/api/series/{series['id']}/change"
            wish = {"scope": "all", "title": "Other", "dry": True}
            tries = [await dana.post(path, wish) for _ in range(CHANGES.most)]
            refused = await dana.post(path, wish)

        assert {each.status_code for each in tries} == {200}
        assert refused.status_code == 429

    async def test_when_too_many_wait_already_everybody_is_told_so(self, house: House) -> None:
        said = threading.Event()
        effort = house.inside.effort
        async with house.browser(language="ar") as dana:
            await dana.sign_in("dana@example.org")
            async with asyncio.TaskGroup() as tasks:
                for _ in range(AT_ONCE + MOST_WAITING):
                    tasks.create_task(effort.work_out(said.wait, who=uuid4()))
                await asyncio.sleep(0)
                refused = await dana.post("/api/preview", PLAN)
                said.set()
            after = await dana.post("/api/preview", PLAN)

        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert refused.headers["content-language"] == "ar"
        assert refused.json()["type"] == "/problems/overloaded"
        assert after.status_code == 200

    async def test_the_last_date_is_found_though_very_many_are_left_out(
        self, house: House
    ) -> None:
        ends = datetime(2099, 12, 29, 19)  # noqa: DTZ001 - wall time
        plan = PLAN | {"rule": {"weekdays": ["TU"], "until": "2099-12-31"}}
        skip = [(ends - timedelta(weeks=week)).isoformat() for week in range(200)]
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            answer = await dana.post("/api/preview", plan | {"skip": skip})

        assert answer.json()["last"] == (ends - timedelta(weeks=200)).isoformat()


async def test_a_list_of_series_asks_no_more_the_longer_it_is(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        await dana.invite(circle, "bo@example.org", "cy@example.org")
        asked, listed = [], []
        for _ in range(2):
            series = await dana.book(circle)
            extra = {"start": "2026-03-12T18:00:00"}
            await dana.post(f"/api/series/{series['id']}/extra", extra)
            listed.append((await dana.get(f"/api/circles/{circle}/series")).json())
            async with house.inside.database.read() as db:
                found = await circles.people_in(db, UUID(circle))
                mine = await circles.belonging(db, found[0][1], UUID(circle))
                connection = (await db.connection()).sync_connection
                assert connection is not None
                with asked_of(connection) as statements:
                    booked = await schedule.bookings(db, [mine])
                    await series_views(db, house.inside, booked)
                asked.append(len(statements))
        alone = (await dana.get(f"/api/series/{series['id']}")).json()

    assert [len(each) for each in listed] == [2, 4]
    assert asked[0] == asked[1] > 0
    assert alone in listed[1]
    assert len(alone["extras"]) == 1
