"""The page, the calendar and the directory of open circles over HTTP."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.limits import Limit
from sessions.meetings import KEPT
from sessions.text import clean_line, clean_text
from sessions.visits import Visits
from sessions.web.open_page import ESCAPED
from tests.conftest import SetClock
from tests.house import Browser, House
from tests.statements import asked_of

ATTACKS = [
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "]]>&lt;b&gt;\u2028alert(1)",
    "{{7*7}} ${7*7} %s {0} {circle}",
]


class Page(HTMLParser):
    """What a browser would make of it: elements, and the text of data blocks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.data: list[str] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        (self.data if self._in_script else self.texts).append(data)

    @property
    def events(self) -> list[dict[str, Any]]:
        [block] = self.data
        graph: list[dict[str, Any]] = json.loads(block)["@graph"]
        return graph


async def open_circle(dana: Browser, **changes: Any) -> str:
    await dana.sign_in("dana@example.org")
    circle: str = (await dana.make_circle(openness="open", **changes))["id"]
    await dana.book(circle)
    return circle


class TestPage:
    @pytest.mark.parametrize(
        ("asks", "locale", "direction", "word"),
        [
            ({"Accept-Language": "he-IL,en;q=0.5"}, "he", "rtl", "המועדים הבאים"),
            ({"Accept-Language": "ar"}, "ar", "rtl", "المواعيد القادمة"),
            ({"Accept-Language": "fr"}, "en", "ltr", "Next dates"),
        ],
    )
    async def test_it_speaks_the_readers_language(
        self, house: House, asks: dict[str, str], locale: str, direction: str, word: str
    ) -> None:
        async with house.browser() as dana, house.browser() as anybody:
            circle = await open_circle(dana)
            answer = await anybody.get(f"/open/{circle}", headers=asks)

        assert answer.status_code == 200
        assert f'<html lang="{locale}" dir="{direction}">' in answer.text
        assert word in answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert {"Accept-Language", "Cookie"} <= set(answer.headers["vary"].split(", "))

    async def test_its_links_lead_to_the_other_languages(self, house: House) -> None:
        async with house.browser() as dana:
            circle = await open_circle(dana)
            page = Page((await dana.get(f"/open/{circle}")).text)
            links = [str(a["href"]) for tag, a in page.elements if tag == "a"]
            texts = [(await dana.get(link)).text for link in links if "lang=" in link]

        assert [text[:40].split('"')[1] for text in texts] == ["en", "he", "ar"]

    async def test_it_says_what_is_listed_and_nothing_beside(self, house: House) -> None:
        async with house.browser() as dana:
            circle = await open_circle(dana, name="Open lamp", purpose="For everybody.")
            await dana.patch("/api/me", {"name": "Dana herself"})
            await dana.book(circle, title="Only for us")
            ticket = (await dana.get("/api/me/next")).json()[0]["ticket_url"]
            text = (await dana.get(f"/open/{circle}")).text

        assert "Open lamp" in text
        assert "For everybody." in text
        assert "English" in text
        for secret in ("Dana", "Only for us", "Evening circle", ticket, "/j#", "@example"):
            assert secret not in text

    async def test_the_tab_and_the_history_name_nothing(self, house: House) -> None:
        async with house.browser() as dana:
            circle = await open_circle(dana, name="Open lamp")
            text = (await dana.get(f"/open/{circle}")).text

        assert re.findall("<title>(.*?)</title>", text) == ["Ronda"]

    async def test_times_are_shown_for_the_place_that_was_chosen(self, house: House) -> None:
        async with house.browser() as dana:
            circle = await open_circle(dana)
            own = await dana.get(f"/open/{circle}")
            chosen = await dana.get(f"/open/{circle}?zone=Asia/Tokyo")
            unknown = await dana.get(f"/open/{circle}?zone=Mars/Base")

        assert "19:00 to 20:15, Jerusalem" in own.text
        assert "02:00 to 03:15, Tokyo" in chosen.text
        assert '<option value="Asia/Tokyo" selected>' in chosen.text
        assert unknown.text == own.text

    async def test_a_moved_and_a_cancelled_date_are_told_as_such(self, house: House) -> None:
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            circle = (await dana.make_circle(openness="open"))["id"]
            series = await dana.book(circle)
            first, second = (date["original"] for date in series["next"][:2])
            path = f"/api/series/{series['id']}"
            moved = {"scope": "one", "original": first, "to": "2026-03-12T20:30:00"}
            await dana.post(f"{path}/change", moved)
            await dana.post(f"{path}/occurrences/{second}/cancel")
            page = Page((await dana.get(f"/open/{circle}")).text)

        rows = [a.get("class") for tag, a in page.elements if tag == "li"]
        assert rows[:3] == ["moved", "cancelled", ""]
        assert page.events[0]["startDate"] == "2026-03-12T18:30:00+00:00"
        assert page.events[1]["eventStatus"] == "https://schema.org/EventCancelled"

    async def test_search_engines_find_online_events_without_a_way_in(
        self, house: House
    ) -> None:
        async with house.browser() as dana:
            circle = await open_circle(dana, name="Open lamp")
            answer = await dana.get(f"/open/{circle}")

        page = f"https://ronda.test/open/{circle}"
        event = Page(answer.text).events[0]
        assert event["@type"] == "Event"
        assert event["name"] == event["organizer"]["name"] == "Open lamp"
        assert event["startDate"] == "2026-03-10T17:00:00+00:00"
        assert event["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
        assert event["location"] == {"@type": "VirtualLocation", "url": page}
        assert answer.headers["x-robots-tag"] == "all"

    async def test_it_needs_nothing_that_the_policy_forbids(self, house: House) -> None:
        async with house.browser() as dana:
            circle = await open_circle(dana)
            answer = await dana.get(f"/open/{circle}")

        page = Page(answer.text)
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert [a for tag, a in page.elements if tag == "script"] == [
            {"type": "application/ld+json"}
        ]
        assert all("style" not in a and "onclick" not in a for _, a in page.elements)
        assert all(tag != "style" for tag, _ in page.elements)

    @pytest.mark.parametrize("attack", ATTACKS)
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    async def test_no_name_becomes_anything_but_text(self, house: House, attack: str) -> None:
        async with house.browser() as dana:
            plain = Page((await dana.get(f"/open/{await open_circle(dana)}")).text)
            made = await dana.make_circle(openness="open", name=attack, purpose=attack)
            await dana.book(made["id"])
            text = (await dana.get(f"/open/{made['id']}")).text

        page = Page(text)
        assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
        assert {clean_line(attack), clean_text(attack)} <= set(page.texts)
        assert page.events[0]["name"] == clean_line(attack)
        assert "<!--" not in text

    @given(st.text())
    def test_no_text_ends_the_data_block(self, text: str) -> None:
        written = json.dumps(text, ensure_ascii=False).translate(ESCAPED)

        assert not set("<>&\u2028\u2029") & set(written)
        assert json.loads(written) == text


@pytest.mark.parametrize("suffix", ["", ".ics"])
class TestFinding:
    async def test_closed_unknown_and_invented_are_the_same(
        self, house: House, suffix: str
    ) -> None:
        async with house.browser() as dana, house.browser() as anybody:
            await dana.sign_in("dana@example.org")
            closed = (await dana.make_circle())["id"]
            answers = [
                await anybody.get(f"/open/{name}{suffix}")
                for name in (closed, uuid4(), "x", "%3Cscript%3E", "é", "a" * 3000)
            ]

        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1

    async def test_a_circle_that_is_closed_is_gone_at_once(
        self, house: House, suffix: str
    ) -> None:
        async with house.browser() as dana, house.browser() as anybody:
            circle = await open_circle(dana)
            path = f"/open/{circle}{suffix}"
            for _ in range(2):
                first = await anybody.get(path)
            assert first.status_code == 200
            await dana.patch(f"/api/circles/{circle}", {"openness": "invitation"})
            tag = {"If-None-Match": first.headers["etag"]}

            assert (await anybody.get(path)).status_code == 404
            assert (await anybody.get(path, headers=tag)).status_code == 404
            assert (await anybody.get("/meetings.json")).json() == []

    async def test_whoever_has_it_already_is_told_so(
        self, house: House, suffix: str, clock: SetClock
    ) -> None:
        async with house.browser() as dana:
            circle = await open_circle(dana)
            path = f"/open/{circle}{suffix}"
            first = await dana.get(path)
            tag = {"If-None-Match": first.headers["etag"]}
            again = await dana.get(path, headers=tag)
            await dana.book(circle, start="2026-03-11T10:00:00", rule=None)
            changed = await dana.get(path, headers=tag)

        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "vary", "cache-control", "x-robots-tag"):
            assert again.headers[name] == first.headers[name]
        assert changed.status_code == 200


@pytest.mark.parametrize("path", ["/open/{}", "/open/{}.ics", "/meetings.json"])
class TestCopies:
    async def test_anybody_may_keep_one_for_a_minute(self, house: House, path: str) -> None:
        async with house.browser() as dana, house.browser() as anybody:
            circle = await open_circle(dana)
            answer = await anybody.get(path.format(circle))
            known = {"If-None-Match": answer.headers["etag"]}
            again = await anybody.get(path.format(circle), headers=known)

        assert answer.headers["cache-control"] == "public, max-age=60"
        assert answer.headers["etag"][0] == answer.headers["etag"][-1] == '"'
        assert "set-cookie" not in answer.headers
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == answer.headers["cache-control"]

    async def test_who_asks_all_the_time_is_told_to_wait(
        self, house: House, clock: SetClock, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        few = Visits(Limit("open", most=3, seconds=600))
        monkeypatch.setitem(house.app.state, "house", house.inside._replace(visits=few))
        async with house.browser() as dana:
            circle = await open_circle(dana)
            answers = [await dana.get(path.format(circle)) for _ in range(4)]
            clock.forward(timedelta(minutes=10))
            later = await dana.get(path.format(circle))

        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert 0 < int(answers[-1].headers["retry-after"]) <= 600
        assert answers[-1].headers["cache-control"] == "no-store"
        assert later.status_code == 200


async def test_a_date_that_is_over_leaves_the_page(house: House, clock: SetClock) -> None:
    async with house.browser() as dana:
        circle = await open_circle(dana)
        before = Page((await dana.get(f"/open/{circle}")).text).events
        clock.forward(timedelta(days=9))
        after = Page((await dana.get(f"/open/{circle}")).text).events

    assert after[0] == before[1]


async def test_the_directory_may_be_read_by_pages_of_others(house: House) -> None:
    async with house.browser() as dana, house.browser() as anybody:
        await open_circle(dana)
        answer = await anybody.get("/meetings.json")

    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert len(answer.json()) == 1


async def test_the_directory_is_written_every_ten_minutes_whatever_happens(
    house: House, clock: SetClock
) -> None:
    async with house.browser() as dana, house.browser() as anybody:
        closed, stays = await open_circle(dana), (await dana.make_circle(openness="open"))["id"]
        await dana.book(stays)
        begun = (await anybody.get("/meetings.json")).json()
        await dana.book(stays)
        await dana.patch(f"/api/circles/{closed}", {"openness": "invitation"})
        soon = (await anybody.get("/meetings.json")).json()
        clock.forward(KEPT)
        later = (await anybody.get("/meetings.json")).json()

    page = f"https://ronda.test/open/{stays}"
    assert len(begun) == 2
    assert [meeting["url"] for meeting in soon] == [page]
    assert [meeting["url"] for meeting in later] == [page] * 2


@pytest.mark.parametrize("path", ["/open/{}", "/open/{}.ics", "/meetings.json"])
async def test_what_has_nothing_to_do_with_it_does_not_make_it_anew(
    house: House, path: str
) -> None:
    """Nor does any database have to tell when it was last written to."""
    async with house.browser() as dana, house.browser() as anybody:
        circle = await open_circle(dana)
        first = await anybody.get(path.format(circle))
        await house.letters()
        await dana.patch("/api/me", {"name": "Dana"})
        database = house.inside.database
        engines = {database.engine.sync_engine, database._reading.sync_engine}
        with asked_of(*engines) as asked:
            again = await anybody.get(path.format(circle))

    assert again.content == first.content
    assert not [statement for statement in asked if "occurrence_change" in statement]


async def test_another_language_of_the_circle_shows_at_once(house: House) -> None:
    async with house.browser() as dana, house.browser() as anybody:
        circle = await open_circle(dana)
        before = await anybody.get(f"/open/{circle}")
        await dana.patch(f"/api/circles/{circle}", {"languages": ["he"]})
        after = await anybody.get(f"/open/{circle}")

    assert before.headers["etag"] != after.headers["etag"]
