"""Nobody's mailbox is filled, and what is said last is the truth."""

# ruff: noqa: DTZ001 - wall time has no zone

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from sessions import answers
from sessions.rations import ALL_UNKNOWN, KNOWN, UNKNOWN
from sessions.recurrence import Pattern
from sessions.schedule import Series
from tests.calendars.app import unfolded, value
from tests.fakes import Delivered, Pigeon
from tests.sessions.village import BO, FIRST, SECOND, THIRD, Village

A_DAY = timedelta(days=1)
ELSEWHERE = datetime(2026, 3, 12, 20, 30)


@pytest.fixture
async def booked(village: Village) -> UUID:
    """Bo was told, in the second letter of the day, and has not said a word so far."""
    await village.welcome(BO)
    series = await village.book()
    await village.post()
    return series


async def answer(village: Village, series: UUID) -> None:
    async with village.acting(BO) as (db, mine):
        await answers.answer(db, mine, series, original=None, answer="yes", now=village.clock())


async def move_about(village: Village, series: UUID, times: int) -> list[Delivered]:
    """To and fro, and each time the courier is quick."""
    pigeon = Pigeon()
    for number in range(times):
        await village.move(series, FIRST, to=ELSEWHERE + timedelta(minutes=5 * number))
        await village.courier(pigeon).deliver_everything()
    return pigeon.to(BO)


async def test_who_never_answered_gets_ten_letters_a_day_from_a_circle(
    village: Village, booked: UUID
) -> None:
    letters = await move_about(village, booked, 40)

    assert len(letters) == UNKNOWN.most - 2
    village.clock.forward(A_DAY)
    assert len(await village.post(BO)) == 1
    assert await village.post(BO) == []


async def test_what_had_to_wait_is_one_letter_with_the_latest_state_of_all_dates(
    village: Village, booked: UUID
) -> None:
    await move_about(village, booked, 40)
    await village.move(booked, SECOND, to=SECOND + timedelta(hours=1))
    await village.cancel(booked, THIRD)
    await village.move(booked, FIRST, to=FIRST + timedelta(days=2))

    village.clock.forward(A_DAY)

    [letter] = await village.post(BO)
    lines = unfolded(letter.calendar)
    assert value(lines, "METHOD") == "REQUEST"
    assert letter.calendar.count(b"RECURRENCE-ID") >= 2
    assert b"DTSTART;TZID=Asia/Jerusalem:20260312T190000" in letter.calendar
    assert b"DTSTART;TZID=Asia/Jerusalem:20260317T200000" in letter.calendar
    assert await village.post(BO) == []
    series = await village.series(booked)
    assert f"SEQUENCE:{series.sequence}\r\n".encode() in letter.calendar


async def test_a_date_called_off_in_the_meantime_stays_called_off(
    village: Village, booked: UUID
) -> None:
    await move_about(village, booked, 20)
    await village.cancel(booked, THIRD)

    village.clock.forward(A_DAY)

    [letter] = await village.post(BO)
    called_off = THIRD.strftime("%Y%m%dT%H%M%S").encode()
    assert b"EXDATE;TZID=Asia/Jerusalem:" + called_off in letter.calendar


async def test_a_single_date_that_is_called_off_is_still_cancelled(village: Village) -> None:
    await village.welcome(BO)
    once = await village.book(Pattern(FIRST, "Asia/Jerusalem", 75))
    await village.post()
    await move_about(village, once, 20)

    await village.cancel(once, FIRST)
    village.clock.forward(A_DAY)

    [letter] = await village.post(BO)
    assert value(unfolded(letter.calendar), "METHOD") == "CANCEL"


async def test_a_series_cancelled_and_put_back_all_day_ends_as_it_is(
    village: Village, booked: UUID
) -> None:
    pigeon = Pigeon()
    for _ in range(20):
        await village.cancel_series(booked)
        await village.courier(pigeon).deliver_everything()
        await village.restore_series(booked)
        await village.courier(pigeon).deliver_everything()
    await village.cancel_series(booked)

    village.clock.forward(A_DAY)

    assert len(pigeon.to(BO)) == UNKNOWN.most - 2
    last = [*pigeon.to(BO), *await village.post(BO)][-1]
    assert value(unfolded(last.calendar), "METHOD") == "CANCEL"


async def test_series_booked_beyond_the_ration_come_on_the_days_after(village: Village) -> None:
    await village.invite(BO)
    titles = [f"Evening {number}" for number in range(UNKNOWN.most + 4)]
    series = [await village.book(title=title) for title in titles]

    first = await village.post(BO)
    village.clock.forward(A_DAY)
    second = await village.post(BO)

    assert len(first) == UNKNOWN.most
    told = {value(unfolded(each.calendar), "UID") for each in [*first[1:], *second]}
    assert told == {(await village.series(each)).uid for each in series}


async def test_circles_that_somebody_never_answered_have_one_ration_together(
    village: Village,
) -> None:
    for number in range(5):
        await village.found(name=f"Circle {number}")
        await village.invite(BO)
        for _ in range(UNKNOWN.most):
            await village.book()

    assert len(await village.post(BO)) == ALL_UNKNOWN.most


async def test_who_answered_gets_more_in_a_day_but_not_without_end(
    village: Village, booked: UUID
) -> None:
    await answer(village, booked)

    letters = await move_about(village, booked, KNOWN.most + 5)

    assert len(letters) == KNOWN.most


async def test_one_circle_uses_up_nothing_of_another(village: Village, booked: UUID) -> None:
    await answer(village, booked)
    await move_about(village, booked, 3)
    await village.found(name="A loud one")
    await village.invite(BO)
    for _ in range(UNKNOWN.most):
        await village.book()
    await village.post()

    async with village.database.read() as db:
        village.circle = (await db.get_one(Series, booked)).circle_id

    assert len(await move_about(village, booked, 3)) == 3


async def test_a_letter_that_was_turned_away_is_counted_once(
    village: Village, booked: UUID
) -> None:
    await village.move(booked, FIRST, to=ELSEWHERE)
    for _ in range(3):
        await village.courier(Pigeon(["put off"])).deliver_everything()
        village.clock.forward(timedelta(hours=1))

    letters = await move_about(village, booked, 20)

    assert len(letters) == UNKNOWN.most - 2
