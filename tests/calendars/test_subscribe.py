"""A feed as programs see it that only know its address."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sessions.recurrence import Change, Pattern, Rule, first_start, next_dates, occurrences
from tests.calendars.subscriber import Line, Subscriber
from tests.journeys.server import Server, running_server

ZONE = "America/New_York"
TITLE = "Last Tuesdays"
DAYS = 500


@contextmanager
def facilitator(server: Server, demo: dict[str, Any]) -> Iterator[httpx.Client]:
    token = server.link(to=demo["facilitator"], page="in").partition("#")[2]
    with httpx.Client(base_url=server.url, headers={"Origin": server.url}) as client:
        signed_in = client.post("/api/signin/link", json={"token": token})
        # Browsers take localhost for safe and send the cookie; httpx has to be told.
        client.headers["Cookie"] = signed_in.headers["set-cookie"].partition(";")[0]
        yield client


def planned() -> Pattern:
    rule = Rule(("TU",), frequency="monthly", position=-1, count=12)
    soon = (datetime.now(UTC) + timedelta(days=3)).date()
    return Pattern(first_start(rule, soon, time(19)), ZONE, 75, rule)


def booked(client: httpx.Client, demo: dict[str, Any], pattern: Pattern, skip: datetime) -> str:
    rule = {"frequency": "monthly", "weekdays": ["TU"], "position": -1, "count": 12}
    plan = {
        "title": TITLE,
        "start": pattern.start.isoformat(),
        "zone": pattern.zone,
        "minutes": pattern.minutes,
        "rule": rule,
        "skip": [skip.isoformat()],
    }
    answer = client.post(f"/api/circles/{demo['circle']}/series", json=plan)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def ours(pattern: Pattern, changes: Mapping[datetime, Change]) -> list[Line]:
    now = datetime.now(UTC)
    dates = occurrences(pattern, changes, after=now, before=now + timedelta(days=DAYS))
    return [
        Line(TITLE, one.starts_at, one.ends_at, one.cancelled)
        for one in dates
        if not one.skipped
    ]


def theirs(subscriber: Subscriber) -> list[Line]:
    subscriber.refresh()
    lines = subscriber.shown(datetime.now(UTC).date(), DAYS)
    return sorted((line for line in lines if line.title == TITLE), key=lambda s: s.starts_at)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("server")) as server:
        yield server


def test_khal_follows_a_series_through_a_year_and_its_changes(
    server: Server, tmp_path: Path
) -> None:
    pattern = planned()
    starts = [one.original for one in next_dates(pattern, {}, after=datetime.now(UTC), limit=6)]
    skipped = {starts[2]: Change(skipped=True)}
    moved_to = starts[1].replace(hour=20, minute=30) + timedelta(days=1)
    demo = server.demo(ZONE)
    subscriber = Subscriber(tmp_path, demo["feed"])
    with facilitator(server, demo) as client:
        series = booked(client, demo, pattern, starts[2])
        at_first = theirs(subscriber)
        path = f"/api/series/{series}"
        wish = {"original": starts[1].isoformat(), "to": moved_to.isoformat()}
        moved = client.post(f"{path}/change", json={"scope": "one", **wish})
        dropped = f"{path}/occurrences/{starts[4].isoformat()}"
        cancelled = client.post(f"{dropped}/cancel", json={})
        at_last = theirs(subscriber)

    assert (moved.status_code, cancelled.status_code) == (200, 200)
    assert len(at_first) == 11
    assert at_first == ours(pattern, skipped)
    changes = {starts[1]: Change(moved_to), starts[4]: Change(cancelled=True)}
    assert at_last == ours(pattern, skipped | changes)


def test_khal_shows_the_evenings_of_the_demonstration(server: Server, tmp_path: Path) -> None:
    demo = server.demo("Asia/Jerusalem")
    subscriber = Subscriber(tmp_path, demo["feed"])
    subscriber.refresh()

    lines = subscriber.shown(datetime.now(UTC).date(), DAYS)

    shown = {f"{line.starts_at:%Y-%m-%dT%H:%M:%SZ}" for line in lines}
    assert len(demo["occurrences"]) > 5
    assert shown >= set(demo["occurrences"])
