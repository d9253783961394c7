from collections.abc import AsyncIterator

import pytest

from signaling.rooms import Rooms
from tests.signaling.fakes import Clock, Reports, Store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
async def rooms(clock: Clock, store: Store, reports: Reports) -> AsyncIterator[Rooms]:
    async with Rooms(clock=clock, store=store, report=reports, wait=clock.wait) as rooms:
        yield rooms
