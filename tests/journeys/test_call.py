"""People meet: lobby, call, chat, hands, removal, and a server that dies."""

import time

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.person import meet
from tests.journeys.server import Server
from tests.machine.waiting import eventually

pytestmark = pytest.mark.browser
BACK_WITHIN = 5.0


def test_two_browsers_of_different_makers_see_and_hear_each_other(
    server: Server, chromium: Browser, firefox: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(firefox, name="Bo")

    meet(dana, bo, demo=demo)
    dana.switches_on()
    bo.switches_on()

    dana.sees_and_hears(1)
    bo.sees_and_hears(1)


def test_four_people_meet_and_a_fifth_is_refused_kindly(
    server: Server, chromium: Browser, firefox: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(chromium, name="Bo")
    cy, di = person(firefox, name="Cy"), person(chromium, name="Di")
    meet(dana, bo, cy, di, demo=demo)
    for one in (dana, bo, cy, di):
        one.switches_on()
    for one in (dana, bo, cy, di):
        one.sees_and_hears(3)

    eve = person(chromium, name="Eve")
    eve.enters(server.invite_one_more(demo))

    eve.sees("gone")
    dana.sees_and_hears(3)


def test_the_lobby_shows_nobody_and_nothing_of_the_room(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(chromium, name="Bo")
    dana.enters(demo["facilitator_link"])
    dana.is_in_the_room()

    bo.enters(demo["guest_links"][0])
    bo.sees("lobby")
    dana.sees("admit")

    assert bo.frames()
    assert not any("Dana" in frame for frame in bo.frames())
    expect(bo.page.get_by_text("Dana")).to_have_count(0)


def test_what_is_written_reaches_everyone_and_hands_keep_the_servers_order(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(chromium, name="Bo")
    cy = person(chromium, name="Cy")
    meet(dana, bo, cy, demo=demo)

    bo.writes("שלום hello مرحبا")
    dana.opens("chat")
    cy.opens("chat")
    for other in (dana, cy):
        expect(other.page.get_by_text("שלום hello مرحبا")).to_be_visible()

    bo.page.get_by_test_id("hand").click()
    bo.hand_is_up()
    cy.page.get_by_test_id("hand").click()
    cy.hand_is_up()
    for one, order in ((dana, ["Bo", "Cy"]), (bo, ["You", "Cy"]), (cy, ["Bo", "You"])):
        eventually(lambda: one.hands() == order, "the same order everywhere")  # noqa: B023


def test_a_removed_person_is_out_and_the_same_link_is_refused(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(chromium, name="Bo")
    meet(dana, bo, demo=demo)
    dana.switches_on()
    bo.switches_on()
    dana.sees_and_hears(1)

    dana.removes("Bo")

    bo.sees("gone")
    assert bo.live_tracks() == 0
    eventually(lambda: dana.open_connections() == 0, "the call to Bo is closed")
    bo.goes_to(demo["guest_links"][0])
    expect(bo.page.get_by_test_id("enter")).to_have_count(0)
    other_device = person(chromium, name="Bo again")
    other_device.goes_to(demo["guest_links"][0])
    expect(other_device.page.get_by_test_id("join-removed")).to_be_visible()


def test_a_killed_server_costs_no_picture_and_everyone_is_back_in_five_seconds(
    server: Server, chromium: Browser, firefox: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(firefox, name="Bo")
    cy = person(chromium, name="Cy")
    meet(dana, bo, cy, demo=demo)
    for one in (dana, bo, cy):
        one.switches_on()
    dana.sees_and_hears(2)
    dana.removes("Cy")
    cy.sees("gone")
    bo.page.get_by_test_id("hand").click()
    bo.hand_is_up()
    eventually(lambda: dana.hands() == ["Bo"], "the hand is up")
    made = {one.name: one.made_connections() for one in (dana, bo)}

    server.kill()
    dana.sees_and_hears(1)  # with no server at all
    bo.sees_and_hears(1)
    server.start()
    began = time.monotonic()
    for one in (dana, bo):
        one.is_back(within=BACK_WITHIN)
    took = time.monotonic() - began

    assert took < BACK_WITHIN
    assert dana.hands() == ["Bo"]
    dana.sees_and_hears(1)
    bo.sees_and_hears(1)
    assert {one.name: one.made_connections() for one in (dana, bo)} == made
    cy.goes_to(demo["guest_links"][1])
    expect(cy.page.get_by_test_id("join-removed")).to_be_visible()


@pytest.mark.parametrize("make", ["chromium", "firefox"])
def test_somebody_without_camera_and_microphone_takes_part(
    server: Server, chromium: Browser, refusing: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(refusing, name="Bo")

    meet(dana, bo, demo=demo)
    dana.switches_on()
    bo.page.get_by_test_id("mic").click()

    bo.sees_and_hears(1)
    bo.writes("I hear you")
    dana.opens("chat")
    expect(dana.page.get_by_text("I hear you")).to_be_visible()


def test_the_quick_exit_stops_everything_at_once(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(chromium, name="Bo")
    meet(dana, bo, demo=demo)
    bo.switches_on()
    dana.page.wait_for_function("peers.count().open === 1")
    eventually(lambda: bo.live_tracks() > 0, "camera and microphone are on")

    stopped_after = bo.presses_quick_exit()

    assert stopped_after < 100
    bo.page.wait_for_url("**/bye")
    bo.page.go_back()
    expect(bo.page.get_by_text("Dana")).to_have_count(0)
