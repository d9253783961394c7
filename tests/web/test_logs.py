"""
What the server writes down of a whole day: nothing that anybody would mind to find there.

Every secret, name and address of the journey is a canary; so are those of a crash.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import structlog
from litestar import post
from litestar.params import FromPath

from sessions import logs
from sessions.web.cookies import SEAT, SESSION
from sessions.web.given import AnyRequest
from tests.conftest import SetClock
from tests.house import Browser, House, token_in
from tests.web.tables import without

DANA, BO = "canary-dana@example.org", "canary-bo@example.org"
CANARY = "canary"


@contextmanager
def as_served() -> Iterator[None]:
    """Logging as `ronda serve` sets it up, and put back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure()
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:], root.level = before


async def a_whole_day(
    house: House, clock: SetClock, dana: Browser, bo: Browser
) -> dict[str, str]:
    """Gives every secret that was used in it."""
    await dana.sign_in(DANA)
    signin = token_in((await house.letters(to=DANA))[-1], "in")
    circle = await dana.make_circle(name="canary circle", purpose="canary", agreement="canary")
    await dana.book(circle["id"], title="canary title")
    await dana.invite(circle["id"], BO)
    await dana.patch("/api/me", {"name": "canary Dana", "summary": "canary word"})
    feed = (await dana.get("/api/me/feeds")).json()["all"]["url"]
    await dana.get(feed)
    [letter] = await house.letters(to=BO)
    clock.now = datetime(2026, 3, 10, 16, 55, tzinfo=UTC)
    ticket = token_in(letter, "j")
    joined = await bo.post("/api/join", {"ticket": ticket, "name": "canary Bo", "agreement": 1})
    assert joined.status_code == 200
    return {
        "sign-in link": signin,
        "ticket": ticket,
        "answer link": token_in(letter, "a"),
        "feed": feed.rpartition("/")[2].removesuffix(".ics"),
        "pass": joined.json()["pass"],
        SESSION: dana.client.cookies[SESSION],
        SEAT: bo.client.cookies[SEAT],
    }


async def test_a_whole_day_leaves_no_secret_in_the_logs(
    house: House, clock: SetClock, capfd: pytest.CaptureFixture[str]
) -> None:
    with as_served():
        async with house.browser() as dana, house.browser() as bo:
            secrets = await a_whole_day(house, clock, dana, bo)
            for path in ("/api/canary", "/feed/canary.ics", "/assets/canary?canary=canary"):
                await dana.get(path)
            await dana.client.post("/api/signin", content=b'{"canary')

    written = "".join(capfd.readouterr())
    assert CANARY not in written
    assert not [name for name, secret in secrets.items() if secret in written]


@post("/api/crash/{secret:str}")
async def crash(request: AnyRequest, secret: FromPath[str]) -> None:
    """Fails with everything it knows, as libraries do."""
    cookies, body = request.cookies, await request.body()
    try:
        int(f"{secret} {cookies}")
    except ValueError as error:
        raise RuntimeError(f"{request.url} {body!r}") from error


async def test_a_crash_leaves_its_place_in_the_logs_and_nothing_else(
    house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    house.app.register(crash)
    with as_served():
        async with house.browser() as browser:
            browser.client.cookies.set(SESSION, "canary", domain="ronda.test", path="/")
            answer = await browser.post("/api/crash/canary?canary=1", {"canary": "canary"})

    written = "".join(capfd.readouterr())
    assert answer.status_code == 500
    assert CANARY not in answer.text + written
    assert '"route": "/api/crash/{secret:str}"' in written
    assert "RuntimeError" in written
    assert "ValueError" in written
    assert "test_logs.py" in written


async def test_a_broken_database_is_told_without_a_row_of_it(
    house: House, clock: SetClock, capfd: pytest.CaptureFixture[str]
) -> None:
    with as_served():
        async with house.browser() as dana, house.browser() as bo:
            secrets = await a_whole_day(house, clock, dana, bo)
            async with without(house, "sign_in_link"), without(house, "signed_in"):
                broken = [
                    await dana.post("/api/signin", {"address": DANA}),
                    await dana.post("/api/signin/link", {"token": secrets["sign-in link"]}),
                    await dana.get("/api/me"),
                ]

    written = "".join(capfd.readouterr())
    # SQLite says of a missing table what it says of a database that is away.
    assert {answer.status_code for answer in broken} in ({500}, {503})
    assert written.count("request_crashed") + written.count("database_away") == 3
    assert CANARY not in written
    assert not [name for name, secret in secrets.items() if secret in written]


def test_libraries_log_no_words_of_errors_either(capfd: pytest.CaptureFixture[str]) -> None:
    nothing: dict[str, str] = {}
    with as_served():
        try:
            nothing[CANARY]
        except KeyError:
            logging.getLogger("some.library").exception("It failed.")

    written = capfd.readouterr().err
    assert "ERROR:some.library:It failed.\n" in written
    assert "KeyError" in written
    assert CANARY not in written
