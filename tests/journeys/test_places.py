"""Few places and an open door, by keyboard: from the mail to a seat that is one's own."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.person import Person
from tests.journeys.server import Server
from tests.journeys.test_keyboard import button, presses
from tests.journeys.test_pages import LOCALES, look_closely, signs_in, stands_there

pytestmark = pytest.mark.browser

ZONE = "Asia/Jerusalem"


@pytest.fixture
def demo(server: Server) -> dict[str, Any]:
    return server.demo()


@pytest.fixture
def dana(server: Server, demo: dict[str, Any], chromium: Browser, person: NewPerson) -> Person:
    dana = person(chromium)
    signs_in(dana, server, demo)
    return dana


def posts(one: Person, server: Server, path: str, **data: Any) -> dict[str, Any]:
    answer = one.context.request.post(
        server.url + path, data=data, headers={"Origin": server.url}
    )
    assert answer.ok, answer.text()
    found: dict[str, Any] = answer.json()
    return found


def test_who_waits_takes_the_place_that_another_gives_up(
    server: Server, demo: dict[str, Any], dana: Person, chromium: Browser, person: NewPerson
) -> None:
    starts = datetime.now(ZoneInfo(ZONE)).replace(hour=19, minute=0, second=0, microsecond=0)
    plan = {
        "title": "Small evening",
        "zone": ZONE,
        "minutes": 60,
        "seats": 1,
        "agenda": "story",
    }
    start = (starts + timedelta(days=3)).replace(tzinfo=None).isoformat()
    series = posts(dana, server, f"/api/circles/{demo['circle']}/series", **plan, start=start)
    date = {"series": series["id"], "original": start}
    first, second = (link.partition("#")[2] for link in demo["answer_links"][:2])
    for token, said in ((first, "yes"), (second, "yes"), (first, "no")):
        posts(dana, server, "/api/answer", **date, token=token, answer=said)

    guest = person(chromium, width=390)
    guest.goes_to(demo["answer_links"][1])
    evening = guest.page.locator("section", has_text="Small evening")
    expect(evening).to_contain_text("It is kept for you until")
    look_closely(guest, "answers, a place is kept")
    presses(guest, button(guest, "Take the place"), "Enter")
    expect(evening).to_contain_text("You have a place.")
    assert guest.page.evaluate("document.activeElement !== document.body")

    for locale in LOCALES:
        dana.page.locator("header select").select_option(locale)
        dana.goes_to(f"{server.url}/series/{series['id']}/{start}")
        stands_there(dana, "main dl", locale)
        look_closely(dana, "one date, for a facilitator")
    dana.page.locator("header select").select_option("en")
    coming = dana.page.locator("main dl div", has_text="Coming")
    expect(coming).to_contain_text("1")


def test_whoever_asks_an_open_circle_comes_in_by_the_link_of_a_mail(
    server: Server, dana: Person, chromium: Browser, person: NewPerson
) -> None:
    circle = posts(dana, server, "/api/circles", name="Open lantern", openness="open", seats=5)
    ask = f"/api/open-circles/{circle['id']}/ask"
    posts(dana, server, ask, address="fay@example.org", locale="en", zone=ZONE)

    fay = person(chromium, width=320)
    fay.goes_to(server.link(to="fay@example.org", page="ask"))
    stands_there(fay, "main h2", "en")
    expect(fay.page.locator("main h2")).to_have_text("Open lantern")
    look_closely(fay, "coming in")
    presses(fay, button(fay, "Yes, let me in"), "Enter")
    expect(fay.page.get_by_role("status")).to_contain_text("Done.")

    assert server.link(to="fay@example.org", page="j")
