"""Every page in every language: nothing that axe finds, nothing wider than 320 px."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.person import Person
from tests.journeys.server import Server

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOCALES = {"en": "en-GB", "he": "he-IL", "ar": "ar-EG"}
DIRECTION = {"en": "ltr", "he": "rtl", "ar": "rtl"}
WIDTHS = (320, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

STRANGERS_PAGES = {
    "start": "/",
    "sign in": "/signin",
    "mail link": "/in#not-a-link",
    "answer": "/a#{answer}",
    "answer, unknown": "/a#not-a-link",
    "join": "/j#{ticket}",
    "join, unknown": "/j#not-a-link",
    "help": "/help",
    "after": "/after",
    "not found": "/nowhere",
}
MEMBERS_PAGES = {
    "home": "/home",
    "new circle": "/circles/new",
    "circle": "/circles/{circle}",
    "booking": "/circles/{circle}/book",
    "series": "/series/{series}",
    "feed": "/feed",
    "privacy": "/privacy",
}


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_of_strangers(
    locale: str, server: Server, chromium: Browser, person: NewPerson
) -> None:
    one = person(chromium, locale=LOCALES[locale], width=320)
    walk(one, server, STRANGERS_PAGES, names(server.demo()), locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_of_members(
    locale: str, server: Server, chromium: Browser, person: NewPerson
) -> None:
    one = person(chromium, locale=LOCALES[locale], width=320)
    demo = server.demo()
    one.signs_in(server.link(to=demo["facilitator"], page="in"))
    one.page.locator("header select").select_option(locale)  # on the spot, without a reload

    walk(one, server, MEMBERS_PAGES, names(demo), locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_lobby_and_room(
    locale: str, server: Server, chromium: Browser, person: NewPerson
) -> None:
    demo = server.demo()
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
    look_closely(dana, "room with chat", widths=(1280,))
    dana.opens("people")
    look_closely(dana, "room with people", widths=(1280,))


def names(demo: dict[str, Any]) -> dict[str, str]:
    return {
        "circle": demo["circle"],
        "series": demo["series"],
        "ticket": demo["guest_links"][0].partition("#")[2],
        "answer": demo["answer_links"][0].partition("#")[2],
    }


def walk(
    one: Person, server: Server, pages: dict[str, str], known: dict[str, str], locale: str
) -> None:
    for name, path in pages.items():
        one.goes_to(server.url + path.format(**known))
        expect(one.page.get_by_role("heading", level=1)).to_be_visible()
        html = one.page.locator("html")
        expect(html).to_have_attribute("lang", locale)
        expect(html).to_have_attribute("dir", DIRECTION[locale])
        expect(one.page.get_by_test_id("quick-exit")).to_be_visible()
        assert "#" not in one.page.url, f"{name}: the secret left the address bar"
        one.is_quiet()
        look_closely(one, name)


def look_closely(one: Person, name: str, widths: tuple[int, ...] = WIDTHS) -> None:
    """At each width, in light and dark."""
    one.page.evaluate(AXE.read_text())
    for width in widths:
        one.page.set_viewport_size({"width": width, "height": 800})
        overflow = one.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{name} is {overflow} px wider than {width}"
        for scheme in SCHEMES:
            one.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = violations(one.page.evaluate)
            assert found == [], f"{name}, {width} px, {scheme}: {json.dumps(found, indent=1)}"


def violations(evaluate: Callable[..., Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = evaluate(
        """async (rules) => {
            const { violations } = await axe.run({ runOnly: rules });
            return violations.map(({ id, nodes }) => ({
                id, nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
            }));
        }""",
        RULES,
    )
    return found
