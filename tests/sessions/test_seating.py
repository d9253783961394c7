"""Who has a place when there are only so many: the rule, played with."""

# ruff: noqa: DTZ001 - wall time has no zone

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sessions.seating import Hall, Key, Level, Night, Wait

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TUESDAY, WEDNESDAY = datetime(2026, 3, 10, 19), datetime(2026, 3, 17, 19)
ANN, BO, CY, DI, EVE = (UUID(int=n) for n in range(1, 6))
PEOPLE = (ANN, BO, CY, DI, EVE)
A_DAY = timedelta(days=1)


def hall(seats: int | None = 1, *, starts_at: datetime = NOON + 9 * A_DAY) -> Hall:
    nights = {
        TUESDAY: Night(starts_at, seats),
        WEDNESDAY: Night(starts_at + 7 * A_DAY, seats),
    }
    return Hall(seats, starts_at, nights)


def say(of: Hall, who: UUID, word: str = "yes", level: Level = TUESDAY, at: int = 0) -> None:
    of.answer(who, level, word, now=NOON + timedelta(minutes=at))  # type: ignore[arg-type]


class TestPlaces:
    def test_whoever_says_yes_has_a_place_until_all_are_taken(self) -> None:
        room = hall(2)
        for minute, who in enumerate((ANN, BO, CY)):
            say(room, who, at=minute)

        places = [room.place(who, TUESDAY) for who in (ANN, BO, CY)]
        assert places == ["held", "held", "waiting"]
        assert room.free(TUESDAY) == 0

    def test_without_a_limit_nobody_waits(self) -> None:
        room = hall(None)
        for who in PEOPLE:
            say(room, who)

        assert {room.place(who, TUESDAY) for who in PEOPLE} == {"held"}
        assert room.free(TUESDAY) is None

    def test_a_yes_to_the_series_is_a_place_on_each_date_that_has_one(self) -> None:
        room = hall(1)
        say(room, ANN)
        say(room, BO, level=None, at=1)

        assert room.place(BO, None) == "held"
        assert room.place(BO, TUESDAY) == "waiting"
        assert room.place(BO, WEDNESDAY) == "held"

    def test_who_waits_for_the_series_is_offered_the_dates_that_others_leave_out(self) -> None:
        room = hall(1)
        say(room, ANN, level=None)
        say(room, BO, level=None, at=1)
        say(room, ANN, "no", at=2)

        [offer] = room.offer(now=NOON)

        assert offer[:2] == (BO, TUESDAY)
        assert room.place(BO, TUESDAY) == "offered"
        assert room.place(BO, WEDNESDAY) == room.place(BO, None) == "waiting"

    def test_nobody_loses_a_place_to_a_smaller_number_of_places(self) -> None:
        room = hall(2)
        say(room, ANN)
        say(room, BO, at=1)
        room.nights = {TUESDAY: Night(NOON + A_DAY, 1)}

        assert room.place(ANN, TUESDAY) == room.place(BO, TUESDAY) == "held"
        say(room, BO, "no", at=2)
        say(room, CY, at=3)
        assert room.place(CY, TUESDAY) == "waiting"


class TestOffers:
    @pytest.fixture
    def freed(self) -> Hall:
        """Ann had the place; Bo and then Cy wait for it."""
        room = hall(1)
        for minute, who in enumerate((ANN, BO, CY)):
            say(room, who, at=minute)
        say(room, ANN, "no", at=3)
        return room

    def test_a_free_place_is_kept_for_the_first_in_line(self, freed: Hall) -> None:
        [offer] = freed.offer(now=NOON)

        assert offer == (BO, TUESDAY, NOON + A_DAY)
        assert freed.free(TUESDAY) == 0
        assert freed.offer(now=NOON) == []
        assert freed.take(BO, TUESDAY, now=NOON)
        assert freed.place(BO, TUESDAY) == "held"

    @pytest.mark.parametrize(
        ("left", "kept"),
        [
            (timedelta(days=9), timedelta(hours=24)),
            (timedelta(hours=10), timedelta(hours=5)),
            (timedelta(minutes=20), timedelta(minutes=15)),
            (timedelta(minutes=10), timedelta(minutes=10)),
        ],
    )
    def test_for_a_day_or_for_half_of_the_time_that_is_left(
        self, freed: Hall, left: timedelta, kept: timedelta
    ) -> None:
        freed.nights = {TUESDAY: Night(NOON + left, 1)}

        [offer] = freed.offer(now=NOON)

        assert offer.until == NOON + kept

    def test_nothing_of_a_date_that_has_begun_or_does_not_take_place(self, freed: Hall) -> None:
        freed.nights = {TUESDAY: Night(NOON, 1)}
        assert freed.offer(now=NOON) == []
        freed.nights = {TUESDAY: Night(NOON + A_DAY, 1, off=True)}
        assert freed.offer(now=NOON) == []

    def test_an_offer_ends_with_its_date_and_the_line_stays(self, freed: Hall) -> None:
        freed.offer(now=NOON)
        freed.nights = {TUESDAY: Night(NOON + A_DAY, 1, off=True)}
        freed.expire(now=NOON)
        assert freed.place(BO, TUESDAY) == "waiting"

        freed.nights = {TUESDAY: Night(NOON + A_DAY, 1)}
        assert [offer.who for offer in freed.offer(now=NOON)] == [BO]

    def test_who_lets_it_pass_goes_to_the_end_and_is_not_asked_again(self, freed: Hall) -> None:
        freed.offer(now=NOON)
        later = NOON + A_DAY
        freed.expire(now=later)
        assert [offer.who for offer in freed.offer(now=later)] == [CY]

        freed.expire(now=later + A_DAY)
        assert freed.offer(now=later + A_DAY) == []
        assert freed.can_take(BO, TUESDAY)
        assert freed.take(BO, TUESDAY, now=later + A_DAY)
        assert not freed.take(CY, TUESDAY, now=later + A_DAY)

    def test_to_say_yes_to_an_offer_is_to_take_it(self, freed: Hall) -> None:
        freed.offer(now=NOON)
        say(freed, BO, at=4)

        assert freed.place(BO, TUESDAY) == "held"

    def test_to_say_yes_again_after_an_offer_is_to_ask_anew(self, freed: Hall) -> None:
        freed.offer(now=NOON)
        freed.expire(now=NOON + A_DAY)
        freed.offer(now=NOON + A_DAY)
        freed.answer(BO, TUESDAY, "yes", now=NOON + A_DAY)
        freed.answer(CY, TUESDAY, "no", now=NOON + A_DAY)

        assert [offer.who for offer in freed.offer(now=NOON + A_DAY)] == [BO]

    def test_a_newcomer_does_not_overtake_those_who_wait(self, freed: Hall) -> None:
        say(freed, DI, at=5)

        assert freed.place(DI, TUESDAY) == "waiting"
        assert [offer.who for offer in freed.offer(now=NOON)] == [BO]

    def test_a_place_in_the_series_keeps_one_on_each_date(self) -> None:
        room = hall(1)
        say(room, ANN, level=None)
        say(room, BO, level=None, at=1)
        say(room, ANN, "no", level=None, at=2)
        assert [(o.who, o.level) for o in room.offer(now=NOON)] == [(BO, None)]

        say(room, CY, at=3)
        assert room.place(CY, TUESDAY) == "waiting"
        assert room.take(BO, None, now=NOON)
        assert room.place(BO, TUESDAY) == room.place(BO, WEDNESDAY) == "held"

    def test_but_not_where_somebody_waited_longer_for_that_date(self) -> None:
        room = hall(1)
        say(room, ANN, level=None)
        say(room, CY, at=1)
        say(room, BO, level=None, at=2)
        say(room, ANN, "no", level=None, at=3)

        offers = {(o.who, o.level) for o in room.offer(now=NOON)}

        assert offers == {(BO, None), (CY, TUESDAY)}

    def test_who_passes_it_on_leaves_the_line(self, freed: Hall) -> None:
        freed.offer(now=NOON)
        say(freed, BO, "no", at=4)

        assert [offer.who for offer in freed.offer(now=NOON)] == [CY]
        assert freed.place(BO, TUESDAY) is None

    def test_with_no_limit_any_more_everybody_in_line_has_a_place(self) -> None:
        room = hall(1)
        for minute, who in enumerate((ANN, BO, CY)):
            say(room, who, at=minute)
            say(room, who, level=None, at=minute)
        room.seats = None
        room.nights = {TUESDAY: Night(NOON + A_DAY, None)}

        offers = room.offer(now=NOON)

        assert {offer.until for offer in offers} == {None}
        assert {room.place(who, TUESDAY) for who in (ANN, BO, CY)} == {"held"}
        assert room.waits == {}


class Evening(RuleBasedStateMachine):
    """Anything may happen in any order; what must hold, holds after each."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.hall = hall(2, starts_at=NOON + 20 * A_DAY)
        self.held: set[Key] = set()
        self.asked: list[Key] = []

    levels = st.sampled_from([None, TUESDAY, WEDNESDAY])
    people = st.sampled_from(PEOPLE)

    @rule(who=people, level=levels, word=st.sampled_from(["yes", "yes", "no", "maybe"]))
    def answer(self, who: UUID, level: Level, word: str) -> None:
        self._tick()
        before = self.hall.place(who, level)
        self.hall.answer(who, level, word, now=self.now)  # type: ignore[arg-type]
        if word == "yes":
            assert self.hall.place(who, level) is not None
            assert before != "held" or self.hall.place(who, level) == "held"
            self.asked = [key for key in self.asked if key.who != who]
        self._forget(who, level)

    @rule(who=people, level=levels)
    def take(self, who: UUID, level: Level) -> None:
        self._tick()
        can = self.hall.can_take(who, level)
        assert self.hall.take(who, level, now=self.now) == can
        if can:
            assert self.hall.place(who, level) == "held"

    @rule()
    def look_after_it(self) -> None:
        self._tick()
        self.hall.expire(now=self.now)
        for offer in self.hall.offer(now=self.now):
            key = Key(offer.who, offer.level)
            assert offer.until is None or offer.until > self.now
            assert key not in self.asked, "nobody is asked twice for the same"
            self.asked.append(key)
        for level in (None, TUESDAY, WEDNESDAY):
            assert not (self.hall.line(level) and self.hall.free(level) != 0)

    @rule(hours=st.integers(1, 60))
    def time_goes_by(self, hours: int) -> None:
        if self.now + timedelta(hours=hours) < NOON + 19 * A_DAY:
            self.now += timedelta(hours=hours)
        self.hall.expire(now=self.now)

    @rule(seats=st.integers(1, 4), level=levels)
    def other_seats(self, seats: int, level: Level) -> None:
        if level is None:
            self.hall.seats = seats
        else:
            night = self.hall.nights[level]
            self.hall.nights = {**self.hall.nights, level: Night(night.starts_at, seats)}

    @precondition(lambda self: self.hall.said)
    @rule(who=people)
    def leave(self, who: UUID) -> None:
        for table in (self.hall.said, self.hall.waits):
            for key in [key for key in table if key.who == who]:
                del table[key]
        self.held = {key for key in self.held if key.who != who}
        self.asked = [key for key in self.asked if key.who != who]

    @invariant()
    def nobody_loses_a_place(self) -> None:
        now_held = set(self._everybody("held"))
        assert self.held <= now_held
        self.held = now_held

    @invariant()
    def no_more_places_are_given_than_there_are(self) -> None:
        for level in (None, TUESDAY, WEDNESDAY):
            taken = self._taken(level)
            seats = self.hall.seats_on(level)
            assert seats is not None
            assert len(taken) <= seats or taken <= self._taken_before[level]
            self._taken_before[level] = taken

    @invariant()
    def who_does_not_come_waits_for_nothing(self) -> None:
        for key in self.hall.waits:
            word = self.hall.said.get(key, self.hall.said.get(Key(key.who, None)))
            assert word == "yes"

    def _everybody(self, place: str) -> Iterator[Key]:
        for level in (None, TUESDAY, WEDNESDAY):
            for who in PEOPLE:
                if self.hall.place(who, level) == place:
                    yield Key(who, level)

    def _taken(self, level: Level) -> set[UUID]:
        return {w for w in PEOPLE if self.hall.place(w, level) in ("held", "offered")}

    @property
    def _taken_before(self) -> dict[Level, set[UUID]]:
        self.__dict__.setdefault("taken", {None: set(), TUESDAY: set(), WEDNESDAY: set()})
        taken: dict[Level, set[UUID]] = self.__dict__["taken"]
        return taken

    def _forget(self, who: UUID, level: Level) -> None:
        """A place that somebody has given up themself is not lost."""
        kept = set(self._everybody("held"))
        self.held = {key for key in self.held if key.who != who or key in kept}

    def _tick(self) -> None:
        self.now += timedelta(seconds=1)


TestEvening = Evening.TestCase
TestEvening.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)


def test_a_wait_says_since_when() -> None:
    room = hall(1)
    say(room, ANN)
    say(room, BO, at=7)

    assert room.waits == {Key(BO, TUESDAY): Wait(NOON + timedelta(minutes=7))}
