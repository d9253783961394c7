"""Booking and changing by the pages: a rarer pattern, and every way in which dates change."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.house import calendar_in
from tests.journeys.conftest import NewPerson
from tests.journeys.person import Person
from tests.journeys.server import Server
from tests.journeys.test_keyboard import button, link, presses, writes
from tests.journeys.test_pages import look_closely, signs_in
from tests.journeys.test_places import posts
from tests.machine.waiting import eventually

pytestmark = pytest.mark.browser

MONDAY = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
MAY = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def demo(server: Server) -> dict[str, Any]:
    server.set_clock(ahead=(MONDAY - datetime.now(UTC)).total_seconds())
    return server.demo()


@pytest.fixture
def dana(server: Server, demo: dict[str, Any], chromium: Browser, person: NewPerson) -> Person:
    dana = person(chromium, width=390)
    signs_in(dana, server, demo)
    dana.goes_to(f"{server.url}/circles/{demo['circle']}/book")
    return dana


def test_a_plan_is_booked_and_changed_in_every_way(
    server: Server, demo: dict[str, Any], dana: Person
) -> None:
    books_last_working_days_without_a_holiday(dana)
    moves_one_date_after_thinking_twice(dana)
    changes_this_and_following(dana)
    cancels_and_brings_back_one_date(dana)
    cancels_and_brings_back_all(dana)

    guest = demo["facilitator"].replace("facilitator", "guest1")
    methods = eventually(lambda: told(server, guest, 7), "a mail for each change")
    assert methods[0] == ("REQUEST", "")  # booked
    assert methods[1] == ("REQUEST", "20270331T190000")  # one date moved
    assert methods[2:4] == [("REQUEST", ""), ("REQUEST", "")]  # one ends, one begins
    assert methods[4] == ("CANCEL", "20270430T180000")
    assert methods[5][0] == "REQUEST"  # it is back
    assert methods[6] == ("CANCEL", "")


def books_last_working_days_without_a_holiday(dana: Person) -> None:
    page = dana.page
    writes(dana, page.get_by_label("What shall it be called"), "End of the month")
    page.get_by_label("From which day on?").fill("2027-03-01")
    presses(dana, button(dana, "More patterns"), "Enter")
    chooses(dana, "How often?", "Every month on the last working day")
    writes(dana, page.get_by_label("How many meetings?"), "4")
    dates = page.get_by_role("list", name="The next dates").get_by_role("listitem")
    expect(dates).to_have_count(4)
    expect(dates.first).to_contain_text("Wednesday 31 March")

    page.get_by_label("Holidays of which country?").select_option("US")
    presses(dana, page.get_by_role("checkbox", name="Memorial Day"), "Space")
    expect(dates.nth(2)).to_contain_text("left out")
    expect(page.get_by_text("3 times, last on 30 June 2027")).to_be_visible()
    presses(dana, button(dana, "Book these dates"), "Enter")

    page.wait_for_url("**/series/*")
    expect(page.get_by_role("tab", name="Month")).to_be_visible()
    sentence = page.get_by_text("on the last working day (Monday to Friday)")
    expect(sentence).to_contain_text("3 times")
    expect(rows(page)).to_have_count(4)
    expect(rows(page).nth(2)).to_contain_text("left out")


def moves_one_date_after_thinking_twice(dana: Person) -> None:
    page, dialog = dana.page, dana.page.get_by_role("dialog")
    opens(dana, "Wednesday 31 March", "Move")
    dialog.get_by_label("At what time?").fill("20:00")
    page.keyboard.press("Escape")
    expect(page.get_by_text("A change is begun")).to_be_visible()
    presses(dana, button(dana, "Go on with it"), "Enter")
    expect(dialog.get_by_label("At what time?")).to_have_value("20:00")

    sees_what_it_means(dana)
    presses(dana, dialog.get_by_role("button", name="Change it and send"), "Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Done.")).to_be_visible()
    expect(rows(page).first).to_contain_text("moved from Wednesday 31 March")


def changes_this_and_following(dana: Person) -> None:
    page, dialog = dana.page, dana.page.get_by_role("dialog")
    before = page.url
    opens(dana, "Friday 30 April", "This and all following")
    dialog.get_by_label("At what time?").fill("18:00")
    sees_what_it_means(dana)
    expect(dialog).to_contain_text("The series ends on")
    presses(dana, dialog.get_by_role("button", name="Change it and send"), "Enter")

    page.wait_for_url(lambda url: url != before)
    expect(link(dana, "The dates before these")).to_be_visible()
    expect(page.get_by_text("Done.")).to_be_visible()
    expect(rows(page)).to_have_count(3)
    expect(rows(page).first).to_contain_text(re.compile("Friday 30 April.*18:00"))


def cancels_and_brings_back_one_date(dana: Person) -> None:
    dialog = dana.page.get_by_role("dialog")
    opens(dana, "Friday 30 April", "Cancel this date")
    presses(dana, dialog.get_by_role("button", name="Cancel this date and send"), "Enter")
    expect(rows(dana.page).first).to_contain_text("cancelled")

    opens(dana, "Friday 30 April", "Bring back")
    presses(dana, dialog.get_by_role("button", name="Bring back and send"), "Enter")
    expect(rows(dana.page).first).not_to_contain_text("cancelled")


def cancels_and_brings_back_all(dana: Person) -> None:
    page, dialog = dana.page, dana.page.get_by_role("dialog")
    presses(dana, button(dana, "Cancel all dates"), "Enter")
    presses(dana, dialog.get_by_role("button", name="Cancel all dates and send"), "Enter")
    expect(page.get_by_text("This series is cancelled.")).to_be_visible()

    presses(dana, button(dana, "Bring the series back"), "Enter")
    presses(dana, dialog.get_by_role("button", name="Bring the series back and"), "Enter")
    expect(page.get_by_text("This series is cancelled.")).to_have_count(0)


def test_whoever_is_asked_reads_what_was_promised_at_booking(
    server: Server, dana: Person
) -> None:
    page = dana.page
    writes(dana, page.get_by_label("What shall it be called"), "Young lantern")
    page.get_by_label("From which day on?").fill("2027-03-02")
    page.get_by_label("What happens there?").select_option(label="Youth circle")
    promise = page.get_by_text("Two adults who are cleared for this are there").inner_text()
    presses(dana, button(dana, "Book these dates"), "Enter")
    page.wait_for_url("**/series/*")

    presses(dana, rows(page).first.get_by_role("link"), "Enter")
    expect(page.get_by_role("heading", name="What to expect")).to_be_visible()
    expect(page.get_by_role("listitem").get_by_text(promise, exact=True)).to_be_visible()


def test_later_and_past_dates_come_when_they_are_asked_for(
    server: Server, demo: dict[str, Any], dana: Person
) -> None:
    address = f"{server.url}/series/{books(dana, server, demo, weeks=40)}"
    server.set_clock(ahead=(MAY - datetime.now(UTC)).total_seconds())
    signs_in(dana, server, demo)
    page, added = dana.page, dana.page.get_by_text("dates were added")
    dana.goes_to(address)
    expect(rows(page)).to_have_count(12)
    expect(rows(page).first).to_contain_text("Tuesday 4 May")

    for shown, first in ((24, "Tuesday 27 July"), (31, "19 October 2027")):
        presses(dana, button(dana, "Show more dates"), "Enter")
        expect(rows(page)).to_have_count(shown)
        expect(page.get_by_role("link", name=first)).to_be_focused()
        expect(added).to_have_attribute("role", "status")
    expect(added).to_have_text("7 dates were added.")
    expect(button(dana, "Show more dates")).to_have_count(0)

    presses(dana, button(dana, "Show past dates"), "Enter")
    expect(rows(page)).to_have_count(31 + 9)
    expect(page.get_by_role("link", name="Tuesday 27 April")).to_be_focused()
    expect(rows(page).last).to_contain_text("Tuesday 2 March")
    expect(rows(page).last.get_by_role("button")).to_have_count(0)


def test_the_same_is_booked_again_from_another_day_on(
    server: Server, demo: dict[str, Any], dana: Person
) -> None:
    before = f"{server.url}/series/{books(dana, server, demo, weeks=3)}"
    dana.goes_to(before)
    page, dialog = dana.page, dana.page.get_by_role("dialog")
    presses(dana, button(dana, "Book the same again"), "Enter")
    expect(dialog.get_by_role("heading", name="Book the same again")).to_be_visible()
    dialog.get_by_label("From which day on?").fill("2027-09-07")
    look_closely(dana, "the same again")
    sees_what_it_means(dana)
    expect(dialog).to_contain_text("Every Tuesday at 19:00")
    presses(dana, dialog.get_by_role("button", name="Book the same again and send"), "Enter")

    page.wait_for_url(lambda url: url != before)
    expect(page.get_by_text("Done.")).to_be_visible()
    expect(rows(page)).to_have_count(3)
    expect(rows(page).first).to_contain_text("Tuesday 7 September")


def test_in_another_language_a_page_says_what_it_would_have_said_at_once(
    server: Server, demo: dict[str, Any], dana: Person
) -> None:
    series = books(dana, server, demo, weeks=3)
    states = {
        f"/circles/{demo['circle']}/book": asks_for_rarer_things,
        f"/series/{series}": begins_to_change,
        f"/series/{series}/2027-03-02T19:00:00": nothing_more,
        f"/series/{series}/rota": begins_an_order,
        f"/circles/{demo['circle']}/poll": nothing_more,
        "/feed": nothing_more,
    }
    for path, act in states.items():
        fresh = says(dana, server.url + path, act, "ar")
        says(dana, server.url + path, act, "en")
        switches(dana, "ar")
        eventually(lambda: body(dana) == fresh, path)  # noqa: B023


def asks_for_rarer_things(page: Page) -> None:
    page.locator("input[type=date]").first.fill("2027-05-31")
    page.locator("form [aria-expanded=false]").click()
    page.locator("input[type=radio][value=weeks]").check()
    country = page.locator("select", has=page.locator("option[value=US]"))
    country.select_option("US")
    expect(page.locator("form fieldset input[type=checkbox]").nth(7)).to_be_attached()


def begins_to_change(page: Page) -> None:
    rows(page).first.locator("button[aria-expanded]").click()
    rows(page).first.get_by_role("group").get_by_role("button").first.click()
    expect(page.get_by_role("dialog").get_by_role("radio")).to_have_count(2)


def begins_an_order(page: Page) -> None:
    page.locator("main section button").first.click()
    expect(page.locator("form ol")).to_be_visible()


def nothing_more(page: Page) -> None:
    expect(page.locator("main section").first).to_be_visible()


def says(dana: Person, address: str, act: Callable[[Page], None], locale: str) -> str:
    dana.goes_to(address)
    switches(dana, locale)
    dana.goes_to(address)
    act(dana.page)
    expect(dana.page.locator("[aria-busy=true]")).to_have_count(0)
    return body(dana)


def switches(dana: Person, locale: str) -> None:
    """Also where a dialog stands before the menu."""
    dana.page.locator("header select").evaluate(
        """(menu, locale) => {
            menu.value = locale;
            menu.dispatchEvent(new Event("change", { bubbles: true }));
        }""",
        locale,
    )


def body(dana: Person) -> str:
    return dana.page.locator("body").inner_text()


def books(dana: Person, server: Server, demo: dict[str, Any], *, weeks: int) -> str:
    plan = {
        "title": "Tuesdays",
        "start": "2027-03-02T19:00:00",
        "zone": "Asia/Jerusalem",
        "minutes": 75,
        "rule": {"weekdays": ["TU"], "count": weeks},
    }
    booked = posts(dana, server, f"/api/circles/{demo['circle']}/series", **plan)
    return str(booked["id"])


def test_a_time_that_the_clock_skips_is_answered_with_a_good_one(dana: Person) -> None:
    page = dana.page
    page.get_by_label("From which day on?").fill("2027-03-26")
    page.get_by_label("At what time?").fill("02:30")
    expect(page.get_by_text("the clocks go forward")).to_be_visible()
    presses(dana, button(dana, "Take 3:00 instead"), "Enter")

    expect(page.get_by_label("At what time?")).to_have_value("03:00")
    dates = page.get_by_role("list", name="The next dates").get_by_role("listitem")
    expect(dates.first).to_contain_text(re.compile("Friday 26 March.*3:00"))


def test_a_month_leads_to_its_dates_by_keyboard(
    server: Server, demo: dict[str, Any], dana: Person
) -> None:
    page = dana.page
    dana.goes_to(f"{server.url}/series/{demo['series']}")
    presses(dana, page.get_by_role("tab", name="List"), "ArrowRight")
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible()
    event = grid.get_by_role("link").first
    expect(event).to_have_accessible_name(re.compile(r"\d\d:\d\d"))
    presses(dana, event, "Enter")
    page.wait_for_url(f"**/series/{demo['series']}/*T*")


def opens(dana: Person, day: str, act: str) -> None:
    """What can be done about a date stands behind one button, and stays open."""
    opener = button(dana, f"Change: {day}")
    if opener.get_attribute("aria-expanded") == "false":
        presses(dana, opener, "Enter")
    presses(dana, button(dana, f"{act}: {day}"), "Enter")
    expect(dana.page.get_by_role("dialog")).to_be_visible()


def sees_what_it_means(dana: Person) -> None:
    dialog = dana.page.get_by_role("dialog")
    presses(dana, dialog.get_by_role("button", name="See what that means"), "Enter")
    expect(dialog.get_by_role("heading", name="This is what happens then")).to_be_focused()
    expect(dialog).to_contain_text("Mails that will be sent")


def chooses(dana: Person, question: str, answer: str) -> None:
    group = dana.page.get_by_role("group", name=question)
    wanted = group.get_by_role("radio", name=answer)
    presses(dana, group.get_by_role("radio", checked=True), "ArrowDown")
    for _ in range(group.get_by_role("radio").count()):
        if wanted.is_checked():
            break
        dana.page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()


def rows(page: Page) -> Locator:
    return page.get_by_role("tabpanel").get_by_role("listitem")


def told(server: Server, guest: str, count: int) -> list[tuple[str, str]]:
    """Of each mail about this plan: its method, and the date that it is about."""
    letters = [one for one in server.letters(to=guest) if "text/calendar" in one.as_string()]
    found = [_about(letter) for letter in letters]
    booked = next((i for i, (_, text) in enumerate(found) if "BYSETPOS" in text), len(found))
    about = [(method, _one_date(text)) for method, text in found[booked:]]
    return about if len(about) >= count else []


def _about(letter: EmailMessage) -> tuple[str, str]:
    text = calendar_in(letter).decode()
    method = re.search(r"METHOD:(\w+)", text)
    return (method.group(1) if method else "", text)


def _one_date(text: str) -> str:
    found = re.search(r"RECURRENCE-ID[^:]*:(\S+)", text)
    return found.group(1) if found and "RRULE" not in text.split("BEGIN:VEVENT", 1)[1] else ""
