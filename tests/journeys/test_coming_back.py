"""Networks change, pages are reloaded, a second tab is opened: the seat stays a seat."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.person import meet
from tests.journeys.server import Server
from tests.machine.waiting import eventually

pytestmark = pytest.mark.browser
SEEN = {"left", "joined", "away", "back"}


@pytest.mark.parametrize("make", ["chromium", "firefox"])
def test_a_page_that_changes_networks_is_not_missed(
    server: Server,
    request: pytest.FixtureRequest,
    chromium: Browser,
    person: NewPerson,
    make: str,
) -> None:
    demo = server.demo()
    dana = person(chromium, name="Dana")
    bo = person(request.getfixturevalue(make), name="Bo")
    meet(dana, bo, demo=demo)
    for one in (dana, bo):
        one.switches_on()
    for one in (dana, bo):
        one.sees_and_hears(1)
    made = [one.made_connections() for one in (dana, bo)]
    dana.forgets_frames()
    bo.forgets_frames()

    bo.page.evaluate(
        "() => { peers.wireIsCut = true; globalThis.dispatchEvent(new Event('offline')); }"
    )
    eventually(lambda: "welcome" in bo.kinds(), "Bo is welcomed again")
    bo.is_back(within=5)

    eventually(lambda: "bye" in bo.kinds(), "the line that was left behind is closed")
    dana.sees_and_hears(1)
    bo.sees_and_hears(1)
    assert not SEEN & set(dana.kinds())
    assert [one.made_connections() for one in (dana, bo)] == made


def test_a_newer_tab_wins_and_the_older_can_take_the_seat_back(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(chromium, name="Bo")
    meet(dana, bo, demo=demo)
    dana.forgets_frames()

    tab = bo.context.new_page()
    tab.goto(f"{server.url}/room")
    expect(tab.get_by_test_id("room")).to_be_visible()

    bo.sees("gone")
    eventually(lambda: [k for k in dana.kinds() if k in SEEN] == ["left", "joined"], "anew")
    bo.page.get_by_test_id("again").click()
    bo.is_in_the_room()
    expect(tab.get_by_test_id("gone")).to_be_visible()


def test_a_reload_keeps_seat_and_name(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(chromium, name="Bo")
    meet(dana, bo, demo=demo)

    bo.page.reload()
    bo.is_in_the_room()

    bo.opens("people")
    expect(bo.page.get_by_text("Bo\u2069 (you)")).to_be_visible()
    expect(dana.page.get_by_test_id("admit")).to_have_count(0)
