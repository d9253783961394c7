"""What takes long holds up nobody, and cannot pile up."""

import asyncio
import threading
from functools import partial
from uuid import uuid4

import pytest

from sessions.effort import MOST_EACH, Effort
from sessions.errors import Overloaded, TooMany

PATIENCE = 30.0
BUSY = uuid4()


async def test_others_have_their_turn_meanwhile() -> None:
    said = threading.Event()

    work = asyncio.create_task(Effort().work_out(partial(said.wait, PATIENCE), who=uuid4()))
    await asyncio.sleep(0)
    said.set()

    assert await work


async def test_so_many_at_once_and_the_others_wait() -> None:
    effort, said = Effort(at_once=2, most_waiting=3), threading.Event()
    running: set[int] = set()
    most = 0

    def take_long(number: int) -> None:
        nonlocal most
        running.add(number)
        most = max(most, len(running))
        said.wait(PATIENCE)
        running.discard(number)

    tasks = [
        asyncio.create_task(effort.work_out(partial(take_long, n), who=uuid4()))
        for n in range(5)
    ]
    while len(running) < 2:  # noqa: ASYNC110 - threads begin when they like
        await asyncio.sleep(0)
    said.set()
    await asyncio.gather(*tasks)

    assert most == 2


async def test_whoever_comes_when_too_many_wait_is_told_so_at_once() -> None:
    effort, said = Effort(at_once=1, most_waiting=1), threading.Event()
    tasks = [asyncio.create_task(effort.work_out(said.wait, who=uuid4())) for _ in range(2)]
    await asyncio.sleep(0)

    with pytest.raises(Overloaded):
        await effort.work_out(said.wait, who=uuid4())

    said.set()
    await asyncio.gather(*tasks)
    assert await effort.work_out(said.wait, who=uuid4())


async def test_what_fails_leaves_its_place_to_others() -> None:
    effort = Effort(at_once=1, most_waiting=0)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await effort.work_out(lambda: 1 // 0, who=BUSY)


async def test_one_person_never_has_two_threads_at_once() -> None:
    effort, said = Effort(at_once=2), threading.Event()
    begun = threading.Semaphore(0)

    def take_long() -> bool:
        begun.release()
        return said.wait(PATIENCE)

    tasks = [asyncio.create_task(effort.work_out(take_long, who=BUSY)) for _ in range(2)]
    await asyncio.sleep(0)
    assert await effort.work_out(lambda: True, who=uuid4()), "the other thread is free"
    assert begun.acquire(timeout=PATIENCE)
    assert not begun.acquire(blocking=False)

    said.set()
    assert await asyncio.gather(*tasks) == [True, True]


async def test_whoever_asks_for_more_leaves_the_places_of_others_alone() -> None:
    effort, said = Effort(at_once=1, most_waiting=MOST_EACH), threading.Event()
    tasks = [
        asyncio.create_task(effort.work_out(said.wait, who=BUSY)) for _ in range(MOST_EACH)
    ]
    await asyncio.sleep(0)

    with pytest.raises(TooMany) as refused:
        await effort.work_out(said.wait, who=BUSY)
    other = asyncio.create_task(effort.work_out(said.wait, who=uuid4()))

    assert not isinstance(refused.value, Overloaded)
    said.set()
    await asyncio.gather(*tasks, other)
    assert await effort.work_out(said.wait, who=BUSY)
