"""Whatever people do, in whatever order, these hold."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from signaling.messages import (
    Admit,
    AdmitAll,
    Bye,
    Candidate,
    CandidateOf,
    Chat,
    Command,
    Describe,
    Described,
    Devices,
    End,
    Hand,
    Leave,
    Refused,
    Remove,
    Renew,
    Role,
    ServerMessage,
    Waiting,
    kind,
)
from signaling.room.happenings import (
    Dismiss,
    Entered,
    Event,
    Happening,
    Heard,
    Lost,
    Tell,
    Woke,
)
from signaling.room.powers import Standing, refusal
from signaling.room.rules import step
from signaling.room.state import LineId, Plan, Room, Visitor, next_wake, restore, snapshot
from signaling.room.who import at, waiting_at

NOW = 1_790_000_000.0
CAPACITY = 3

seats = st.sampled_from(["ann", "bob", "cid", "dan", "fay"])
pages = st.sampled_from(["", "one", "two"])
devices = st.sampled_from(["laptop", "phone", "tablet", "desk", "couch"])
roles: st.SearchStrategy[Role] = st.sampled_from(["facilitator", "member", "guest"])
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(Admit, seats),
    st.just(AdmitAll()),
    st.builds(Remove, seats),
    st.just(Chat("hello")),
    st.builds(Hand, st.booleans()),
    st.builds(Devices, st.booleans(), st.booleans()),
    st.just(Leave()),
    st.just(Renew()),
    st.builds(Describe, seats, st.just("offer"), st.just("v=0")),
    st.builds(Candidate, seats, st.just(""), st.none(), st.none(), st.none()),
)


class AnyEvening(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        plan = Plan(title="tea", direct=True, capacity=CAPACITY, closes_at=NOW + 3600)
        self.room = Room(name="tea", plan=plan)
        self.plan = plan
        self.lines: list[Visitor] = []
        self.refused_seats: set[str] = set()
        self.refused_devices: set[str] = set()

    @rule(seat=seats, device=devices, page=pages, role=roles, lobby=st.booleans())
    def enter(self, seat: str, device: str, page: str, role: Role, *, lobby: bool) -> None:
        visitor = Visitor(
            line=len(self.lines),
            seat=seat,
            device=device,
            page=page,
            name=seat,
            role=role,
            lobby=lobby,
        )
        self.come(visitor)
        if seat in self.refused_seats or device in self.refused_devices:
            assert at(self.room, visitor.line) is None
            assert waiting_at(self.room, visitor.line) is None

    @rule(pick=st.integers(min_value=0))
    def change_networks(self, pick: int) -> None:
        """The same page once more, whatever became of its older line."""
        if self.lines:
            again = self.lines[pick % len(self.lines)]
            self.come(replace(again, line=len(self.lines)))

    def come(self, visitor: Visitor) -> None:
        self.lines.append(visitor)
        before = self.room

        events = self.happen(Entered(visitor, self.plan))

        older = at_same_page(before, visitor)
        if older is None or self.room.ended:
            return
        assert {line for each in events for line in hearers(each)} == {older, visitor.line}
        assert at(self.room, older) is None
        assert waiting_at(self.room, older) is None
        assert self.room == standing_in(before, older, visitor.line)

    @rule(command=commands, pick=st.integers(min_value=0))
    def say(self, command: Command, pick: int) -> None:
        if self.lines:
            self.speak(pick % len(self.lines), command)

    @rule(pick=st.integers(min_value=0))
    def say_the_end(self, pick: int) -> None:
        if self.lines and pick % 7 == 0:
            self.speak(pick % len(self.lines), End())

    @rule(pick=st.integers(min_value=0))
    def lose(self, pick: int) -> None:
        if self.lines:
            self.happen(Lost(pick % len(self.lines)))

    @rule(seconds=st.sampled_from([1, 15, 31]))
    def pass_by(self, seconds: int) -> None:
        self.now += seconds
        self.happen(Woke())
        assert self.room.ended or next_wake(self.room) > self.now

    @rule()
    def restart(self) -> None:
        self.room = restore(snapshot(self.room), self.now)

    def speak(self, line: LineId, command: Command) -> None:
        standing = self.standing(line)
        before = self.room

        events = self.happen(Heard(line, command))

        if standing is None:
            assert events == ()
            return
        reason = refusal(command, standing)
        if reason is not None:
            assert events == (Tell((line,), Refused(kind(command), reason)),)
            assert self.room == before
        elif isinstance(command, Remove) and not any(_is_refusal(each) for each in events):
            self.refused_seats.add(command.seat)
        for removal in self.room.removals:
            if removal.device is not None:
                self.refused_devices.add(removal.device)

    def standing(self, line: LineId) -> Standing | None:
        seat = at(self.room, line)
        if seat is not None:
            return seat.role
        return None if waiting_at(self.room, line) is None else "lobby"

    def happen(self, happening: Happening) -> tuple[Event, ...]:
        before = self.room
        self.room, events = step(before, happening, self.now)
        for event in events:
            if isinstance(event, Tell):
                for line in event.to:
                    self.may_hear(line, event.message, before)
            if isinstance(event, Dismiss):
                assert all(at(self.room, line) is None for line in event.to)
        return events

    def may_hear(self, line: LineId, message: ServerMessage, before: Room) -> None:
        """Outside there is one word, and no name but that one can be told to wait."""
        admitted = at(self.room, line) or at(before, line)
        if not isinstance(message, Waiting | Refused | Bye):
            assert admitted is not None
        if isinstance(message, Described | CandidateOf):
            assert at(before, line) is not None
            assert any(seat.id == message.by and seat.line is not None for seat in before.seats)

    @invariant()
    def nobody_is_in_who_was_put_out(self) -> None:
        for seat in self.room.seats:
            assert seat.id not in self.refused_seats or self.room.ended
            assert seat.device not in self.refused_devices or self.room.ended

    @invariant()
    def the_capacity_holds(self) -> None:
        assert len(self.room.seats) <= CAPACITY

    @invariant()
    def a_seat_is_taken_once_and_a_line_stands_in_one_place(self) -> None:
        ids = [seat.id for seat in self.room.seats]
        lines = [seat.line for seat in self.room.seats if seat.line is not None]
        lines += [visitor.line for visitor in self.room.waiting]
        assert len(ids) == len(set(ids))
        assert len(lines) == len(set(lines))

    @invariant()
    def only_the_seated_have_a_hand_up(self) -> None:
        ids = {seat.id for seat in self.room.seats}
        assert set(self.room.hands) <= ids
        assert len(self.room.hands) == len(set(self.room.hands))

    @invariant()
    def who_is_away_will_be_missed_in_time(self) -> None:
        for seat in self.room.seats:
            assert (seat.line is None) == (seat.away_until is not None)


def at_same_page(room: Room, visitor: Visitor) -> LineId | None:
    """The line on which this very page is, as far as the room knows."""
    if not visitor.page:
        return None
    for seat in room.seats:
        known = (seat.id, seat.device, seat.page, seat.name, seat.role)
        if known == (visitor.seat, visitor.device, visitor.page, visitor.name, visitor.role):
            return seat.line
    same = (each for each in room.waiting if replace(each, line=visitor.line) == visitor)
    return next((each.line for each in same), None)


def standing_in(room: Room, older: LineId, newer: LineId) -> Room:
    """Nothing has changed but the line."""
    return replace(
        room,
        seats=tuple(replace(s, line=newer) if s.line == older else s for s in room.seats),
        waiting=tuple(replace(v, line=newer) if v.line == older else v for v in room.waiting),
    )


def hearers(event: Event) -> tuple[LineId, ...]:
    return event.to if isinstance(event, Tell | Dismiss) else ()


def _is_refusal(event: Event) -> bool:
    return isinstance(event, Tell) and isinstance(event.message, Refused)


AnyEvening.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
test_any_evening = AnyEvening.TestCase
