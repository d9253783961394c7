from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.journeys import browsers
from tests.journeys.person import Person
from tests.journeys.server import Server, running_server

NewPerson = Callable[..., Person]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    with browsers.chromium(playwright) as browser:
        yield browser


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    with browsers.firefox(playwright) as browser:
        yield browser


@pytest.fixture
def refusing(playwright: Playwright, make: str) -> Iterator[Browser]:
    """A browser of the named maker in which camera and microphone are refused."""
    launch = {"chromium": browsers.chromium, "firefox": browsers.firefox}[make]
    with launch(playwright, refused=True) as browser:
        yield browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running_server(tmp_path) as server:
        yield server


@pytest.fixture
def person() -> Iterator[NewPerson]:
    """Makes people; none of them may have asked a stranger for anything, or met an error."""
    people: list[Person] = []

    def make(browser: Browser, **options: Any) -> Person:
        people.append(Person(browser, **options))
        return people[-1]

    yield make
    foreign = [url for one in people for url in one.foreign]
    troubles = [trouble for one in people for trouble in one.troubles]
    for one in people:
        one.closes()
    assert foreign == []
    assert troubles == []
