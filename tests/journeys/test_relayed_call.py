"""With a TURN server a circle hides addresses: no browser learns where another one is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import NewPerson
from tests.journeys.person import meet
from tests.journeys.server import Server, running_server
from tests.machine.turn import LOOPBACK_PEERS, turn_server

pytestmark = pytest.mark.browser

CANDIDATE = re.compile(r"candidate:\S+ \d \S+ \d+ (\S+) \d+ typ (\w+)(?: raddr (\S+))?")


@pytest.fixture
def hiding_server(tmp_path: Path) -> Iterator[Server]:
    with turn_server(tmp_path, arguments=LOOPBACK_PEERS) as turn:
        settings = {"RONDA_TURN_URLS": turn.urls, "RONDA_TURN_SECRET": turn.secret}
        with running_server(tmp_path, **settings) as server:
            yield server


def test_a_call_that_hides_addresses_goes_through_the_relay_alone(
    hiding_server: Server, chromium: Browser, firefox: Browser, person: NewPerson
) -> None:
    demo = hiding_server.demo()
    dana, bo = person(chromium, name="Dana"), person(firefox, name="Bo")

    meet(dana, bo, demo=demo)
    dana.switches_on()
    bo.switches_on()
    dana.sees_and_hears(1)
    bo.sees_and_hears(1)

    assert demo["direct"] is False
    assert [one["localType"] for one in dana.media().values()] == ["relay"]
    for one in (dana, bo):
        check_candidates("\n".join(one.frames()))


def check_candidates(heard: str) -> None:
    """Nothing but addresses of the relay has reached this browser."""
    candidates = CANDIDATE.findall(heard)
    assert candidates
    assert {kind for _, kind, _ in candidates} == {"relay"}
    assert {related for _, _, related in candidates} <= {"", "0.0.0.0", "::"}  # noqa: S104
