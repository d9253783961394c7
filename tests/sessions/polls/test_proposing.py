# ruff: noqa: DTZ001 - wall time has no zone

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from sessions import recurrence
from sessions.errors import Conflict, Invalid, TooMany
from sessions.polls import OPEN_PER_CIRCLE
from tests.conftest import SetClock
from tests.sessions.polls.assembly import FRIDAY, THURSDAY, Assembly
from tests.sessions.village import BO, CY, Village

SPRING = datetime(2026, 3, 27, 2, 30)
"""Clocks in Israel skip this time."""


async def test_everybody_else_is_asked_once(assembly: Assembly, village: Village) -> None:
    await assembly.propose()
    sent = await village.post()

    assert sorted(one.to for one in sent) == [BO, CY]
    assert all("/a#" in str(one.mail.get_body(("plain",))) for one in sent)


async def test_discreet_the_mail_says_nothing_of_the_circle(
    assembly: Assembly, village: Village
) -> None:
    await assembly.propose()
    await village.choose(BO, detail="full")
    sent = {one.to: one for one in await village.post()}

    for word in ("First evening", "Lantern", "circle"):
        assert word not in sent[CY].message.decode()
    assert "First evening" in str(sent[BO].mail["subject"])
    assert "Lantern" in str(sent[BO].mail.get_body(("plain",)))


async def test_the_last_day_is_told_in_the_readers_own_time(
    assembly: Assembly, village: Village
) -> None:
    await assembly.propose(until=date(2026, 3, 11))
    [delivered] = [one for one in await village.post() if one.to == BO]

    # Midnight in Jerusalem is ten in the evening in London.
    body = delivered.mail.get_body(("plain",))
    assert body is not None
    assert "Wednesday 11 March 2026, 21:59" in body.get_content()


async def test_a_poll_that_was_closed_again_is_not_asked(
    assembly: Assembly, village: Village
) -> None:
    await assembly.propose()
    await assembly.close()

    assert await village.post() == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"title": " "}, "needed", "title"),
        ({"times": [THURSDAY, THURSDAY]}, "time_twice", "times"),
        ({"times": [datetime(2026, 3, 1, 19)]}, "in_the_past", "times"),
        ({"until": date(2026, 3, 14)}, "until_after_times", "until"),
        ({"until": date(2026, 3, 1)}, "in_the_past", "until"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    assembly: Assembly, changes: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await assembly.propose(**changes)

    assert (caught.value.word, caught.value.field) == (code, field)


async def test_a_time_that_the_clock_skips_is_refused_with_the_nearest_good_one(
    assembly: Assembly,
) -> None:
    with pytest.raises(recurrence.Gap) as caught:
        await assembly.propose(times=[FRIDAY, SPRING])

    assert caught.value.field == "times"
    assert caught.value.params["nearest"] == "03:00"


async def test_a_circle_has_only_so_many_open_polls(
    assembly: Assembly, clock: SetClock
) -> None:
    for _ in range(OPEN_PER_CIRCLE):
        await assembly.propose()
    with pytest.raises(Conflict, match="too_many_polls"):
        await assembly.propose()

    clock.forward(timedelta(hours=1))
    for _ in range(OPEN_PER_CIRCLE):
        await assembly.close()
        await assembly.propose()
    await assembly.close()
    with pytest.raises(TooMany):
        await assembly.propose()
