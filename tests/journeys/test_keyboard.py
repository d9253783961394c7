"""With the keyboard alone; and without any script at all."""

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.person import Person
from tests.journeys.server import Server
from tests.machine.waiting import eventually

pytestmark = pytest.mark.browser

FURTHEST = 60
"""More steps than any page of ours has between two places."""

HIDDEN = """() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return 'the focus is lost';
    // A chip or a choice: its own box is empty, its label is what one sees.
    const shown = focused.closest('label') ?? focused;
    const box = shown.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const top = document.elementFromPoint(x, y);
    const seen = top && (shown.contains(top) || top.contains(shown));
    return seen ? '' : `${focused.outerHTML} lies under ${top?.outerHTML}`;
}"""


def test_dates_are_booked_moved_and_cancelled_with_the_keyboard_alone(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    dana = person(chromium, width=390)
    demo = server.demo()
    dana.signs_in(server.link(to=demo["facilitator"], page="in"))
    dana.goes_to(f"{server.url}/circles/{demo['circle']}")

    presses(dana, link(dana, "Book dates"), "Enter")
    dana.page.wait_for_url("**/book")
    books_five_evenings(dana)
    dana.page.wait_for_url("**/series/*")

    asks_and_thinks_better_of_it(dana)
    cancels_the_first_date(dana)


def books_five_evenings(dana: Person) -> None:
    page = dana.page
    writes(dana, page.get_by_label("What shall it be called"), "Evenings")
    often = page.get_by_role("group", name="How often?")
    presses(dana, button(dana, "More patterns"), "Enter")
    presses(dana, often.get_by_role("radio", checked=True), "ArrowDown")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(often.get_by_role("radio", name="On several days")).to_be_checked()
    days = page.get_by_role("group", name="On which days?").get_by_role("checkbox")
    presses(dana, days.first, "Space")
    presses(dana, days.last, "Space")
    writes(dana, page.get_by_label("Every how many weeks?"), "2")
    presses(dana, page.get_by_role("radio", name="A number of meetings"), "ArrowDown")
    expect(page.get_by_role("radio", name="Until a day")).to_be_checked()
    page.keyboard.press("ArrowUp")
    writes(dana, page.get_by_label("How many meetings?"), "5")
    expect(
        page.get_by_role("list", name="The next dates").get_by_role("listitem")
    ).to_have_count(5)
    presses(dana, button(dana, "Book these dates"), "Enter")


def asks_and_thinks_better_of_it(dana: Person) -> None:
    """The dialog keeps the focus, Escape closes it, and the focus is back where it was."""
    presses(dana, button(dana, "Change: ").first, "Enter")
    move = button(dana, "Move: ").first
    presses(dana, move, "Enter")
    dialog = dana.page.get_by_role("dialog")
    eventually(lambda: has_focus_in(dialog), "the dialog takes the focus")
    for key in ("Tab",) * 12 + ("Shift+Tab",) * 12:
        dana.page.keyboard.press(key)
        assert has_focus_in(dialog)
    dana.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(move).to_be_focused()


def cancels_the_first_date(dana: Person) -> None:
    """The button that asked is gone afterwards; the focus is not."""
    presses(dana, button(dana, "Cancel this date: ").first, "Enter")
    dialog = dana.page.get_by_role("dialog")
    presses(dana, dialog.get_by_role("button", name="Cancel this date"), "Enter")
    expect(dialog).to_have_count(0)
    expect(dana.page.get_by_role("heading", level=1)).to_be_focused()
    presses(dana, button(dana, "Bring back: ").first, "Enter")
    expect(dialog).to_be_visible()


def test_tabs_follow_the_arrows_as_they_are_seen(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    dana = person(chromium, locale="he-IL")
    demo = server.demo()
    dana.signs_in(server.link(to=demo["facilitator"], page="in"))
    dana.page.get_by_role("combobox").select_option("he")
    dana.goes_to(f"{server.url}/circles/{demo['circle']}")
    tabs = dana.page.get_by_role("tab")

    presses(dana, tabs.nth(0), "ArrowLeft")
    expect(tabs.nth(1)).to_be_focused()
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    dana.page.keyboard.press("ArrowRight")
    expect(tabs.nth(0)).to_be_focused()


def test_three_times_shift_leaves_and_signs_out(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    dana = person(chromium)
    dana.signs_in(server.link(to=server.demo()["facilitator"], page="in"))

    for _ in range(3):
        dana.page.keyboard.press("Shift")
    dana.page.wait_for_url("**/bye")
    assert dana.page.locator("body").inner_text() == ""

    eventually(lambda: not dana.context.cookies(), "nothing is left on the device")
    dana.goes_to(f"{server.url}/home")
    dana.page.wait_for_url("**/signin")


def test_the_first_stop_leads_past_the_menu(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    bo = person(chromium)
    bo.goes_to(server.url)
    expect(bo.page.locator("#app").get_by_role("heading", level=1)).to_be_visible()

    bo.page.keyboard.press("Tab")
    expect(link(bo, "Skip to the content")).to_be_focused()
    bo.page.keyboard.press("Enter")
    expect(bo.page.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize(
    ("locale", "direction", "title", "help_title"),
    [
        ("en-GB", "ltr", "A place for your circle to meet", "Help"),
        ("he-IL", "rtl", "מקום למפגש של המעגל", "עזרה"),
        ("ar-EG", "rtl", "مكان تلتقي فيه الحلقة", "مساعدة"),
    ],
)
def test_start_and_help_are_read_without_a_script(
    locale: str, direction: str, title: str, help_title: str, server: Server, chromium: Browser
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale=locale)
    page = context.new_page()
    page.goto(server.url)

    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("html")).to_have_attribute("lang", locale.partition("-")[0])
    expect(page.locator("html")).to_have_attribute("dir", direction)
    page.get_by_role("link", name=help_title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(help_title)
    page.get_by_test_id("quick-exit").click()
    expect(page).to_have_url(f"{server.url}/bye")
    context.close()


def presses(one: Person, target: Locator, key: str) -> None:
    """Walk there from wherever one is, as a person without a pointer does, and press."""
    expect(target).to_be_visible()
    for _ in range(FURTHEST):
        if target.evaluate("element => element === document.activeElement"):
            break
        one.page.keyboard.press("Tab")
        assert one.page.evaluate(HIDDEN) == ""
    expect(target).to_be_focused()
    one.page.keyboard.press(key)


def writes(one: Person, target: Locator, text: str) -> None:
    presses(one, target, "Control+a")
    one.page.keyboard.type(text)


def has_focus_in(part: Locator) -> bool:
    inside: bool = part.evaluate("part => part.contains(document.activeElement)")
    return inside


def button(one: Person, name: str) -> Locator:
    return one.page.get_by_role("button", name=name)


def link(one: Person, name: str) -> Locator:
    return one.page.get_by_role("link", name=name)
