# ruff: noqa: DTZ001 - wall time has no zone

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from sessions import schedule
from sessions.errors import Conflict, Invalid, NotAllowed
from sessions.recurrence import Pattern, Rule
from tests.sessions.planned import all_rows, booking_of, said, starts
from tests.sessions.village import BO, CY, DANA, EVENINGS, FIRST, SECOND, THIRD, Village

WEEK = timedelta(weeks=1)
THURSDAY = datetime(2026, 3, 12, 20, 30)
AFTER_FIRST = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


class TestBookingMore:
    async def test_a_date_that_is_skipped_is_never_told(self, village: Village) -> None:
        await village.welcome(BO)

        series = await village.book(skip=[SECOND])

        [letter] = await village.post(BO)
        assert b"EXDATE;TZID=Asia/Jerusalem:20260317T190000" in letter.calendar
        assert (await starts(village, series))[:2] == [FIRST, THIRD]
        assert b"CANCELLED" not in await village.feed(BO)

    @pytest.mark.parametrize(
        ("skip", "word"),
        [([THURSDAY], "no_such_date"), ([FIRST + n * WEEK for n in range(12)], "nothing_left")],
    )
    async def test_only_dates_of_the_rule_are_skipped_and_not_all_of_them(
        self, village: Village, skip: list[datetime], word: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            await village.book(skip=skip)

        assert (refused.value.word, refused.value.field) == (word, "skip")

    async def test_a_skipped_date_can_be_put_back(self, village: Village) -> None:
        await village.welcome(BO)
        series = await village.book(skip=[SECOND])
        await village.post()

        await village.restore(series, SECOND)

        [letter] = await village.post(BO)
        assert said(letter)[0] == "REQUEST"
        assert b"EXDATE" not in letter.calendar
        assert (await starts(village, series))[:2] == [FIRST, SECOND]

    async def test_seats_and_agenda_are_kept(self, village: Village) -> None:
        series = await village.series(await village.book(seats=8, agenda="grief"))

        assert (series.seats, series.agenda) == (8, "grief")


class TestPromises:
    WISHES = (
        ("one", FIRST, {"to": THURSDAY}),
        ("one", SECOND, {"title": "Guest"}),
        ("following", THIRD, {"to": THIRD + timedelta(hours=1)}),
        ("all", None, {"minutes": 60}),
        ("all", None, {"zone": "Europe/London"}),
        ("all", None, {"seats": 3}),
    )

    @pytest.mark.parametrize(("scope", "original", "wish"), WISHES)
    async def test_a_dry_run_writes_nothing_and_the_deed_is_what_it_said(
        self,
        village: Village,
        weekly: UUID,
        scope: schedule.Scope,
        original: datetime | None,
        wish: dict[str, Any],
    ) -> None:
        await village.choose(BO, detail="full")
        before = await all_rows(village)

        promised = await village.change(weekly, scope, original, dry=True, **wish)
        assert await all_rows(village) == before
        done = await village.change(weekly, scope, original, **wish)

        assert promised.means == done.means
        letters = await village.post()
        assert len(letters) == done.means.mails
        assert {letter.to for letter in letters} == {
            BO if notice.person.detail == "full" else CY
            for notice in done.means.notices
            if notice.how == "mail"
        }

    async def test_who_acts_is_told_only_if_a_mail_has_told_them_before(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.move(weekly, FIRST, to=THURSDAY)
        assert await village.post(DANA) == []

        async with village.acting(DANA) as (db, _):
            member = await village.membership(BO)
            (await db.merge(member)).role = "facilitator"
        await village.change(weekly, "all", minutes=60, who=BO)

        to_bo = [said(letter) for letter in await village.post(BO)]
        assert [sequence for _, _, sequence in to_bo] == [2]

    async def test_who_never_heard_of_it_is_told_the_whole(
        self, village: Village, weekly: UUID
    ) -> None:
        async with village.acting(DANA) as (db, _):
            member = await village.membership(BO)
            (await db.merge(member)).role = "facilitator"

        await village.move(weekly, FIRST, to=THURSDAY, who=BO)

        [letter] = await village.post(DANA)
        assert b"RRULE" in letter.calendar
        assert said(letter)[2] == 1

    async def test_a_member_changes_nothing(self, village: Village, weekly: UUID) -> None:
        for scope in ("one", "following", "all"):
            with pytest.raises(NotAllowed):
                await village.change(weekly, scope, SECOND, minutes=60, who=BO)


class TestWholeSeries:
    async def test_a_cancelled_series_comes_back_with_its_extra_dates(
        self, village: Village, weekly: UUID
    ) -> None:
        extra = await village.add_date(weekly, THURSDAY)
        gone = await village.add_date(weekly, THURSDAY + WEEK)
        await village.cancel_series(gone)
        await village.post()
        village.clock.forward(timedelta(minutes=1))

        await village.cancel_series(weekly)
        cancelled = [said(letter) for letter in await village.post(BO)]
        village.clock.forward(timedelta(minutes=1))
        await village.restore_series(weekly)
        restored = [said(letter) for letter in await village.post(BO)]

        uids = {(await village.series(s)).uid for s in (weekly, extra)}
        assert {uid for _, uid, _ in cancelled} == {uid for _, uid, _ in restored} == uids
        assert {method for method, _, _ in restored} == {"REQUEST"}
        assert {sequence for _, _, sequence in restored} == {2}
        assert (await village.series(gone)).cancelled_at is not None

    async def test_an_extra_date_that_took_place_stays_as_it_was(
        self, village: Village, weekly: UUID
    ) -> None:
        held = await village.add_date(weekly, THURSDAY)
        await village.post()
        village.clock.now = datetime(2026, 3, 14, tzinfo=UTC)

        await village.cancel_series(weekly)

        assert (await village.series(held)).cancelled_at is None
        uids = {uid for _, uid, _ in map(said, await village.post(BO))}
        assert uids == {(await village.series(weekly)).uid}

    async def test_what_was_cancelled_and_put_back_before_anything_left_is_no_cancellation(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.cancel_series(weekly)
        await village.restore_series(weekly)

        [letter] = await village.post(BO)
        assert said(letter)[::2] == ("REQUEST", 2)

    async def test_what_is_over_is_not_put_back(self, village: Village, weekly: UUID) -> None:
        await village.cancel_series(weekly)
        village.clock.forward(timedelta(days=365))

        with pytest.raises(Conflict, match="already_over"):
            await village.restore_series(weekly)

    async def test_an_extra_date_is_an_event_of_its_own(
        self, village: Village, weekly: UUID
    ) -> None:
        extra = await village.series(await village.add_date(weekly, THURSDAY, minutes=30))

        assert (extra.pattern, extra.extra_of) == (
            Pattern(THURSDAY, "Asia/Jerusalem", 30), weekly,
        )  # fmt: skip
        [letter] = await village.post(BO)
        assert said(letter) == ("REQUEST", extra.uid, 0)

    async def test_a_clone_has_the_plan_and_none_of_the_changes(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.cancel(weekly, FIRST)
        start = datetime(2026, 9, 3, 19)

        clone = await village.clone(weekly, start)

        series = await village.series(clone)
        assert series.rule == Rule(("TH",), count=12)
        assert (series.title, series.start) == ("Evening hour", start)
        assert (await booking_of(village, clone)).changes == {}

    async def test_a_series_that_is_over_leaves_room_for_another(
        self, village: Village
    ) -> None:
        for _ in range(schedule.SERIES_PER_CIRCLE):
            await village.book(Pattern(FIRST, "Asia/Jerusalem", 60))
        with pytest.raises(Conflict, match="too_many_series"):
            await village.book()

        village.clock.now = AFTER_FIRST + timedelta(days=2)

        assert await village.book(EVENINGS)
