"""
Every page in every language: nothing that axe finds, nothing wider than 320 px.

All rules are asked at 320 px in the light. In the dark only colours are other ones, and at
1280 px only places and sizes.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.person import Person
from tests.journeys.server import Server, running_server
from tests.machine.waiting import eventually

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
ALL_RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
COLOURS_AND_PLACES = {
    "type": "rule",
    "values": [
        "color-contrast",
        "link-in-text-block",
        "target-size",
        "scrollable-region-focusable",
        "region",
        "heading-order",
    ],
}
LOCALES = {"en": "en-GB", "he": "he-IL", "ar": "ar-EG"}
DIRECTION = {"en": "ltr", "he": "rtl", "ar": "rtl"}


class Sight(NamedTuple):
    width: int
    scheme: Literal["light", "dark"]
    rules: dict[str, Any]


NARROW = (Sight(320, "light", ALL_RULES), Sight(320, "dark", COLOURS))
WIDE = (Sight(1280, "dark", COLOURS_AND_PLACES),)
WIDE_ALONE = (Sight(1280, "light", ALL_RULES), Sight(1280, "dark", COLOURS))

STRANGERS_PAGES = {
    # By name: the path, and what shows that everything has come.
    "start": ("/", "#open"),
    "sign in": ("/signin", "form"),
    "mail link": ("/in#not-a-link", "[role=alert]"),
    "answer": ("/a#{answer}", "[role=group]"),
    "answer, unknown": ("/a#not-a-link", "[role=alert]"),
    "coming in, unknown": ("/ask#not-a-link", "[role=alert]"),
    "join": ("/j#{ticket}", "[data-testid=enter]"),
    "join, unknown": ("/j#not-a-link", "[role=alert]"),
    "help": ("/help", "#exit"),
    "after": ("/after", "[data-testid=after]"),
    "not found": ("/nowhere", "a[href='/home']"),
}
MEMBERS_PAGES = {
    "home": ("/home", "#circles"),
    "new circle": ("/circles/new", "form"),
    "circle": ("/circles/{circle}", "[role=tabpanel] [role=group]"),
    "booking": ("/circles/{circle}/book", "form ol"),
    "rota": ("/series/{series}/rota", "main ul button"),
    "new poll": ("/circles/{circle}/poll", "form"),
    "series": ("/series/{series}", "main ul button"),
    "feed": ("/feed", "[data-testid=feed-url]"),
    "calendars": ("/calendars", "form"),
    "privacy": ("/privacy", "form"),
}
PARTS_OF_A_CIRCLE = ("dates", "people", "agreement", "settings")


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all who only look at pages."""
    with running_server(tmp_path_factory.mktemp("village")) as server:
        yield server


@pytest.fixture(scope="module")
def demo(village: Server) -> dict[str, Any]:
    return village.demo()


@pytest.fixture(scope="module")
def another_demo(village: Server) -> dict[str, Any]:
    """Nobody may ask for many links in an hour, and each test signs in."""
    return village.demo()


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_of_strangers(
    locale: str,
    village: Server,
    demo: dict[str, Any],
    chromium: Browser,
    person: NewPerson,
) -> None:
    one = person(chromium, locale=LOCALES[locale], width=320)
    for name, (path, sign) in STRANGERS_PAGES.items():
        one.goes_to(village.url + path.format(**names(demo)))
        stands_there(one, sign, locale)
        look_closely(one, name)


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_of_members(
    locale: str,
    village: Server,
    demo: dict[str, Any],
    chromium: Browser,
    person: NewPerson,
) -> None:
    one = person(chromium, locale=LOCALES[locale], width=320)
    signs_in(one, village, demo)
    one.page.locator("header select").select_option(locale)  # on the spot, without a reload
    for name, (path, sign) in MEMBERS_PAGES.items():
        one.goes_to(village.url + path.format(**names(demo)))
        expect(one.page.get_by_role("navigation")).to_be_visible()
        stands_there(one, sign, locale)
        look_closely(one, name)

    one.goes_to(f"{village.url}/circles/{demo['circle']}")
    for part in PARTS_OF_A_CIRCLE:
        one.page.locator(f"#tab-{part}").click()
        stands_there(one, f"[aria-labelledby=tab-{part}]", locale)
        look_closely(one, f"{part} of a circle")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_month_and_the_change_of_a_date(
    locale: str,
    village: Server,
    another_demo: dict[str, Any],
    chromium: Browser,
    person: NewPerson,
) -> None:
    one = person(chromium, locale=LOCALES[locale], width=320)
    signs_in(one, village, another_demo)
    one.page.locator("header select").select_option(locale)
    one.goes_to(f"{village.url}/series/{another_demo['series']}")
    one.page.get_by_role("tab").nth(1).click()
    stands_there(one, "[role=gridcell] a", locale)
    look_closely(one, "month of a series")

    one.page.get_by_role("tab").first.click()
    row = one.page.get_by_role("tabpanel").get_by_role("listitem").nth(1)
    row.locator("button[aria-expanded]").click()
    row.get_by_role("group").get_by_role("button").first.click()
    dialog = one.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    look_closely(one, "change of a date")
    dialog.locator("input[type=time]").fill("20:30")
    dialog.locator("button[type=submit]").click()
    expect(dialog.get_by_role("heading", level=3)).to_be_visible()
    look_closely(one, "what a change means")


def test_the_chosen_language_is_all_that_is_kept(
    village: Server, chromium: Browser, person: NewPerson
) -> None:
    one = person(chromium)
    one.goes_to(village.url)
    one.page.locator("header select").select_option("he")
    one.goes_to(f"{village.url}/help")  # as the server draws it

    html = one.context.request.get(f"{village.url}/signin").text()
    assert '<html lang="he" dir="rtl">' in html
    expect(one.page.locator("html")).to_have_attribute("lang", "he")
    [cookie] = one.context.cookies()
    assert (cookie["name"], cookie["value"], cookie["sameSite"]) == ("language", "he", "Strict")
    assert one.page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("locale", LOCALES)
def test_lobby_and_room(
    locale: str, village: Server, chromium: Browser, person: NewPerson
) -> None:
    demo = village.demo()
    dana = person(chromium, name="Dana", locale=LOCALES[locale], width=320)
    bo = person(chromium, name="Bo", locale=LOCALES[locale], width=320)
    bo.enters(demo["guest_links"][0])
    bo.sees("lobby")
    look_closely(bo, "lobby")

    dana.enters(demo["facilitator_link"])
    dana.sees("admit")
    look_closely(dana, "room with somebody at the door")
    dana.page.get_by_test_id("admit").click()
    bo.is_in_the_room()
    dana.sees("room")
    look_closely(dana, "room")
    dana.page.set_viewport_size({"width": 1280, "height": 800})
    dana.opens("chat")
    look_closely(dana, "room with chat", WIDE_ALONE)
    dana.opens("people")
    look_closely(dana, "room with people", WIDE_ALONE)


def signs_in(one: Person, village: Server, demo: dict[str, Any]) -> None:
    """Each link signs in once: another one is asked for."""
    one.goes_to(f"{village.url}/signin")
    before = len(village.letters(to=demo["facilitator"]))
    one.page.locator("input[type=email]").fill(demo["facilitator"])
    one.page.locator("form button").click()
    eventually(
        lambda: len(village.letters(to=demo["facilitator"])) > before, "a letter with a link"
    )
    one.signs_in(village.link(to=demo["facilitator"], page="in"))


def names(demo: dict[str, Any]) -> dict[str, str]:
    return {
        "circle": demo["circle"],
        "series": demo["series"],
        "ticket": demo["guest_links"][0].partition("#")[2],
        "answer": demo["answer_links"][0].partition("#")[2],
    }


def stands_there(one: Person, sign: str, locale: str) -> None:
    """The page is complete, in its language, and has kept its secret to itself."""
    expect(one.page.locator("#app").get_by_role("heading", level=1)).to_be_visible()
    expect(one.page.locator(sign).first).to_be_visible()
    expect(one.page.locator("[aria-busy=true]")).to_have_count(0)
    html = one.page.locator("html")
    expect(html).to_have_attribute("lang", locale)
    expect(html).to_have_attribute("dir", DIRECTION[locale])
    expect(one.page.get_by_test_id("quick-exit")).to_be_visible()
    assert "#" not in one.page.url


def look_closely(one: Person, name: str, sights: tuple[Sight, ...] = NARROW + WIDE) -> None:
    if not one.page.evaluate("'axe' in window"):
        one.page.evaluate(AXE.read_text())
    for width, scheme, rules in sights:
        one.page.set_viewport_size({"width": width, "height": 800})
        one.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        overflow = one.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{name} is {overflow} px wider than {width}"
        found = violations(one, rules)
        assert found == [], f"{name}, {width} px, {scheme}: {json.dumps(found, indent=1)}"


def violations(one: Person, rules: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = one.page.evaluate(
        """async (rules) => {
            const { violations } = await axe.run({ runOnly: rules });
            return violations.map(({ id, nodes }) => ({
                id, nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
            }));
        }""",
        rules,
    )
    return found
