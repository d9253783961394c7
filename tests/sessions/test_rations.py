"""Nobody's mailbox is filled, and what is said last is the truth."""

# ruff: noqa: DTZ001 - wall time has no zone

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from sessions import answers, courier
from sessions.letters import Written, write
from sessions.rations import KNOWN, UNKNOWN, URGENT
from sessions.recurrence import Pattern, Rule
from sessions.schedule import Series
from tests.calendars.app import unfolded, value
from tests.fakes import Delivered, Pigeon
from tests.sessions.village import BO, FIRST, SECOND, THIRD, Village

A_DAY = timedelta(days=1)
TONIGHT = datetime(2026, 3, 2, 21)
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


async def test_a_flood_by_one_circle_holds_back_nothing_of_another(village: Village) -> None:
    for number in range(5):
        await village.found(name=f"Loud {number}")
        await village.invite(BO)
        for _ in range(UNKNOWN.most + 1):
            await village.book()
    await village.post()

    await village.found(name="Honest")
    await village.invite(BO)
    for _ in range(UNKNOWN.most):
        await village.book()

    assert len(await village.post(BO)) == UNKNOWN.most


@pytest.fixture
async def flooded(village: Village) -> list[UUID]:
    """Invited to 13 series: of as many as a day allows Bo was told, three are held back."""
    tonight = Pattern(TONIGHT, "Asia/Jerusalem", 75, Rule(("MO",), count=12))
    series = []
    for _ in range(13):
        series.append(await village.book(tonight))
        village.clock.forward(timedelta(seconds=1))
    await village.invite(BO)
    assert len(await village.post(BO)) == UNKNOWN.most
    return series


async def test_what_is_called_off_tonight_is_told_now(
    village: Village, flooded: list[UUID]
) -> None:
    await village.cancel(flooded[0], TONIGHT)

    [letter] = await village.post(BO)
    assert value(unfolded(letter.calendar), "METHOD") == "CANCEL"
    assert b"RECURRENCE-ID;TZID=Asia/Jerusalem:20260302T210000" in letter.calendar


async def test_what_is_called_off_next_week_waits(
    village: Village, flooded: list[UUID]
) -> None:
    await village.cancel(flooded[0], TONIGHT + timedelta(weeks=1))

    assert await village.post(BO) == []


async def test_a_date_put_off_from_tonight_is_told_now(
    village: Village, flooded: list[UUID]
) -> None:
    await village.move(flooded[0], TONIGHT, to=TONIGHT + timedelta(days=3))

    assert len(await village.post(BO)) == 1


async def test_a_series_that_would_meet_tonight_is_cancelled_now(
    village: Village, flooded: list[UUID]
) -> None:
    await village.cancel_series(flooded[0])

    [letter] = await village.post(BO)
    assert value(unfolded(letter.calendar), "METHOD") == "CANCEL"


async def test_what_had_to_wait_before_it_comes_along(
    village: Village, flooded: list[UUID]
) -> None:
    later = TONIGHT + timedelta(weeks=1)
    await village.move(flooded[0], later, to=later + timedelta(hours=1))
    assert await village.post(BO) == []

    await village.cancel(flooded[0], TONIGHT)

    [letter] = await village.post(BO)
    lines = unfolded(letter.calendar)
    series = await village.series(flooded[0])
    assert (value(lines, "METHOD"), value(lines, "UID")) == ("REQUEST", series.uid)
    assert value(lines, "SEQUENCE") == str(series.sequence)
    assert b"EXDATE;TZID=Asia/Jerusalem:20260302T210000" in letter.calendar
    assert b"DTSTART;TZID=Asia/Jerusalem:20260309T220000" in letter.calendar


async def test_what_was_put_back_before_it_comes_along(
    village: Village, flooded: list[UUID]
) -> None:
    for week in range(1, 9):
        later = TONIGHT + timedelta(weeks=week)
        await village.move(flooded[0], later, to=later + timedelta(hours=1))
        assert await village.post(BO) == []
        await village.restore(flooded[0], later)
        assert await village.post(BO) == []

    await village.cancel(flooded[0], TONIGHT)

    [letter] = await village.post(BO)
    assert b"EXDATE;TZID=Asia/Jerusalem:20260302T210000" in letter.calendar


async def test_dates_weeks_away_use_up_nothing_of_what_tonight_may_need(
    village: Village, flooded: list[UUID]
) -> None:
    for series in flooded[: URGENT.most + 1]:
        for week in (2, 3):
            later = TONIGHT + timedelta(weeks=week)
            await village.move(series, later, to=later + timedelta(hours=1))
            assert await village.post(BO) == []

    await village.cancel(flooded[0], TONIGHT)

    assert len(await village.post(BO)) == 1


async def test_who_knows_of_no_date_yet_hears_with_the_invitation_that_it_is_off(
    village: Village, flooded: list[UUID]
) -> None:
    await village.cancel(flooded[-1], TONIGHT)
    now = await village.post(BO)
    village.clock.forward(A_DAY)
    later = [unfolded(letter.calendar) for letter in await village.post(BO)]

    uid = (await village.series(flooded[-1])).uid
    [invitation] = [lines for lines in later if value(lines, "UID") == uid]
    assert now == []
    assert value(invitation, "METHOD") == "REQUEST"
    assert b"EXDATE;TZID=Asia/Jerusalem:20260302T210000" in invitation


async def test_even_about_tonight_so_many_a_day(village: Village, flooded: list[UUID]) -> None:
    pigeon = Pigeon()
    for number in range(1, URGENT.most + 10):
        to = TONIGHT + timedelta(minutes=5 * number)
        await village.move(flooded[0], TONIGHT, to=to)
        await village.courier(pigeon).deliver_everything()

    assert len(pigeon.to(BO)) == URGENT.most


async def test_what_waits_from_day_to_day_is_not_written_each_time(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    await village.invite(BO)
    for _ in range(UNKNOWN.most * 4):
        await village.book()
    await village.post()
    village.clock.forward(A_DAY)
    written: list[UUID] = []

    async def counted(*args: Any, **more: Any) -> Written:
        written.append(args[3].id)
        return await write(*args, **more)

    monkeypatch.setattr(courier, "write", counted)

    assert len(await village.post(BO)) == UNKNOWN.most
    assert len(written) == UNKNOWN.most


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
