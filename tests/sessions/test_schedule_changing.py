# ruff: noqa: DTZ001 - wall time has no zone

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from sessions import answers
from sessions.errors import Conflict, Invalid, NotFound
from sessions.recurrence import Overlap, Rule, StartOffRule
from sessions.zones import ScheduleError
from tests.calendars.app import App, value
from tests.sessions.planned import booking_of, said, starts
from tests.sessions.village import BO, CY, FIRST, SECOND, THIRD, Village
from tests.web.tables import everything

WEEK = timedelta(weeks=1)
THURSDAY = datetime(2026, 3, 12, 20, 30)
AFTER_FIRST = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


class TestOneDate:
    async def test_it_gets_another_length_and_title_and_the_rest_has_not(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.choose(BO, detail="full")

        await village.change(weekly, "one", FIRST, minutes=120, title="Long evening")

        [letter] = await village.post(BO)
        assert b"RECURRENCE-ID;TZID=Asia/Jerusalem:20260310T190000" in letter.calendar
        assert b"DTEND;TZID=Asia/Jerusalem:20260310T210000" in letter.calendar
        assert b"SUMMARY:Long evening" in letter.calendar

    async def test_a_discreet_person_learns_no_title(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.choose(BO, detail="full")

        await village.change(weekly, "one", FIRST, title="Long evening")

        assert [letter.to for letter in await village.post()] == [BO]
        assert b"Long evening" not in await village.feed(CY)

    async def test_the_wanted_time_may_be_told_in_another_zone(
        self, village: Village, weekly: UUID
    ) -> None:
        in_london = datetime(2026, 3, 12, 18, 30)

        await village.change(weekly, "one", FIRST, to=in_london, zone="Europe/London")

        assert (await starts(village, weekly))[0] == THURSDAY

    async def test_an_hour_that_comes_twice_over_there_is_refused(
        self, village: Village, weekly: UUID
    ) -> None:
        with pytest.raises(Overlap):
            await village.change(
                weekly, "one", FIRST, to=datetime(2026, 10, 25, 1, 30), zone="Europe/London"
            )

    async def test_other_seats_are_nobodys_news(self, village: Village, weekly: UUID) -> None:
        changed = await village.change(weekly, "one", FIRST, seats=5, agenda="silent")

        assert (changed.means.mails, changed.means.why) == (0, ["for_nobody"])
        assert await village.post() == []
        assert (await village.series(weekly)).sequence == 0
        change = (await booking_of(village, weekly)).changes[FIRST]
        assert (change.seats, change.agenda) == (5, "silent")

    async def test_back_to_where_it_was_leaves_no_trace(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.move(weekly, FIRST, to=THURSDAY)
        await village.move(weekly, FIRST, to=FIRST)

        assert (await booking_of(village, weekly)).changes == {}
        [letter] = await village.post(BO)
        assert b"RECURRENCE-ID" not in letter.calendar

    @pytest.mark.parametrize(
        ("to", "why"),
        [
            (SECOND + timedelta(days=1), ["out_of_turn"]),
            (SECOND.replace(hour=9), ["out_of_turn"]),
            (SECOND - timedelta(days=1), []),
        ],
    )
    async def test_past_another_or_onto_its_day_not_all_apps_follow(
        self, village: Village, weekly: UUID, to: datetime, why: list[str]
    ) -> None:
        changed = await village.change(weekly, "one", FIRST, to=to, dry=True)

        assert changed.means.why == why

    async def test_past_one_that_is_off_or_out_of_the_way_all_apps_follow(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.cancel(weekly, SECOND)
        await village.move(weekly, THIRD, to=THIRD + timedelta(days=3))

        changed = await village.change(weekly, "one", FIRST, to=THIRD, dry=True)

        assert changed.means.why == []

    async def test_one_date_has_no_rule_of_its_own(
        self, village: Village, weekly: UUID
    ) -> None:
        with pytest.raises(Invalid, match="unclear_rule"):
            await village.change(weekly, "one", FIRST, rule=None)


class TestFollowing:
    async def test_the_old_series_ends_and_another_begins(
        self, village: Village, weekly: UUID
    ) -> None:
        later = THIRD + timedelta(hours=1)

        changed = await village.change(weekly, "following", THIRD, to=later)

        old, new = await village.series(weekly), await village.series(changed.series)
        assert await starts(village, weekly) == [FIRST, SECOND]
        assert await starts(village, new.id) == [later + n * WEEK for n in range(10)]
        assert (new.follows, new.sequence, old.sequence) == (old.id, 0, 1)
        assert new.uid != old.uid
        assert [said(letter) for letter in await village.post(BO)] == [
            ("REQUEST", old.uid, 1),
            ("REQUEST", new.uid, 0),
        ]
        assert (changed.means.ends, changed.means.begins) == (SECOND, later)

    async def test_changed_dates_go_along(self, village: Village, weekly: UUID) -> None:
        fourth, fifth, sixth = (THIRD + n * WEEK for n in (1, 2, 3))
        await village.move(weekly, FIRST, to=THURSDAY)
        await village.move(weekly, fourth, to=fourth + timedelta(days=1))
        await village.cancel(weekly, fifth)
        await village.change(weekly, "one", sixth, title="Guest", seats=4)

        changed = await village.change(
            weekly, "following", THIRD, to=THIRD + timedelta(hours=1)
        )

        hour = timedelta(hours=1)
        moved = (await booking_of(village, changed.series)).changes
        assert set((await booking_of(village, weekly)).changes) == {FIRST}
        assert moved.keys() == {fourth + hour, fifth + hour, sixth + hour}
        assert moved[fourth + hour].moved_to == fourth + timedelta(days=1)
        assert moved[fifth + hour].cancelled
        assert (moved[sixth + hour].title, moved[sixth + hour].seats) == ("Guest", 4)
        assert (changed.means.kept, changed.means.dropped) == (3, [])

    async def test_what_the_new_rule_has_not_is_named_before_it_is_lost(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.cancel(weekly, THIRD + WEEK)
        wednesdays: dict[str, Any] = {"to": THIRD + timedelta(days=1), "rule": Rule(("WE",))}

        promised = await village.change(weekly, "following", THIRD, dry=True, **wednesdays)

        assert promised.means.dropped == [THIRD + WEEK]
        assert (await booking_of(village, weekly)).changes.keys() == {THIRD + WEEK}

    async def test_another_day_takes_the_rule_along(
        self, village: Village, weekly: UUID
    ) -> None:
        changed = await village.change(weekly, "following", THIRD, to=THIRD + timedelta(days=2))

        assert (await village.series(changed.series)).weekdays == ["TH"]
        assert len(await starts(village, changed.series)) == 10

    async def test_answers_to_all_count_again_only_if_the_time_is_the_same(
        self, village: Village, weekly: UUID
    ) -> None:
        given: tuple[tuple[datetime | None, answers.Word], ...] = (
            (None, "yes"), (THIRD, "no"), (FIRST, "maybe"),
        )  # fmt: skip
        for original, word in given:
            async with village.acting(BO) as (db, mine):
                await answers.answer(
                    db, mine, weekly, original=original, answer=word, now=village.clock()
                )

        same = await village.change(weekly, "following", SECOND, title="Other")
        later = await village.change(same.series, "following", THIRD, zone="Europe/London")

        async with village.acting(BO) as (db, mine):
            found = await answers.answers_of(db, [mine.membership.id])
        assert found == {
            (weekly, None): "yes",
            (weekly, FIRST): "maybe",
            (same.series, None): "yes",
            (later.series, THIRD): "no",
        }
        assert "asked_anew" not in same.means.why
        assert "asked_anew" in later.means.why

    async def test_extra_dates_go_along(self, village: Village, weekly: UUID) -> None:
        before = await village.add_date(weekly, datetime(2026, 3, 19, 18))
        after = await village.add_date(weekly, datetime(2026, 4, 2, 18))

        changed = await village.change(weekly, "following", THIRD, minutes=60)

        assert (await village.series(before)).extra_of == weekly
        assert (await village.series(after)).extra_of == changed.series

    async def test_with_no_date_before_it_that_takes_place_the_series_stays_the_same(
        self, village: Village
    ) -> None:
        """An entry without dates is nothing that an app could show."""
        await village.welcome(BO)
        series = await village.book(skip=[FIRST])
        fourth = THIRD + WEEK
        await village.cancel(series, SECOND)
        await village.cancel(series, fourth)
        app, later = App(), timedelta(hours=1)
        for letter in await village.post(BO):
            app.take(letter)

        changed = await village.change(series, "following", THIRD, to=THIRD + later)

        assert changed.series == series
        assert (changed.means.ends, changed.means.dropped) == (None, [])
        [letter] = await village.post(BO)
        app.take(letter)
        assert (await booking_of(village, series)).changes.keys() == {fourth + later}
        assert await starts(village, series) == [
            THIRD + later + n * WEEK for n in range(10) if n != 1
        ]
        assert set(app.entries) == {(await village.series(series)).uid}
        assert value(letter.calendar, "DTSTART") == "20260324T200000"

    async def test_from_the_first_date_on_it_is_all_of_it(
        self, village: Village, weekly: UUID
    ) -> None:
        changed = await village.change(weekly, "following", FIRST, minutes=60)

        assert changed.series == weekly
        assert changed.means.ends is None

    async def test_a_date_that_is_over_or_is_none_is_refused(
        self, village: Village, weekly: UUID
    ) -> None:
        with pytest.raises(NotFound, match="no_such_date"):
            await village.change(weekly, "following", THURSDAY, minutes=60)
        village.clock.now = AFTER_FIRST + WEEK
        with pytest.raises(Conflict, match="already_over"):
            await village.change(weekly, "following", SECOND, minutes=60)
        with pytest.raises(Invalid, match="in_the_past"):
            await village.change(weekly, "following", THIRD, to=FIRST)
        with pytest.raises(Invalid, match="needed"):
            await village.change(weekly, "following", None, minutes=60)


class TestAll:
    async def test_before_it_has_begun_it_stays_the_same_series(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.move(weekly, SECOND, to=THURSDAY + WEEK)
        await village.post()
        earlier = FIRST - timedelta(hours=2)

        changed = await village.change(weekly, "all", to=earlier, title="Early hour")

        series = await village.series(weekly)
        assert changed.series == weekly
        assert (series.start, series.title, series.sequence) == (earlier, "Early hour", 2)
        found = (await booking_of(village, weekly)).changes
        assert found[SECOND - timedelta(hours=2)].moved_to == THURSDAY + WEEK
        [letter] = await village.post(BO)
        assert said(letter) == ("REQUEST", series.uid, 2)
        assert letter.calendar.count(b"BEGIN:VEVENT") == 2

    async def test_once_it_has_begun_a_title_is_still_changed_in_place(
        self, village: Village, weekly: UUID
    ) -> None:
        village.clock.now = AFTER_FIRST

        changed = await village.change(weekly, "all", title="Other", seats=4)

        series = await village.series(weekly)
        assert changed.series == weekly
        assert (series.title, series.seats) == ("Other", 4)

    async def test_once_it_has_begun_another_length_is_none_of_dates_that_are_over(
        self, village: Village, weekly: UUID
    ) -> None:
        village.clock.now = AFTER_FIRST

        changed = await village.change(weekly, "all", minutes=90)

        old, new = await village.series(weekly), await village.series(changed.series)
        assert (old.minutes, new.minutes) == (75, 90)
        assert await starts(village, weekly) == [FIRST]
        assert changed.means.why == ["begun"]

    async def test_once_it_has_begun_another_time_counts_from_the_next_date_on(
        self, village: Village, weekly: UUID
    ) -> None:
        village.clock.now = AFTER_FIRST
        hour = timedelta(hours=1)

        changed = await village.change(weekly, "all", to=FIRST + hour)

        assert changed.means.why == ["begun", "asked_anew"]
        assert await starts(village, weekly) == [FIRST]
        assert await starts(village, changed.series) == [
            FIRST + hour + n * WEEK for n in range(1, 12)
        ]

    async def test_once_it_has_begun_it_still_ends_sooner_or_later_in_place(
        self, village: Village, weekly: UUID
    ) -> None:
        village.clock.now = AFTER_FIRST

        for count in (14, 3):
            changed = await village.change(weekly, "all", rule=Rule(("TU",), count=count))

            assert (changed.series, changed.means.why) == (weekly, [])
            assert len(await starts(village, weekly)) == count

    async def test_answers_to_all_of_it_are_forgotten_when_the_time_changes(
        self, village: Village, weekly: UUID
    ) -> None:
        async with village.acting(BO) as (db, mine):
            for original in (None, SECOND):
                await answers.answer(
                    db, mine, weekly, original=original, answer="yes", now=village.clock()
                )

        await village.change(weekly, "all", minutes=60)
        async with village.acting(BO) as (db, mine):
            kept = await answers.answers_of(db, [mine.membership.id])
        later = FIRST + timedelta(hours=1)
        await village.change(weekly, "all", to=later)
        async with village.acting(BO) as (db, mine):
            left = await answers.answers_of(db, [mine.membership.id])

        assert kept.keys() == {(weekly, None), (weekly, SECOND)}
        assert left == {}

    async def test_once_it_has_begun_another_day_has_as_many_dates(
        self, village: Village, weekly: UUID
    ) -> None:
        village.clock.now = AFTER_FIRST
        thursday = FIRST + timedelta(days=2)

        changed = await village.change(weekly, "all", to=thursday)

        assert await starts(village, weekly) == [FIRST]
        assert await starts(village, changed.series) == [
            thursday + n * WEEK for n in range(1, 12)
        ]

    async def test_nothing_changed_is_nothing_told(
        self, village: Village, weekly: UUID
    ) -> None:
        changed = await village.change(weekly, "all", title="Evening hour", to=FIRST)

        assert changed.means.why == ["for_nobody"]
        assert await village.post() == []
        assert (await village.series(weekly)).sequence == 0

    @pytest.mark.parametrize(
        ("wish", "error"),
        [
            ({"to": FIRST, "rule": Rule(("WE",))}, StartOffRule),
            ({"zone": "Asia/Atlantis"}, ScheduleError),
            ({"title": " "}, Invalid),
            ({"to": datetime(2026, 3, 1, 19)}, Invalid),
            ({"minutes": 0}, ScheduleError),
        ],
    )
    async def test_what_cannot_be_planned_changes_nothing(
        self, village: Village, weekly: UUID, wish: dict[str, Any], error: type[Exception]
    ) -> None:
        before = await everything(village.database)

        with pytest.raises(error):
            await village.change(weekly, "all", **wish)

        assert await everything(village.database) == before

    async def test_a_series_becomes_a_single_date_and_the_other_way(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.change(weekly, "all", rule=None)
        assert await starts(village, weekly) == [FIRST]

        await village.change(weekly, "all", rule=Rule(("TU",), count=3))
        assert await starts(village, weekly) == [FIRST, SECOND, THIRD]
