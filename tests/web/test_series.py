"""Series over HTTP: what is sent twice, and what is meant for another circle."""

from tests.house import WEEKLY, House


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
        date = f"/api/series/{series['id']}/occurrences/{series['next'][0]['original']}"

        moved = (await dana.put(date, {"to": "2026-03-11T18:00:00"})).json()["next"][0]
        cancelled = (await dana.delete(date)).json()["next"][0]
        late = await dana.put(date, {"to": "2026-03-12T18:00:00"})
        restored = (await dana.post(f"{date}/restore")).json()["series"]

    assert (moved["local"], moved["moved"]) == ("2026-03-11T18:00:00", True)
    assert cancelled["cancelled"]
    assert late.status_code == 409
    assert restored["next"] == series["next"]


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
