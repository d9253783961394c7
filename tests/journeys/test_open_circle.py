"""From the page of an open circle to the place where one asks to be let in."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.server import Server
from tests.journeys.test_poll_and_rota import asks
from tests.journeys.test_way_through import sign_in

pytestmark = pytest.mark.browser
DANA, EVE = "dana@example.org", "eve@example.org"


def test_whoever_reads_of_an_open_circle_is_led_to_the_open_circles(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    dana, eve = person(chromium), person(chromium, width=390, height=700)
    sign_in(dana, server, DANA)
    plan = {"name": "Lantern", "seats": 2, "openness": "open"}
    circle = asks(dana, "POST", "/api/circles", plan)["id"]
    bo = {"addresses": ["bo@example.org"]}
    asks(dana, "POST", f"/api/circles/{circle}/invitations", bo)

    eve.goes_to(f"{server.url}/open/{circle}")
    eve.page.get_by_role("link", name="Ask for a place").click()
    heading = eve.page.get_by_role("heading", name="Open circles")
    expect(heading).to_be_in_viewport()
    expect(heading).to_be_focused()

    eve.page.get_by_role("button", name="Ask for a place").click()
    eve.page.get_by_label("Mail address").fill(EVE)
    eve.page.get_by_role("button", name="Send me the link").click()
    expect(eve.page.get_by_text("A mail is on its way")).to_be_visible()

    eve.goes_to(server.link(to=EVE, page="ask"))
    eve.page.get_by_role("button", name="Yes, let me in").click()
    expect(eve.page.get_by_role("alert")).to_contain_text("nobody new at the moment")
