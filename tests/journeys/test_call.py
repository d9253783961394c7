"""People meet: door, lobby, call, chat, hands, removal, and a server that dies."""

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import NewPerson
from tests.journeys.person import Person
from tests.journeys.server import Server

pytestmark = pytest.mark.browser


def meet(host: Person, *guests: Person, demo: dict[str, str | list[str]]) -> None:
    """The facilitator enters and admits everyone who knocks."""
    host.enters(str(demo["facilitator_link"]))
    host.is_in_the_room()
    for guest, link in zip(guests, demo["guest_links"], strict=False):
        guest.enters(link)
        host.sees("admit").first.click()
        guest.is_in_the_room()


def test_two_people_see_and_hear_each_other(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    demo = server.demo()
    dana, bo = person(chromium, name="Dana"), person(chromium, name="Bo")

    meet(dana, bo, demo=demo)
    dana.switches_on()
    bo.switches_on()

    dana.sees_and_hears(1)
    bo.sees_and_hears(1)
