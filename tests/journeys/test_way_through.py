"""The whole way as people go it: from an empty server to a circle that meets."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.calendars.engines import readings
from tests.house import calendar_in
from tests.journeys.conftest import NewPerson
from tests.journeys.person import Person
from tests.journeys.server import Server
from tests.machine.waiting import eventually

pytestmark = pytest.mark.browser

MONDAY = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
DOOR_OPENS = datetime(2027, 3, 2, 16, 46, tzinfo=UTC)
BEFORE, AFTER = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC)
ADDRESSES = ["bo@example.org", "cy@example.org"]
STARTS = [  # Tuesdays at 19:00 in Jerusalem, where summer time begins on 26 March 2027
    datetime(2027, 3, 2, 17, tzinfo=UTC),
    datetime(2027, 3, 9, 17, tzinfo=UTC),
    datetime(2027, 3, 16, 17, tzinfo=UTC),
    datetime(2027, 3, 23, 17, tzinfo=UTC),
    datetime(2027, 3, 30, 16, tzinfo=UTC),
    datetime(2027, 4, 6, 16, tzinfo=UTC),
]
GUESTS = ("guest1", "guest2")
MOVED_TO = datetime(2027, 3, 10, 18, tzinfo=UTC)


def set_clock(server: Server, now: datetime) -> None:
    server.set_clock(ahead=(now - datetime.now(UTC)).total_seconds())


def test_from_an_empty_server_to_a_circle_that_meets(
    server: Server, chromium: Browser, firefox: Browser, person: NewPerson
) -> None:
    set_clock(server, MONDAY)
    dana, bo = person(chromium, name="Dana"), person(firefox, name="Bo")

    sign_in(dana, server, "dana@example.org")
    make_a_circle(dana)
    book_tuesdays(dana)
    invite(dana)
    bo_link = answer_by_mail(bo, server)
    feed = subscribe(bo, server)
    move_and_cancel(dana)

    check_mails(server)
    check_feed(feed)
    meet_in_time(server, dana, bo, bo_link)


def sign_in(one: Person, server: Server, address: str) -> None:
    one.goes_to(f"{server.url}/signin")
    one.page.get_by_label("Mail address").fill(address)
    one.page.get_by_role("button", name="Send me the link").click()
    one.goes_to(server.link(to=address, page="in"))
    assert "#" not in one.page.url
    one.page.get_by_role("button", name="Sign in here").click()
    one.page.wait_for_url("**/home")


def make_a_circle(dana: Person) -> None:
    page = dana.page
    page.get_by_role("link", name="Start a circle").first.click()
    page.get_by_label("What is the circle called?").fill("Lantern מעגל حلقة")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("What is it for?").fill("To listen to each other.")
    for question in ("languages", "coming in", "seats", "addresses", "agreement"):
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_role("status").first, question).to_be_visible()
    page.get_by_role("button", name="Start a circle").click()
    expect(page.get_by_role("heading", name="Lantern מעגל حلقة")).to_be_visible()


def book_tuesdays(dana: Person) -> None:
    page = dana.page
    page.get_by_role("link", name="Book dates").click()
    page.get_by_label("What shall it be called in the calendar?").fill("Evening circle")
    page.get_by_label("From which day on?").fill("2027-03-02")
    page.get_by_label("At what time?").fill("19:00")
    page.get_by_role("radio", name="A number of meetings").check()
    page.get_by_label("How many meetings?").fill(str(len(STARTS)))
    preview = page.get_by_role("list", name="The next dates")
    expect(preview.get_by_role("listitem")).to_have_count(len(STARTS))
    expect(preview.get_by_role("listitem").first).to_contain_text("17:00")  # in London
    page.get_by_role("button", name="Book these dates").click()
    page.wait_for_url("**/series/*")


def invite(dana: Person) -> None:
    page = dana.page
    page.get_by_role("link", name="Lantern").click()
    page.get_by_role("tab", name="People").click()
    page.get_by_label("Mail addresses").fill("\n".join(ADDRESSES))
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.get_by_text("b…@", exact=False)).to_be_visible()


def answer_by_mail(bo: Person, server: Server) -> str:
    """Without an account; gives the personal link of the same mail."""
    bo.goes_to(server.link(to=ADDRESSES[0], page="a"))
    for address in ADDRESSES:
        assert len(eventually(lambda: server.letters(to=address), "a letter")) == 1  # noqa: B023
    bo.page.get_by_text("I will come").first.click()
    expect(bo.page.get_by_text("Thank you. The answer is noted.")).to_be_visible()
    return server.link(to=ADDRESSES[0], page="j")


def subscribe(bo: Person, server: Server) -> str:
    sign_in(bo, server, ADDRESSES[0])
    bo.goes_to(f"{server.url}/feed")
    feed = bo.sees("feed-url").inner_text().strip()
    assert feed.startswith(server.url)
    return feed


def move_and_cancel(dana: Person) -> None:
    page = dana.page
    page.get_by_role("tab", name="Dates").click()
    page.get_by_role("link", name="All dates, move or cancel").click()
    page.get_by_role("button", name="Change: Tuesday 9 March").click()
    page.get_by_role("button", name="Move: Tuesday 9 March").click()
    dialog = page.get_by_role("alertdialog").or_(page.get_by_role("dialog"))
    dialog.get_by_label("New day").fill("2027-03-10")
    dialog.get_by_label("At what time?").fill("20:00")
    dialog.get_by_role("button", name="See what that means").click()
    dialog.get_by_role("button", name="Change it and send").click()
    expect(page.get_by_text("Done.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Change: Tuesday 16 March").click()
    page.get_by_role("button", name="Cancel this date: Tuesday 16 March").click()
    dialog.get_by_role("button", name="Cancel this date").click()
    expect(page.get_by_role("button", name="Bring back: Tuesday 16 March")).to_be_visible()


def check_mails(server: Server) -> None:
    for address in ADDRESSES:
        letters = eventually(lambda: _invitations(server, address, 3), "three letters")  # noqa: B023
        first, moved, cancelled = (calendar_in(letter).decode() for letter in letters)
        assert "METHOD:REQUEST" in first
        assert "SEQUENCE:0" in first
        assert "RECURRENCE-ID;TZID=Asia/Jerusalem:20270309T190000" in moved
        assert "DTSTART;TZID=Asia/Jerusalem:20270310T200000" in moved
        assert "SEQUENCE:1" in moved
        assert "METHOD:CANCEL" in cancelled
        assert "RECURRENCE-ID;TZID=Asia/Jerusalem:20270316T190000" in cancelled
        assert "SEQUENCE:2" in cancelled
        others = [other for other in ADDRESSES if other != address]
        assert not any(other in text for other in others for text in (first, moved, cancelled))


def _invitations(server: Server, address: str, count: int) -> list:  # type: ignore[type-arg]
    letters = [one for one in server.letters(to=address) if one.get_content_type() != ""]
    with_calendar = [one for one in letters if "text/calendar" in one.as_string()]
    return with_calendar if len(with_calendar) == count else []


def check_feed(url: str) -> None:
    body = httpx.get(url).content
    expected = sorted([MOVED_TO, *(s for i, s in enumerate(STARTS) if i not in (1, 2))])
    for engine, meetings in readings(body, after=BEFORE, before=AFTER).items():
        assert [meeting.starts_at for meeting in meetings] == expected, engine
        assert {m.ends_at - m.starts_at for m in meetings} == {timedelta(minutes=75)}, engine


def meet_in_time(server: Server, dana: Person, bo: Person, bo_link: str) -> None:
    set_clock(server, DOOR_OPENS)
    dana.goes_to(f"{server.url}/home")
    dana.page.get_by_role("link", name="Enter the circle").first.click()
    dana.sees("name").fill(dana.name)
    dana.page.get_by_test_id("enter").click()
    dana.is_in_the_room()
    bo.enters(bo_link)
    dana.sees("admit").click()
    bo.is_in_the_room()
    dana.switches_on()
    bo.switches_on()
    dana.sees_and_hears(1)
    bo.sees_and_hears(1)


def test_who_leaves_a_circle_is_asked_first_and_nobody_else_hears_of_it(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    noor, dana = person(chromium), person(chromium)
    mine, other = (demo["facilitator"].replace("facilitator", name) for name in GUESTS)
    before = len(server.letters(to=other))

    sign_in(noor, server, mine)
    leave_the_circle(noor, demo["circle"], server)
    noor.page.wait_for_url("**/home")
    expect(noor.page.get_by_text("This is where your circles will be")).to_be_visible()

    eventually(lambda: "METHOD:CANCEL" in newest(server, mine), "the dates are taken back")
    assert len(server.letters(to=other)) == before
    sign_in(dana, server, demo["facilitator"])
    dana.goes_to(f"{server.url}/circles/{demo['circle']}")
    expect(dana.page.get_by_text("You are the only one who facilitates")).to_be_visible()
    expect(dana.page.get_by_role("button", name="Leave this circle")).to_have_count(0)


def leave_the_circle(one: Person, circle: str, server: Server) -> None:
    one.goes_to(f"{server.url}/circles/{circle}")
    one.page.get_by_role("button", name="Leave this circle").click()
    dialog = one.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your personal link stops working at once")
    dialog.get_by_role("button", name="Leave this circle").click()


def newest(server: Server, address: str) -> str:
    letter = server.letters(to=address)[-1]
    parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    return calendar_in(letter).decode() if parts else ""
