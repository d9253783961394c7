"""How often somebody may look, and how little is remembered of it."""

from datetime import timedelta

import pytest

from sessions.errors import TooMany
from sessions.limits import Limit
from sessions.visits import Visits
from tests.conftest import NOON

TWICE = Limit("open", most=2, seconds=600)


def test_each_host_has_its_own_limit_in_each_window() -> None:
    visits = Visits(TWICE)
    for host in ("::1", "::2", "::1", "::2"):
        visits.spend(host, now=NOON)
    with pytest.raises(TooMany) as refused:
        visits.spend("::1", now=NOON + timedelta(seconds=599))

    visits.spend("::1", now=NOON + timedelta(seconds=600))

    assert refused.value.seconds == 1


def test_no_host_is_remembered_as_it_is() -> None:
    visits = Visits(TWICE)
    visits.spend("192.0.2.7", now=NOON)

    assert "192.0.2.7" not in repr(vars(visits))
    assert not vars(visits)["_used"].keys() & vars(_visited("192.0.2.7"))["_used"].keys()


def _visited(host: str) -> Visits:
    visits = Visits(TWICE)
    visits.spend(host, now=NOON)
    return visits


def test_those_who_came_last_are_remembered() -> None:
    visits = Visits(TWICE, hosts=2)
    for host in ("::1", "::2", "::2", "::3"):
        visits.spend(host, now=NOON)

    visits.spend("::1", now=NOON)
    visits.spend("::1", now=NOON)

    with pytest.raises(TooMany):
        visits.spend("::1", now=NOON)
