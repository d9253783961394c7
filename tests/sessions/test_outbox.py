# ruff: noqa: DTZ001 - wall time has no zone

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from sessions import outbox
from sessions.outbox import (
    RETRIES,
    Booked,
    DateCancelled,
    DateChanged,
    DateRestored,
    OutboxEntry,
    Redrawn,
    SeriesCancelled,
    SeriesChanged,
    SeriesRestored,
    SignInLetter,
    Welcome,
    overtakes,
)
from tests.conftest import NOON
from tests.fakes import Pigeon
from tests.sessions.village import A_MINUTE, BO, CY, FIRST, SECOND, Village

ONE, SERIES = uuid4(), uuid4()
WHEN, THEN = FIRST.isoformat(), SECOND.isoformat()
THURSDAY = datetime(2026, 3, 12, 20, 30)


class TestOvertaking:
    @pytest.mark.parametrize(
        "old",
        [
            Booked(ONE, SERIES, 0),
            DateChanged(ONE, SERIES, WHEN, 1),
            DateCancelled(ONE, SERIES, WHEN, 1),
            DateRestored(ONE, SERIES, WHEN, 1),
        ],
    )
    def test_a_cancelled_series_overtakes_everything(self, old: outbox.SeriesLetter) -> None:
        assert overtakes(SeriesCancelled(ONE, SERIES, 2), old)

    @pytest.mark.parametrize("new", [DateChanged, DateCancelled, DateRestored])
    @pytest.mark.parametrize("old", [DateChanged, DateCancelled])
    def test_the_last_word_about_a_date_overtakes_those_before(
        self,
        new: type[outbox.DateLetter],
        old: type[outbox.DateChanged | outbox.DateCancelled],
    ) -> None:
        assert overtakes(new(ONE, SERIES, WHEN, 2), old(ONE, SERIES, WHEN, 1))
        assert not overtakes(new(ONE, SERIES, WHEN, 2), old(ONE, SERIES, THEN, 1))

    def test_a_date_that_is_moved_does_not_overtake_its_being_restored(self) -> None:
        """The whole series has to be told, or an EXDATE from before would stay."""
        restored = DateRestored(ONE, SERIES, WHEN, 1)

        assert not overtakes(DateChanged(ONE, SERIES, WHEN, 2), restored)

    @pytest.mark.parametrize("new", [SeriesChanged, SeriesRestored])
    @pytest.mark.parametrize(
        "old",
        [
            DateChanged(ONE, SERIES, WHEN, 1),
            DateCancelled(ONE, SERIES, WHEN, 1),
            DateRestored(ONE, SERIES, WHEN, 1),
            SeriesChanged(ONE, SERIES, 1),
            Redrawn(ONE, SERIES, 1),
        ],
    )
    def test_what_tells_all_overtakes_what_is_in_it(
        self, new: type[SeriesChanged | SeriesRestored], old: outbox.SeriesLetter
    ) -> None:
        assert overtakes(new(ONE, SERIES, 2), old)

    def test_a_series_put_back_overtakes_its_cancellation_a_changed_one_does_not(self) -> None:
        cancelled = SeriesCancelled(ONE, SERIES, 1)

        assert overtakes(SeriesRestored(ONE, SERIES, 2), cancelled)
        assert not overtakes(SeriesChanged(ONE, SERIES, 2), cancelled)

    def test_nothing_but_a_cancellation_overtakes_an_invitation(self) -> None:
        """It has the better words, and all that came later is in it anyway."""
        invitation = Booked(ONE, SERIES, 0)

        for kind in (SeriesChanged, SeriesRestored, Redrawn):
            assert not overtakes(kind(ONE, SERIES, 1), invitation)

    def test_other_words_overtake_only_other_words(self) -> None:
        redrawn = Redrawn(ONE, SERIES, 2)

        assert overtakes(redrawn, Redrawn(ONE, SERIES, 1))
        assert not overtakes(redrawn, DateCancelled(ONE, SERIES, WHEN, 1))
        assert not overtakes(redrawn, SeriesChanged(ONE, SERIES, 1))

    @pytest.mark.parametrize("kind", [DateChanged, DateCancelled, DateRestored])
    def test_no_date_overtakes_the_invitation(self, kind: type[outbox.DateLetter]) -> None:
        assert not overtakes(kind(ONE, SERIES, WHEN, 1), Booked(ONE, SERIES, 0))


class TestTransaction:
    async def test_a_letter_leaves_only_if_its_cause_is_committed(
        self, village: Village
    ) -> None:
        class Oops(Exception):
            pass

        async def fail() -> None:
            async with village.database.write() as db:
                letter = SignInLetter(BO, "token", "en")
                outbox.post(db, village.keys, letter, now=village.clock())
                raise Oops

        with pytest.raises(Oops):
            await fail()

        assert await village.post() == []

    async def test_the_same_letter_cannot_be_put_in_twice(self, village: Village) -> None:
        await village.invite(BO)
        welcome = Welcome((await village.membership(BO)).id, 0)

        with pytest.raises(IntegrityError):
            async with village.database.write() as db:
                outbox.post(db, village.keys, welcome, now=village.clock())

    async def test_what_it_says_and_to_whom_is_sealed_and_gone_when_it_has_left(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        [waiting] = await village.box()
        await village.post()
        [sent] = await village.box()

        assert outbox.read(village.keys, waiting)
        assert b"welcome" not in waiting.letter
        assert (sent.outcome, sent.letter, sent.written) == ("sent", b"", None)


class TestOrder:
    async def test_letters_of_a_thread_leave_in_the_order_of_their_causes(
        self, village: Village
    ) -> None:
        """Even when all is done at one instant, or the clock is put back in between."""
        await village.welcome(BO)
        series = await village.book()
        await village.post()
        await village.move(series, FIRST, to=THURSDAY)
        await village.cancel(series, SECOND)
        village.clock.forward(-A_MINUTE)
        await village.restore(series, SECOND)
        village.clock.forward(2 * A_MINUTE)

        sent = []
        async with village.database.write() as db:
            while claims := await outbox.claim(db, now=village.clock(), limit=20):
                assert len(claims) == 1, "one of a thread at a time"
                entry = await db.get_one(OutboxEntry, claims[0].entry)
                sent.append(outbox.read(village.keys, entry))
                outbox.finish(entry, "sent", now=village.clock())
                await db.flush()

        membership = (await village.membership(BO)).id
        assert sent == [
            DateChanged(membership, series, WHEN, 1),
            DateRestored(membership, series, THEN, 3),
        ]

    async def test_a_letter_that_is_put_off_holds_its_thread_and_no_other(
        self, village: Village
    ) -> None:
        await village.welcome(BO, CY)
        series = await village.book()
        pigeon = Pigeon(["put off"])
        courier = village.courier(pigeon)
        await courier.deliver_everything()
        [reached] = pigeon.delivered
        await village.cancel(series, SECOND)
        await courier.deliver_everything()
        assert [d.to for d in pigeon.delivered] == [reached.to] * 2

        village.clock.forward(A_MINUTE)
        await courier.deliver_everything()

        late = BO if reached.to == CY else CY
        assert [b"METHOD:CANCEL" in d.calendar for d in pigeon.to(late)] == [False, True]

    async def test_a_cancellation_withdraws_a_request_that_was_never_tried(
        self, village: Village
    ) -> None:
        await village.welcome(BO)
        series = await village.book()
        await village.post()
        await village.move(series, FIRST, to=THURSDAY)

        await village.cancel_series(series)

        [letter] = await village.post()
        assert b"METHOD:CANCEL" in letter.calendar
        outcomes = [entry.outcome for entry in await village.box()]
        assert outcomes == ["sent", "sent", "withdrawn", "sent"]


class TestClaiming:
    async def test_each_letter_has_one_holder_until_the_lease_ends(
        self, village: Village
    ) -> None:
        await village.invite(BO, CY)
        async with village.database.write() as db:
            first = await outbox.claim(db, now=NOON, limit=1)
        async with village.database.write() as db:
            second = await outbox.claim(db, now=NOON, limit=20)
        async with village.database.write() as db:
            none = await outbox.claim(db, now=NOON + outbox.LEASE - A_MINUTE, limit=20)
        async with village.database.write() as db:
            again = await outbox.claim(db, now=NOON + outbox.LEASE, limit=20)

        assert len(first) == len(second) == 1
        assert none == []
        assert {c.entry for c in again} == {c.entry for c in first + second}
        assert {c.attempt for c in again} == {2}

    async def test_couriers_at_the_same_moment_get_different_letters(
        self, village: Village
    ) -> None:
        await village.invite(*(f"guest{n}@example.org" for n in range(10)))

        async def claim() -> list[outbox.Claim]:
            async with village.database.write() as db:
                claims = await outbox.claim(db, now=NOON, limit=3)
                await asyncio.sleep(0)
                return claims

        hands = await asyncio.gather(claim(), claim(), claim())

        got = [each.entry for claims in hands for each in claims]
        assert len(got) == len(set(got)) == 9


class TestRetries:
    async def test_it_is_tried_again_ever_more_seldom_and_then_given_up(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        pigeon = Pigeon(["put off"] * 20)
        courier = village.courier(pigeon)

        waits = []
        while True:
            await courier.deliver_everything()
            [entry] = await village.box()
            if entry.done_at is not None:
                break
            waits.append(entry.not_before - village.clock())
            village.clock.now = entry.not_before

        assert tuple(waits) == RETRIES
        assert all(sooner < later for sooner, later in pairwise(waits))
        assert waits[-1] == timedelta(hours=24)
        assert (entry.outcome, pigeon.flights) == ("failed", len(RETRIES) + 1)
        assert entry.trouble == "The mail server answered 451."

    async def test_what_is_done_is_forgotten_after_a_week(self, village: Village) -> None:
        await village.invite(BO)
        await village.post()
        await village.invite(CY)
        village.clock.forward(outbox.KEPT + A_MINUTE)

        async with village.database.write() as db:
            await outbox.forget_old(db, now=village.clock())

        [left] = await village.box()
        assert left.done_at is None, "what still waits is kept"
