"""What handlers are given is given back, however a request ends."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from litestar.types import Scope
from sqlalchemy.pool import QueuePool

from sessions.web.given import network_of
from tests.house import Browser, House
from tests.web.tables import without

REFUSED = (
    ("POST", "/api/circles", {"name": "x"}),  # nobody is signed in
    ("PATCH", "/api/me", {"seats": 1}),
    ("POST", "/api/join", {"ticket": "x", "name": "x"}),
    ("POST", "/api/signin", {"address": "no address"}),
    ("POST", "/api/answer/look", {"token": "x"}),
    ("GET", "/api/circles", None),
    ("GET", "/feed/x.ics", None),
)


async def refuse(browser: Browser, times: int) -> None:
    for _ in range(times):
        for method, path, body in REFUSED:
            answer = await browser.client.request(method, path, json=body)
            assert 400 <= answer.status_code < 500


@pytest.fixture
def _nobody_collects() -> Iterator[None]:
    """What is given back only with the garbage, is not given back."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_nobody_collects")
async def test_a_request_that_fails_before_its_handler_lets_others_write(house: House) -> None:
    kept: list[Exception] = []
    house.app.after_exception.insert(0, _keep(kept))
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        async with without(house, "signed_in"):
            broken = await dana.post("/api/circles", {"name": "Lantern"})
        async with asyncio.timeout(4):
            made = await dana.post("/api/circles", {"name": "Lantern"})

    # SQLite says of a missing table what it says of a database that is away.
    assert (broken.status_code, made.status_code) in ((500, 201), (503, 201))
    assert kept


def _keep(kept: list[Exception]) -> Any:
    """An error that somebody holds on to holds on to all that was open when it was raised."""

    async def hold(error: Exception, _scope: Scope) -> None:
        kept.append(error)

    return hold


async def test_a_refused_request_holds_no_connection(house: House) -> None:
    """On SQLite one that was held would keep everybody else from writing."""
    pool = house.inside.database.engine.pool
    assert isinstance(pool, QueuePool)
    async with house.browser() as browser:
        await refuse(browser, 5)
        await house.letters()
        async with asyncio.timeout(5):
            assert (await browser.sign_in("dana@example.org"))["address"] == "d…@e….org"

        assert pool.checkedout() <= 2  # the app's own tasks


async def test_many_at_once_all_get_an_answer(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()

        answers = await asyncio.gather(
            *(dana.patch(f"/api/circles/{circle['id']}", {"name": f"{n}"}) for n in range(15)),
            *(dana.get(f"/api/circles/{circle['id']}") for _ in range(15)),
            *(dana.post("/api/circles", {}) for _ in range(15)),
        )

    assert [a.status_code for a in answers] == [200] * 30 + [400] * 15


async def test_a_slow_sender_keeps_nobody_from_writing(house: House) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"address": '
        begun.set()
        await go_on.wait()
        yield b'"slow@example.org"}'

    async with house.browser() as slow, house.browser() as dana, asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(
            slow.client.post(
                "/api/signin", content=slowly(), headers={"Content-Type": "application/json"}
            )
        )
        await begun.wait()
        async with asyncio.timeout(5):
            await dana.sign_in("dana@example.org")
        go_on.set()

    assert sending.result().status_code == 202


async def test_tasks_are_cancelled_between_transactions_and_never_in_one(house: House) -> None:
    """SQLite's driver has a thread for each connection, which would outlive the event loop."""
    database = house.inside.database
    inside, go_on = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def write_twice() -> None:
        async with database.write():
            inside.set()
            await go_on.wait()
        order.append("ended")
        async with database.write():
            order.append("began again")

    task = asyncio.create_task(write_twice())
    await inside.wait()
    asyncio.get_running_loop().call_soon(go_on.set)
    async with database.pause():
        order.append("paused")
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert order == ["ended", "paused"]


async def test_a_post_that_changes_nothing_waits_for_no_writer(house: House) -> None:
    async with house.browser() as guest, house.inside.database.write():
        async with asyncio.timeout(5):
            looked = [
                await guest.post("/api/answer/look", {"token": "x"}),
                await guest.post("/api/join/look", {"ticket": "x"}),
                await guest.post("/api/signin/look", {"token": "x"}),
            ]

    assert [answer.status_code for answer in looked] == [404, 404, 410]


@pytest.mark.parametrize(
    ("host", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::ffff", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_limit_is_for_all_that_is_one_subscribers(host: str, counted_as: str) -> None:
    assert network_of(host) == counted_as
