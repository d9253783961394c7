"""A time is found together and booked; then two people share the dates, and swap two."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.house import calendar_in
from tests.journeys.conftest import NewPerson
from tests.journeys.person import Person
from tests.journeys.server import Server
from tests.journeys.test_keyboard import presses
from tests.journeys.test_pages import look_closely
from tests.journeys.test_way_through import set_clock, sign_in
from tests.machine.waiting import eventually

pytestmark = pytest.mark.browser

MONDAY = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
BO = "bo@example.org"


def test_a_time_is_found_booked_and_shared(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    set_clock(server, MONDAY)
    dana, bo = person(chromium, name="Dana"), person(chromium, zone="Europe/London")
    sign_in(dana, server, "dana@example.org")
    circle = asks(dana, "POST", "/api/circles", {"name": "Lantern", "seats": 12})["id"]
    asks(dana, "POST", f"/api/circles/{circle}/invitations", {"addresses": [BO]})

    propose(dana, f"{server.url}/circles/{circle}")
    say_what_suits(bo, server)
    series = book_the_best(dana, server)

    ask_to_facilitate(dana, f"{server.url}/circles/{circle}")
    sign_in(bo, server, BO)
    say_yes_to_it(bo, server)
    take_turns(dana, f"{series}/rota")
    ask_for_a_swap(dana)
    agree_to_it(bo, f"{series}/rota")


def test_firefox_goes_the_same_way(server: Server, firefox: Browser, person: NewPerson) -> None:
    set_clock(server, MONDAY)
    dana = person(firefox, name="Dana")
    sign_in(dana, server, "dana@example.org")
    circle = asks(dana, "POST", "/api/circles", {"name": "Lantern", "seats": 12})["id"]
    asks(dana, "POST", f"/api/circles/{circle}/invitations", {"addresses": [BO]})

    propose(dana, f"{server.url}/circles/{circle}")
    say_what_suits(person(firefox, zone="Europe/London"), server)
    series = book_the_best(dana, server)

    dana.goes_to(f"{series}/rota")
    dana.page.get_by_role("button", name="Set the order").click()
    dana.page.get_by_role("button", name="Save the order").click()
    expect(dana.page.get_by_text("Saved.")).to_be_visible()
    assert holders(dana) == ["d…"] * 4


def propose(dana: Person, circle: str) -> None:
    page = dana.page
    dana.goes_to(circle)
    page.get_by_role("tab", name="Dates").click()
    page.get_by_role("link", name="Find a time together").click()
    page.get_by_label("What is it about?").fill("Evening hour")
    for number, clock in ((1, "23:30"), (2, "19:00")):
        slot = page.get_by_role("group", name=f"Time {number}")
        slot.get_by_label("Day").fill("2027-03-09")
        slot.get_by_label("Time", exact=True).fill(clock)
    page.get_by_role("button", name="Add another time").click()
    # What is new has the focus.
    expect(page.get_by_role("group", name="Time 3").get_by_label("Day")).to_be_focused()
    page.get_by_role("button", name="Remove: Time 3").click()
    page.get_by_label("Until when can people answer?").fill("2027-03-07")
    look_closely(dana, "new poll")
    page.get_by_role("button", name="Ask the circle").click()
    page.wait_for_url("**/polls/*")


def say_what_suits(bo: Person, server: Server) -> None:
    """By the link of the mail, in his own time: 23:30 there is 21:30 here."""
    eventually(lambda: len(server.letters(to=BO)) == 2, "a welcome and a question")
    [_, asked] = server.letters(to=BO)
    assert "Lantern" not in asked.as_string()
    assert "Evening hour" not in asked.as_string()
    bo.goes_to(server.link(to=BO, page="a"))
    late = bo.page.get_by_role("listitem").filter(has_text="21:30")
    expect(late).to_contain_text("23:30")
    late.get_by_role("button", name="No").click()
    early = bo.page.get_by_role("listitem").filter(has_text="17:00")
    early.get_by_role("button", name="If need be").click()
    expect(bo.page.get_by_text("every time is answered")).to_be_visible()
    look_closely(bo, "answering a poll")


def book_the_best(dana: Person, server: Server) -> str:
    page = dana.page
    page.reload()
    expect(page.get_by_text("suits most").first).to_be_visible()
    expect(page.get_by_text("If need be: ⁨b…@e….org⁩")).to_be_visible()
    look_closely(dana, "poll")
    page.get_by_role("radio", name="Every week").check()
    # In Firefox `fill` writes behind the number that stands there.
    page.get_by_label("How many meetings?").press("Control+a")
    page.keyboard.type("4")
    page.get_by_role("button", name="Book this time").click()
    page.get_by_role("dialog").get_by_role("button", name="Book this time").click()
    page.wait_for_url("**/series/*")
    eventually(lambda: len(server.letters(to=BO)) == 3, "the invitation")
    assert b"COUNT=4" in calendar_in(server.letters(to=BO)[-1])
    return page.url


def ask_to_facilitate(dana: Person, circle: str) -> None:
    page = dana.page
    dana.goes_to(circle)
    # Alone, she could not leave it.
    expect(page.get_by_role("button", name="Leave this circle")).to_have_count(0)
    page.get_by_role("button", name="To the page “People”").click()
    page.get_by_role("button", name="Ask to facilitate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("It begins only with a yes")
    dialog.get_by_role("button", name="Ask to facilitate").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("no answer yet")).to_be_visible()
    expect(page.get_by_role("button", name="Withdraw the question")).to_have_count(1)
    look_closely(dana, "people, one of them asked")


def say_yes_to_it(bo: Person, server: Server) -> None:
    """The letter leads to the home page, which names no circle before he wants it to."""
    eventually(lambda: len(server.letters(to=BO)) == 5, "the question, and a link to sign in")
    assert not any("Lantern" in letter.as_string() for letter in server.letters(to=BO))
    bo.goes_to(f"{server.url}/home")
    expect(
        bo.page.get_by_role("heading", name="Would you facilitate ⁨Circle 1⁩?")
    ).to_be_visible()
    look_closely(bo, "home, with an offer")
    presses(bo, bo.page.get_by_role("button", name="Yes, I will"), "Enter")
    expect(bo.page.get_by_role("status").filter(has_text="Thank you")).to_be_visible()
    bo.goes_to(f"{server.url}/calendars")
    switch = bo.page.get_by_role("checkbox", name="Those who facilitate ⁨Circle 1⁩")
    expect(switch).not_to_be_checked()
    presses(bo, switch, "Space")
    expect(bo.page.get_by_text("Saved: they see it")).to_be_visible()
    look_closely(bo, "calendars of somebody who facilitates")
    bo.page.reload()
    expect(switch).to_be_checked()


def take_turns(dana: Person, rota: str) -> None:
    page = dana.page
    dana.goes_to(rota)
    expect(page.get_by_text("Nobody yet")).to_have_count(4)
    page.get_by_role("button", name="Set the order").click()
    earlier = page.get_by_role("button", name="Earlier: ⁨b…")
    earlier.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Later: ⁨b…")).to_be_focused()
    page.get_by_role("button", name="Save the order").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    look_closely(dana, "rota")
    assert holders(dana) == ["b…", "d…", "b…", "d…"]


def ask_for_a_swap(dana: Person) -> None:
    page = dana.page
    row = page.get_by_role("listitem").filter(has_text="16 March")
    row.get_by_role("button", name="Change").first.click()
    row.get_by_role("button", name="Swap it").click()
    page.get_by_role("dialog").get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("You have asked")).to_be_visible()


def agree_to_it(bo: Person, rota: str) -> None:
    bo.goes_to(rota)
    bo.page.get_by_role("button", name="Yes, swap").click()
    expect(bo.page.get_by_text("Saved.")).to_be_visible()
    assert holders(bo) == ["d…", "b…", "b…", "d…"]


def holders(one: Person) -> list[str]:
    names: Locator = one.page.locator("main ul li .who > bdi")
    return [name[:2] for name in names.all_inner_texts()]


def asks(one: Person, method: str, path: str, body: object) -> Any:
    """What no page of this journey is about."""
    return one.page.evaluate(
        """async ([method, path, body]) => {
            const headers = { 'Content-Type': 'application/json' };
            const answer = await fetch(path, { method, headers, body: JSON.stringify(body) });
            return await answer.json();
        }""",
        [method, path, body],
    )
