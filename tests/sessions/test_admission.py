# ruff: noqa: DTZ001 - wall time has no zone

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions import admission, circles
from sessions.admission import read_room_id, room_id
from sessions.errors import Conflict, Gone, Invalid, NotFound, NotSignedIn
from sessions.keys import Keys
from sessions.recurrence import Pattern
from sessions.schedule import Series
from signaling.messages import SeatId
from signaling.passes import ExpiredPass, verify
from tests.conftest import SECRET
from tests.sessions.door import OPENING, come_back, enter, look, read
from tests.sessions.village import (
    A_MINUTE,
    BO,
    CY,
    DANA,
    FIRST,
    SECOND,
    Village,
)

CLOSING = datetime(2026, 3, 10, 19, 15, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


class TestDoor:
    async def test_it_is_early_until_15_minutes_before_and_open_until_60_after(
        self, evening: Village
    ) -> None:
        states = []
        for now in (OPENING - A_SECOND, OPENING, CLOSING - A_SECOND, CLOSING):
            evening.clock.now = now
            door = await look(evening)
            assert door.date is not None
            states.append((door.state, door.date.original))

        assert states == [
            ("early", FIRST), ("open", FIRST), ("open", FIRST), ("early", SECOND),
        ]  # fmt: skip

    async def test_with_nothing_planned_there_is_none(self, village: Village) -> None:
        door = await look(village, DANA)

        assert (door.state, door.booking, door.date) == ("none", None, None)

    async def test_after_the_last_date_or_the_cancellation_there_is_none(
        self, evening: Village
    ) -> None:
        await evening.cancel_series(evening.planned)
        assert (await look(evening)).state == "none"

        await evening.book(Pattern(FIRST, "Asia/Jerusalem", 75))
        evening.clock.now = CLOSING
        assert (await look(evening)).state == "none"

    async def test_many_cancelled_dates_do_not_hide_the_one_behind_them(
        self, evening: Village
    ) -> None:
        for week in range(6):
            await evening.cancel(evening.planned, FIRST + timedelta(weeks=week))

        door = await look(evening)

        assert door.state == "early"
        assert door.date is not None
        assert door.date.original == FIRST + timedelta(weeks=6)

    async def test_a_moved_date_opens_where_it_is_now(self, evening: Village) -> None:
        await evening.move(evening.planned, FIRST, to=FIRST + timedelta(days=1))
        assert (await look(evening)).state == "early"

        evening.clock.forward(timedelta(days=1))

        assert (await look(evening)).state == "open"

    async def test_of_two_open_rooms_the_one_that_began_last_is_meant(
        self, evening: Village
    ) -> None:
        first_series = evening.planned
        half_past = Pattern(FIRST + timedelta(minutes=30), "Asia/Jerusalem", 75)
        second = await evening.book(half_past)
        first = await look(evening)
        evening.clock.forward(timedelta(minutes=30))

        door = await look(evening)

        assert first.booking is not None
        assert first.booking.series.id == first_series
        assert door.booking is not None
        assert door.booking.series.id == second

    async def test_a_bad_ticket_is_unknown(self, evening: Village) -> None:
        async with evening.database.read() as db:
            for ticket in ("", "x" * 32):
                with pytest.raises(NotFound):
                    await admission.look(
                        db, evening.keys, ticket, device=None, now=evening.clock()
                    )

    async def test_looking_changes_nothing(self, evening: Village) -> None:
        before = await evening.membership(BO)

        await look(evening)

        assert await evening.membership(BO) == before


class TestEntering:
    async def test_the_pass_says_who_may_come_where_for_two_minutes(
        self, evening: Village
    ) -> None:
        entry = await enter(evening)

        seat = read(evening, entry)
        series = await evening.series(evening.planned)
        assert (seat.name, seat.role, seat.lobby) == ("Lamp", "member", True)
        assert (seat.title, seat.room) == ("Lantern", room_id(series, FIRST))
        assert seat.closes_at == CLOSING.timestamp() == entry.closes_at.timestamp()
        assert seat.capacity == 4
        with pytest.raises(ExpiredPass):
            verify(entry.token, evening.keys.passes, (OPENING + 2 * A_MINUTE).timestamp())

    async def test_a_facilitator_needs_no_lobby(self, evening: Village) -> None:
        seat = read(evening, await enter(evening, DANA))

        assert (seat.role, seat.lobby) == ("facilitator", False)

    async def test_a_seat_is_the_persons_own_stays_and_is_another_at_the_next_date(
        self, evening: Village
    ) -> None:
        first, again, other = [read(evening, await enter(evening, who)) for who in (BO, BO, CY)]
        evening.clock.forward(timedelta(weeks=1))
        later = read(evening, await enter(evening))

        assert first.seat == again.seat
        assert len({first.seat, other.seat, later.seat}) == 3
        assert len({first.id, again.id, other.id, later.id}) == 4
        assert first.device != again.device, "two browsers"

    async def test_seats_and_rooms_can_be_named_in_the_protocol(self, evening: Village) -> None:
        seat = read(evening, await enter(evening))

        assert msgspec.convert(seat.seat, SeatId) == seat.seat
        assert len(seat.room) <= 80

    async def test_the_same_browser_stays_the_same_device(self, evening: Village) -> None:
        first = await enter(evening)
        again = await enter(evening, seat_cookie=first.seat)

        assert read(evening, first).device == read(evening, again).device

    @pytest.mark.parametrize("now", [OPENING - A_SECOND, CLOSING])
    async def test_a_closed_room_cannot_be_entered(
        self, evening: Village, now: datetime
    ) -> None:
        evening.clock.now = now

        with pytest.raises(Conflict, match="not_open"):
            await enter(evening)

    @pytest.mark.parametrize("name", ["", " \u202e\n"])
    async def test_a_name_is_needed(self, evening: Village, name: str) -> None:
        with pytest.raises(Invalid, match="needed"):
            await enter(evening, name=name)

    async def test_a_name_is_cleaned_shortened_and_stored_nowhere(
        self, evening: Village
    ) -> None:
        entry = await enter(evening, name=" A\u202e\nB" + "x" * 100)

        assert read(evening, entry).name == "A B" + "x" * 37
        assert (await evening.person(BO)).name == ""

    @pytest.mark.parametrize(
        ("hides", "relay", "direct"),
        [(True, True, False), (True, False, True), (False, True, True)],
    )
    async def test_addresses_are_hidden_when_the_circle_wants_it_and_there_is_a_relay(
        self, village: Village, hides: bool, relay: bool, direct: bool
    ) -> None:
        await village.found(hide_addresses=hides)
        await village.book()
        village.clock.now = OPENING

        assert read(village, await enter(village, DANA, can_hide=relay)).direct is direct

    async def test_a_small_circle_has_a_small_room(self, village: Village) -> None:
        await village.found(seats=2)
        await village.book()
        village.clock.now = OPENING

        assert read(village, await enter(village, DANA)).capacity == 2


class TestAgreement:
    async def test_it_has_to_be_accepted_once(self, evening: Village) -> None:
        with pytest.raises(Invalid, match="agreement_needed"):
            await enter(evening, agreement=None)

        await enter(evening, agreement=1)

        await enter(evening, agreement=None)
        assert (await evening.membership(BO)).agreed_version == 1

    async def test_a_new_text_has_to_be_accepted_anew_and_an_old_one_does_not_count(
        self, evening: Village
    ) -> None:
        await enter(evening)
        async with evening.database.write() as db:
            await circles.adopt_agreement(db, evening.circle, "Patience.", now=evening.clock())

        with pytest.raises(Invalid, match="agreement_needed"):
            await enter(evening, agreement=None)
        for version in (1, 3, 0):
            with pytest.raises(Conflict, match="agreement_changed"):
                await enter(evening, agreement=version)
        await enter(evening, agreement=2)

    async def test_who_does_not_get_in_has_accepted_nothing(self, evening: Village) -> None:
        with pytest.raises(Invalid):
            await enter(evening, name="", agreement=1)

        assert (await evening.membership(BO)).agreed_version == 0


class TestComingBack:
    async def test_the_cookie_gives_a_fresh_pass_for_the_same_seat(
        self, evening: Village
    ) -> None:
        entry = await enter(evening)
        evening.clock.forward(timedelta(hours=1))

        again = await come_back(evening, entry.seat)

        before = verify(entry.token, evening.keys.passes, OPENING.timestamp())
        after = read(evening, again)
        assert (after.seat, after.device, after.name) == (
            before.seat, before.device, before.name,
        )  # fmt: skip
        assert after.id != before.id

    @pytest.mark.parametrize("cookie", [None, b"", b"x", b"gAAAAA" * 20, "ב".encode()])
    async def test_without_a_good_cookie_there_is_no_seat(
        self, evening: Village, cookie: bytes | None
    ) -> None:
        with pytest.raises(NotSignedIn, match="no_seat"):
            await come_back(evening, cookie)

    async def test_other_sealed_things_are_no_cookie(self, evening: Village) -> None:
        with pytest.raises(NotSignedIn, match="no_seat"):
            await come_back(evening, evening.keys.seal(b"\x81\xa1x\x01"))

    async def test_not_after_the_room_has_closed(self, evening: Village) -> None:
        entry = await enter(evening)
        evening.clock.now = CLOSING

        with pytest.raises(Gone, match="not_open"):
            await come_back(evening, entry.seat)

    async def test_not_when_the_date_or_the_series_is_cancelled_meanwhile(
        self, evening: Village
    ) -> None:
        entry = await enter(evening)
        await evening.cancel(evening.planned, FIRST)

        with pytest.raises(Gone):
            await come_back(evening, entry.seat)
        await evening.cancel_series(evening.planned)
        with pytest.raises(Gone):
            await come_back(evening, entry.seat)

    async def test_not_who_was_let_go_even_if_invited_again(self, evening: Village) -> None:
        entry = await enter(evening)
        await evening.let_go(BO)
        with pytest.raises(NotSignedIn):
            await come_back(evening, entry.seat)

        await evening.invite(BO)

        with pytest.raises(NotSignedIn):
            await come_back(evening, entry.seat)

    async def test_after_a_change_of_secrets_the_seat_is_the_same(
        self, evening: Village
    ) -> None:
        entry = await enter(evening)
        before = read(evening, entry)
        evening.keys = Keys(("a newer secret that is long enough", SECRET))

        after = read(evening, await come_back(evening, entry.seat))

        assert (after.seat, after.device) == (before.seat, before.device)


@given(
    st.uuids(),
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
)
def test_the_name_of_a_room_tells_series_and_date(series: UUID, original: datetime) -> None:
    room = room_id(Series.model_construct(id=series), original)

    assert read_room_id(room) == (series, original)


def test_a_mesh_never_asks_more_of_a_phone_than_four() -> None:
    assert admission.MESH_CAPACITY == 4
