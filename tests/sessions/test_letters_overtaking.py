"""What has not arrived need not be cancelled; what may have arrived has to be."""

# ruff: noqa: DTZ001 - wall time has no zone

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from sessions import outbox
from sessions.schedule import Told
from tests.calendars.app import unfolded, value
from tests.fakes import Delivered, Killed, Pigeon, Weather
from tests.sessions.village import A_MINUTE, BO, FIRST, SECOND, Village

THURSDAY = datetime(2026, 3, 12, 20, 30)


def methods(letters: list[Delivered]) -> list[str]:
    return [value(unfolded(letter.calendar), "METHOD") for letter in letters]


async def sequence_told(village: Village, series: UUID) -> int | None:
    member = await village.membership(BO)
    async with village.database.read() as db:
        told = await db.get(Told, (member.id, series))
        return told.sequence if told else None


async def try_in(village: Village, *weather: Weather) -> Pigeon:
    pigeon = Pigeon(weather)
    await village.courier(pigeon).deliver_everything()
    return pigeon


@pytest.fixture
async def booked(village: Village) -> UUID:
    """The invitation waits."""
    await village.welcome(BO)
    return await village.book()


async def test_an_invitation_that_was_turned_away_never_leaves_before_its_cancellation(
    village: Village, booked: UUID
) -> None:
    await try_in(village, "put off")

    await village.cancel_series(booked)

    village.clock.forward(timedelta(days=2))
    assert await village.post() == []
    assert await sequence_told(village, booked) is None
    outcomes = [entry.outcome for entry in await village.box()]
    assert outcomes == ["sent", "withdrawn", "withdrawn"]


async def test_one_that_may_have_arrived_is_cancelled_and_not_sent_again(
    village: Village, booked: UUID
) -> None:
    first = await try_in(village, "word lost")

    await village.cancel_series(booked)

    assert methods([*first.delivered, *await village.post()]) == ["REQUEST", "CANCEL"]


async def test_one_that_was_being_sent_when_the_house_fell_is_cancelled_too(
    village: Village, booked: UUID
) -> None:
    pigeon = Pigeon(["killed"])
    with pytest.raises(Killed):
        await village.courier(pigeon).deliver()
    village.clock.forward(outbox.LEASE)

    await village.cancel_series(booked)

    again = await village.post()
    assert methods([*pigeon.delivered, *again]) == ["REQUEST", "CANCEL"]


async def test_a_cancellation_that_comes_while_it_is_in_hand_stops_the_next_try(
    village: Village, booked: UUID
) -> None:
    class Slow(Pigeon):
        async def send(self, message: bytes, *, sender: str, to: str) -> None:
            await village.cancel_series(booked)
            await super().send(message, sender=sender, to=to)

    await village.courier(Slow(["put off"])).deliver_everything()

    village.clock.forward(timedelta(days=2))
    assert await village.post() == []


async def test_one_that_was_refused_for_ever_was_never_told(
    village: Village, booked: UUID
) -> None:
    await try_in(village, "refused")

    await village.cancel_series(booked)

    assert await village.post() == []


async def test_a_change_after_a_refused_invitation_tells_the_whole(
    village: Village, booked: UUID
) -> None:
    await try_in(village, "refused")

    await village.move(booked, FIRST, to=THURSDAY)

    [letter] = await village.post()
    assert b"RRULE" in letter.calendar
    assert await sequence_told(village, booked) == 1


async def test_what_changes_all_says_what_changed_before(
    village: Village, booked: UUID
) -> None:
    await village.post()
    await village.move(booked, FIRST, to=THURSDAY)
    await village.cancel(booked, SECOND)

    await village.change(booked, "all", minutes=60)

    [letter] = await village.post()
    assert methods([letter]) == ["REQUEST"]
    assert b"EXDATE;TZID=Asia/Jerusalem:20260317T190000" in letter.calendar
    assert b"RECURRENCE-ID;TZID=Asia/Jerusalem:20260310T190000" in letter.calendar


async def test_of_a_change_that_was_put_off_the_later_one_is_sent_at_once(
    village: Village, booked: UUID
) -> None:
    await village.post()
    await village.move(booked, FIRST, to=THURSDAY)
    await try_in(village, "put off")
    village.clock.forward(A_MINUTE / 2)

    await village.move(booked, FIRST, to=THURSDAY + timedelta(days=1))

    [letter] = await village.post()
    assert b"DTSTART;TZID=Asia/Jerusalem:20260313T203000" in letter.calendar
    assert await sequence_told(village, booked) == 2
