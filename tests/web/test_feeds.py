"""The calendar feed over HTTP."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.web.feeds import names
from tests.conftest import SetClock
from tests.house import Browser, House


async def feed_of(browser: Browser) -> str:
    url: str = (await browser.get("/api/me/feed")).json()["url"]
    return url


async def test_a_feed_is_one_calendar_with_a_strong_tag(house: House) -> None:
    async with house.browser() as dana, house.browser() as calendar:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()
        await dana.book(circle["id"])
        answer = await calendar.get(await feed_of(dana))

    assert answer.status_code == 200
    assert answer.headers.get_list("content-type") == ["text/calendar; charset=utf-8"]
    assert "content-disposition" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["etag"][0] == answer.headers["etag"][-1] == '"'
    assert answer.text.count("BEGIN:VEVENT") == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ("*", 304),
        ('"other", {tag}', 304),
        ('W/"other" , W/{tag},"more"', 304),
        ('"other"', 200),
        ("{bare}", 200),
        ('"x{bare}"', 200),
        ("", 200),
        (",,", 200),
    ],
)
async def test_whoever_has_it_already_is_told_so(house: House, asked: str, status: int) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        feed = await feed_of(dana)
        tag = (await dana.get(feed)).headers["etag"]
        header = asked.format(tag=tag, bare=tag.strip('"'))
        answer = await dana.get(feed, headers={"If-None-Match": header})

    assert answer.status_code == status
    assert answer.headers["etag"] == tag
    if status == 304:
        assert answer.content == b""
        assert answer.headers["cache-control"] == "private, no-cache"


@given(st.text(st.characters(max_codepoint=255)))
def test_no_header_is_taken_for_a_tag_it_does_not_name(header: str) -> None:
    assert names('"a1b2"', header) == ("*" in header.replace(" ", "").split(","))


async def test_the_tag_changes_with_what_the_feed_shows(house: House, clock: SetClock) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()
        feed = await feed_of(dana)
        tags = [(await dana.get(feed)).headers["etag"]]
        series = await dana.book(circle["id"])
        tags.append((await dana.get(feed)).headers["etag"])
        original = series["next"][0]["original"]
        clock.forward(timedelta(seconds=1))
        await dana.delete(f"/api/series/{series['id']}/occurrences/{original}")
        tags.append((await dana.get(feed)).headers["etag"])
        await dana.patch("/api/me", {"detail": "full"})
        tags.append((await dana.get(feed)).headers["etag"])

    assert len(set(tags)) == 4


async def test_a_new_address_ends_the_old_one(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        old = await feed_of(dana)
        new = (await dana.post("/api/me/feed/rotate")).json()["url"]

        assert (await dana.get(old)).status_code == 404
        assert (await dana.get(new)).status_code == 200


async def test_the_page_shows_on_which_day_a_calendar_last_asked(
    house: House, clock: SetClock
) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        feed = await feed_of(dana)
        assert (await dana.get("/api/me/feed")).json()["last_used_on"] is None
        for _ in range(2):
            await dana.get(feed)
        clock.forward(timedelta(days=1))
        tag = (await dana.get(feed)).headers["etag"]
        clock.forward(timedelta(days=1))
        await dana.get(feed, headers={"If-None-Match": tag})

        seen = (await dana.get("/api/me/feed")).json()["last_used_on"]
    assert date.fromisoformat(seen) == clock.now.date()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "name", ["x", "x.ics", ".ics", "x.txt", "%00.ics", "é.ics", "a" * 4000]
)
async def test_an_unknown_feed_is_a_problem(house: House, name: str) -> None:
    async with house.browser() as calendar:
        answer = await calendar.get(f"/feed/{name}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
