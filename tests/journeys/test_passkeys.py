"""Passkeys, with an authenticator that Chromium itself plays."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.person import Person
from tests.journeys.server import Server

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def authenticator(one: Person, **changes: Any) -> Iterator[None]:
    """A device that keeps passkeys; without `changes` its owner says yes to everything."""
    protocol = one.context.new_cdp_session(one.page)
    protocol.send("WebAuthn.enable")
    made = protocol.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **changes}})
    yield
    protocol.send(
        "WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]}
    )


def test_a_passkey_signs_in_until_it_is_removed(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    dana = person(chromium)
    signs_in(dana, server)
    with authenticator(dana):
        adds_a_passkey(dana, server, called="my phone")
        signs_out(dana)
        uses_a_passkey(dana, server)
        dana.page.wait_for_url("**/home")

        removes_the_passkey(dana, server, called="my phone")
        signs_out(dana)
        uses_a_passkey(dana, server)
        expect(alert(dana)).to_contain_text("The passkey was not accepted")


def test_a_device_that_holds_a_passkey_already_gets_no_second_one(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    dana = person(chromium)
    signs_in(dana, server)
    with authenticator(dana):
        adds_a_passkey(dana, server, called="my phone")
        dana.page.get_by_label("What is this device called?").fill("my phone again")
        dana.page.get_by_role("button", name="Add a passkey").click()

        expect(dana.page.get_by_text("This device has a passkey")).to_be_visible()
        expect(rows(dana)).to_have_count(1)


def test_who_declines_can_still_sign_in_by_mail(
    server: Server, chromium: Browser, person: NewPerson
) -> None:
    bo = person(chromium)
    with authenticator(bo):
        uses_a_passkey(bo, server)  # it holds none

        expect(bo.page.get_by_text("No passkey was used.")).to_be_visible()
        expect(alert(bo)).to_have_count(0)
        bo.page.get_by_label("Mail address").fill("bo@example.org")
        bo.page.get_by_role("button", name="Send me the link").click()
        expect(bo.page.get_by_text("is on its way")).to_be_visible()


def signs_in(one: Person, server: Server) -> None:
    one.signs_in(server.link(to=server.demo()["facilitator"], page="in"))


def adds_a_passkey(one: Person, server: Server, *, called: str) -> None:
    one.goes_to(f"{server.url}/privacy")
    one.page.get_by_label("What is this device called?").fill(called)
    one.page.get_by_role("button", name="Add a passkey").click()
    expect(rows(one).filter(has_text=called)).to_contain_text("not used yet")


def removes_the_passkey(one: Person, server: Server, *, called: str) -> None:
    one.goes_to(f"{server.url}/privacy")
    expect(rows(one).filter(has_text=called)).to_contain_text("last used on")
    rows(one).filter(has_text=called).get_by_role("button").click()
    one.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(rows(one)).to_have_count(0)


def signs_out(one: Person) -> None:
    one.page.get_by_role("button", name="Sign out here").click()
    expect(one.page.get_by_role("link", name="Sign in")).to_be_visible()


def uses_a_passkey(one: Person, server: Server) -> None:
    one.goes_to(f"{server.url}/signin")
    one.page.get_by_role("button", name="Use a passkey").click()


def rows(one: Person) -> Locator:
    part = one.page.locator("section").filter(
        has=one.page.get_by_role("heading", name="Passkeys")
    )
    return part.get_by_role("listitem")


def alert(one: Person) -> Locator:
    return one.page.get_by_role("alert")
