"""The calendar feed over HTTP."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.web.copies import names
from tests.conftest import SetClock
from tests.house import Browser, House

PLAIN, PACKED = {"Accept-Encoding": "identity"}, {"Accept-Encoding": "br, gzip;q=0.5"}


async def feed_of(browser: Browser) -> str:
    url: str = (await browser.get("/api/me/feeds")).json()["all"]["url"]
    return url


async def last_used(browser: Browser) -> str | None:
    day: str | None = (await browser.get("/api/me/feeds")).json()["all"]["last_used_on"]
    return day


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
        tag = (await dana.get(feed, headers=PLAIN)).headers["etag"]
        header = asked.format(tag=tag, bare=tag.strip('"'))
        answer = await dana.get(feed, headers=PLAIN | {"If-None-Match": header})

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
        await dana.post(f"/api/series/{series['id']}/occurrences/{original}/cancel")
        tags.append((await dana.get(feed)).headers["etag"])
        await dana.patch("/api/me", {"detail": "full"})
        tags.append((await dana.get(feed)).headers["etag"])

    assert len(set(tags)) == 4


async def test_a_new_address_ends_the_old_one(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        old = await feed_of(dana)
        new = (await dana.post("/api/me/feeds/all/rotate")).json()["url"]

        assert (await dana.get(old)).status_code == 404
        assert (await dana.get(new)).status_code == 200


async def test_the_page_shows_on_which_day_a_calendar_last_asked(
    house: House, clock: SetClock
) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        feed = await feed_of(dana)
        assert await last_used(dana) is None
        for _ in range(2):
            await dana.get(feed)
        clock.forward(timedelta(days=1))
        tag = (await dana.get(feed)).headers["etag"]
        clock.forward(timedelta(days=1))
        await dana.get(feed, headers={"If-None-Match": tag})

        seen = await last_used(dana)

    assert seen is not None
    assert date.fromisoformat(seen) == clock.now.date()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_unknown_renewed_ended_and_malformed_are_the_same(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo, house.browser() as calendar:
        await dana.sign_in("dana@example.org")
        await bo.sign_in("bo@example.org")
        circle = (await dana.make_circle())["id"]
        await dana.invite(circle, "bo@example.org")
        addresses = [await feed_of(dana)]
        for browser in (dana, bo):
            made = await browser.post(f"/api/me/feeds/{circle}/rotate")
            addresses.append(made.json()["url"])
        for address in addresses:
            assert (await calendar.get(address)).status_code == 200
        await dana.post("/api/me/feeds/all/rotate")
        await dana.delete(f"/api/me/feeds/{circle}")
        await bo.post(f"/api/circles/{circle}/leave")
        names = [
            "x",
            "x.ics",
            ".ics",
            "x.txt",
            "%00.ics",
            "é.ics",
            "a" * 4000,
            "A" * 32 + ".ics",
        ]
        addresses += [f"/feed/{name}" for name in names]
        answers = [await calendar.get(address) for address in addresses]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.headers["content-type"] for answer in answers} == {
        "application/problem+json"
    }
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("which", ["all", "circle"])
async def test_what_was_remembered_of_a_dead_address_is_served_to_nobody(
    house: House, which: str
) -> None:
    """Not its bytes, and not that a copy is still good."""
    async with house.browser() as dana, house.browser() as calendar:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        await dana.book(circle)
        feed = "all" if which == "all" else circle
        old = (await dana.post(f"/api/me/feeds/{feed}/rotate")).json()["url"]
        for _ in range(2):
            tag = (await calendar.get(old)).headers["etag"]
        await house.letters()
        assert (await calendar.get(old, headers={"If-None-Match": tag})).status_code == 304
        await dana.post(f"/api/me/feeds/{feed}/rotate")

        for headers in ({}, {"If-None-Match": tag}, {"If-None-Match": "*"}):
            answer = await calendar.get(old, headers=headers)
            assert (answer.status_code, "etag" in answer.headers) == (404, False)


class TestPacked:
    async def test_packed_and_plain_have_each_a_strong_tag_of_their_own(
        self, house: House
    ) -> None:
        async with house.browser() as dana:
            feed = await self.filled(dana)
            plain = await dana.get(feed, headers=PLAIN)
            packed = await dana.get(feed, headers=PACKED)

        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.content == plain.content, "unpacked by the client"
        assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
        assert packed.headers["etag"] != plain.headers["etag"]
        assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"

    async def test_each_is_known_again_by_its_own_tag(self, house: House) -> None:
        async with house.browser() as dana:
            feed = await self.filled(dana)
            for accepts in (PLAIN, PACKED):
                first = await dana.get(feed, headers=accepts)
                tag = first.headers["etag"]
                again = await dana.get(feed, headers=accepts | {"If-None-Match": tag})

                assert again.status_code == 304
                for name in ("etag", "vary", "cache-control"):
                    assert again.headers[name] == first.headers[name]
                assert "content-length" not in again.headers or not again.content

    async def test_a_packed_copy_is_of_no_use_to_whoever_cannot_unpack(
        self, house: House
    ) -> None:
        async with house.browser() as dana:
            feed = await self.filled(dana)
            tag = (await dana.get(feed, headers=PACKED)).headers["etag"]
            answer = await dana.get(feed, headers=PLAIN | {"If-None-Match": tag})

        assert answer.status_code == 200

    async def test_a_plain_copy_is_good_for_everybody(self, house: House) -> None:
        async with house.browser() as dana:
            feed = await self.filled(dana)
            tag = (await dana.get(feed, headers=PLAIN)).headers["etag"]
            answer = await dana.get(feed, headers=PACKED | {"If-None-Match": tag})

        assert (answer.status_code, answer.headers["etag"]) == (304, tag)

    async def filled(self, dana: Browser) -> str:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()
        await dana.book(circle["id"])
        return await feed_of(dana)


class TestAddresses:
    async def test_each_circle_has_an_address_once_it_is_asked_for(
        self, house: House, clock: SetClock
    ) -> None:
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            ids = []
            for name in ("Lamp", "Well"):
                ids.append((await dana.make_circle(name=name))["id"])
                await dana.book(ids[-1])
                clock.forward(timedelta(seconds=1))
            feeds = (await dana.get("/api/me/feeds")).json()
            assert [(f["name"], f["live"], f["url"]) for f in feeds["circles"]] == [
                ("Lamp", False, None),
                ("Well", False, None),
            ]
            made = (await dana.post(f"/api/me/feeds/{ids[1]}/rotate")).json()
            listed = (await dana.get("/api/me/feeds")).json()["circles"]

            assert listed[1] == made
            assert (await dana.get(made["url"])).text.count("BEGIN:VEVENT") == 1
            assert (await dana.get(feeds["all"]["url"])).text.count("BEGIN:VEVENT") == 2

    async def test_an_ended_address_is_gone_and_a_new_one_can_be_made(
        self, house: House
    ) -> None:
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            circle = (await dana.make_circle())["id"]
            for which in ("all", circle):
                old = (await dana.post(f"/api/me/feeds/{which}/rotate")).json()["url"]
                assert (await dana.get(old)).status_code == 200
                assert (await dana.delete(f"/api/me/feeds/{which}")).status_code == 204
                assert (await dana.get(old)).status_code == 404
                new = (await dana.post(f"/api/me/feeds/{which}/rotate")).json()["url"]
                assert (await dana.get(new)).status_code == 200
                assert (await dana.get(old)).status_code == 404

    async def test_it_is_shown_when_a_circles_own_feed_was_last_asked_for(
        self, house: House, clock: SetClock
    ) -> None:
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            circle = (await dana.make_circle())["id"]
            feed = (await dana.post(f"/api/me/feeds/{circle}/rotate")).json()["url"]
            await dana.get(feed)
            feeds = (await dana.get("/api/me/feeds")).json()

        assert feeds["circles"][0]["last_used_on"] == clock.now.date().isoformat()
        assert feeds["all"]["last_used_on"] is None

    async def test_who_belongs_nowhere_still_has_an_empty_calendar(self, house: House) -> None:
        async with house.browser() as dana, house.browser() as bo:
            await dana.sign_in("dana@example.org")
            circle = (await dana.make_circle())["id"]
            await dana.book(circle)
            await bo.sign_in("bo@example.org")
            await dana.invite(circle, "bo@example.org")
            own = await feed_of(bo)
            of_circle = (await bo.post(f"/api/me/feeds/{circle}/rotate")).json()["url"]
            await bo.post(f"/api/circles/{circle}/leave")

            assert (await bo.get(of_circle)).status_code == 404
            left = await bo.get(own)
            assert left.status_code == 200
            assert "BEGIN:VEVENT" not in left.text
            assert "BEGIN:VTIMEZONE" in left.text, "a calendar must hold something"

    async def test_each_program_has_a_link_of_its_kind(self, house: House) -> None:
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            feed = (await dana.get("/api/me/feeds")).json()["all"]

        address = feed["url"].removeprefix("https:")
        assert feed["webcal"] == f"webcal:{address}"
        schemes = {"google": "webcal", "outlook": "https", "office": "https"}
        for program, scheme in schemes.items():
            query = parse_qs(urlsplit(feed[program]).query)
            assert f"{scheme}:{address}" in [value for [value] in query.values()]
