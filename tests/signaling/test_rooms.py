"""Rooms as tasks: what is saved when, what comes back, and what a crash costs."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from signaling import live
from signaling.messages import (
    Admit,
    Away,
    Bye,
    Candidate,
    CandidateOf,
    Chat,
    Command,
    Describe,
    Described,
    End,
    Hand,
    Hands,
    Joined,
    Knocked,
    Leave,
    Left,
    Remove,
    Said,
    Waiting,
    Welcome,
)
from signaling.passes import Pass
from signaling.reports import Ended, Removed
from signaling.reports import Joined as JoinedReport
from signaling.reports import Left as LeftReport
from signaling.room import rules
from signaling.room.happenings import Happening, Step
from signaling.room.state import Room
from signaling.rooms import Rooms, Visit
from tests.signaling.descriptions import CHROMIUM, OF_THE_PERSON
from tests.signaling.fakes import Clock, Ears, Reports, Store, a_pass


class Person:
    """Somebody on a line, until they hang up or the test ends."""

    def __init__(self, rooms: Rooms, pass_: Pass) -> None:
        self.ears = Ears()
        self._stack = AsyncExitStack()
        self._visiting = rooms.visit(pass_, self.ears)
        self._visit: Visit | None = None

    async def come(self) -> "Person":
        self._visit = await self._stack.enter_async_context(self._visiting)
        return self

    def say(self, command: Command) -> bool:
        assert self._visit is not None
        return self._visit.say(command)

    async def hang_up(self) -> None:
        await self._stack.aclose()


async def come(rooms: Rooms, pass_: Pass) -> Person:
    return await Person(rooms, pass_).come()


def host_pass(**changes: object) -> Pass:
    return a_pass("fay", role="facilitator", **changes)


@pytest.fixture
async def fay(rooms: Rooms) -> AsyncIterator[Person]:
    person = await come(rooms, host_pass())
    await person.ears.until(Welcome)
    yield person
    await person.hang_up()


async def test_everyone_but_the_newcomer_hears_of_the_newcomer(
    rooms: Rooms, fay: Person
) -> None:
    ann = await come(rooms, a_pass("ann", lobby=False))

    welcome = await ann.ears.until(Welcome)
    joined = await fay.ears.until(Joined)

    assert isinstance(welcome, Welcome)
    assert [peer.seat for peer in welcome.peers] == ["fay"]
    assert isinstance(joined, Joined)
    assert joined.peer.name == "Ann"


async def test_a_name_cannot_turn_the_line_around(rooms: Rooms, fay: Person) -> None:
    await come(rooms, a_pass("ann", lobby=False, name="\u202eAnn\n\u2066facilitator\x00"))

    joined = await fay.ears.until(Joined)

    assert isinstance(joined, Joined)
    assert joined.peer.name == "Ann facilitator"


async def test_rooms_do_not_hear_each_other(rooms: Rooms, fay: Person) -> None:
    other = await come(rooms, host_pass(room="coffee"))
    await other.ears.until(Welcome)

    other.say(Chat("hello"))
    await other.ears.until(Said)

    assert fay.ears.heard.empty()


async def test_a_lost_line_is_away_and_then_left(
    rooms: Rooms, fay: Person, clock: Clock
) -> None:
    ann = await come(rooms, a_pass("ann", lobby=False))
    await ann.hang_up()
    assert await fay.ears.until(Away) == Away("ann")

    clock.pass_by(30)

    assert await fay.ears.until(Left) == Left("ann")


async def test_the_room_closes_by_itself_and_leaves_nothing(
    rooms: Rooms, fay: Person, clock: Clock, store: Store, reports: Reports
) -> None:
    clock.pass_by(3600)

    assert await fay.ears.until(Bye) == Bye("closed")
    await reports.until(Ended("tea", 1))
    await store.gone.wait()
    assert store.snapshots == {}


async def test_what_survives_is_saved_before_it_is_told(
    rooms: Rooms, fay: Person, store: Store
) -> None:
    store.free.clear()
    store.asked.clear()
    fay.say(Hand(up=True))
    await store.asked.wait()
    assert fay.ears.heard.empty()

    store.free.set()

    assert await fay.ears.next() == Hands(("fay",))
    assert b'"hands":["fay"]' in store.saves[-1]


async def test_chat_is_never_saved(rooms: Rooms, fay: Person, store: Store) -> None:
    before = len(store.saves)

    fay.say(Chat("a canary"))
    await fay.ears.until(Said)

    assert len(store.saves) == before
    assert not any(b"canary" in each for each in store.saves)


async def test_after_a_crash_of_the_server_everyone_comes_back(
    clock: Clock, store: Store, reports: Reports
) -> None:
    async with Rooms(clock=clock, store=store, report=reports, wait=clock.wait) as before:
        fay = await come(before, host_pass())
        ann = await come(before, a_pass("ann"))
        bob = await come(before, a_pass("bob"))
        await fay.ears.until(Knocked)
        for command in (Admit("ann"), Admit("bob"), Hand(up=True)):
            fay.say(command)
        bob.say(Hand(up=True))
        fay.say(Remove("bob"))
        await bob.ears.until(Bye)
        killed = dict(store.snapshots)

    store.snapshots = killed
    async with Rooms(clock=clock, store=store, report=reports, wait=clock.wait) as after:
        ann = await come(after, a_pass("ann"))
        welcome = await ann.ears.next()
        bob = await come(after, a_pass("bob"))
        mask = await come(after, a_pass("mask", device="device-of-bob"))

        assert isinstance(welcome, Welcome)
        assert [(peer.seat, peer.away) for peer in welcome.peers] == [("fay", True)]
        assert welcome.hands == ("fay",)
        assert await bob.ears.next() == Bye("removed")
        assert await mask.ears.next() == Bye("removed")


async def test_removals_are_reported_again_after_a_restart(
    clock: Clock, store: Store, reports: Reports
) -> None:
    async with Rooms(clock=clock, store=store, report=reports, wait=clock.wait) as before:
        fay = await come(before, host_pass())
        await come(before, a_pass("ann", lobby=False))
        fay.say(Remove("ann"))
        await reports.until(Removed("tea", "ann", "device-of-ann"))
    reports.heard.clear()

    async with Rooms(clock=clock, store=store, report=reports, wait=clock.wait) as after:
        after.recall("tea")

        await reports.until(Removed("tea", "ann", "device-of-ann"))


async def test_a_restart_asks_everybody_to_come_back(
    clock: Clock, store: Store, reports: Reports
) -> None:
    async with Rooms(clock=clock, store=store, report=reports, wait=clock.wait) as rooms:
        fay = await come(rooms, host_pass())
        await fay.ears.until(Welcome)

        rooms.say_restarting()
        late = await come(rooms, a_pass("ann"))

        assert await fay.ears.next() == Bye("restarting")
        assert await late.ears.next() == Bye("restarting")


async def test_an_empty_room_is_forgotten_but_those_put_out_stay_out(
    rooms: Rooms, fay: Person, clock: Clock, reports: Reports
) -> None:
    await come(rooms, a_pass("ann", lobby=False))
    fay.say(Remove("ann"))
    fay.say(Leave())
    await reports.until(LeftReport("tea", "fay"))
    again = await come(rooms, a_pass("ann"))

    assert await again.ears.next() == Bye("removed")
    await fay.hang_up()
    await come_and_go(rooms, clock)
    assert rooms.occupied == 1  # only the one who came last, in another room


async def come_and_go(rooms: Rooms, clock: Clock) -> None:
    """Another room doing something lets every task have its turn."""
    other = await come(rooms, host_pass(room="coffee"))
    await other.ears.until(Welcome)


async def test_a_room_that_was_left_still_closes_at_its_time(
    rooms: Rooms, fay: Person, clock: Clock, store: Store, reports: Reports
) -> None:
    fay.say(Leave())
    await reports.until(LeftReport("tea", "fay"))
    await come_and_go(rooms, clock)

    clock.pass_by(3600)

    await reports.until(Ended("tea", 1))
    await store.gone.wait()
    assert "tea" not in store.snapshots


async def test_what_was_ended_stays_ended_until_it_closes(
    rooms: Rooms, fay: Person, store: Store, reports: Reports
) -> None:
    fay.say(End())
    await reports.until(Ended("tea", 1))

    again = await come(rooms, host_pass())

    assert await again.ears.next() == Bye("ended")
    assert b"Fay" not in store.snapshots["tea"]
    assert b"Tuesday" not in store.snapshots["tea"]


async def test_a_full_disk_does_not_end_a_circle(
    rooms: Rooms, fay: Person, clock: Clock, store: Store
) -> None:
    store.broken = True
    fay.say(Hand(up=True))
    assert await fay.ears.until(Hands) == Hands(("fay",))

    store.broken = False
    store.saved.clear()
    clock.pass_by(5)
    await store.saved.wait()

    assert b'"hands":["fay"]' in store.snapshots["tea"]


async def test_nobody_is_let_in_while_it_is_unknown_who_was_put_out(
    rooms: Rooms, store: Store
) -> None:
    store.broken = True
    ann = await come(rooms, a_pass("ann", lobby=False))
    assert await ann.ears.next() == Bye("restarting")
    await ann.hang_up()

    store.broken = False
    again = await come(rooms, a_pass("ann", lobby=False))

    assert isinstance(await again.ears.next(), Welcome)


async def test_a_report_that_nobody_takes_ends_nothing(clock: Clock, store: Store) -> None:
    async def deaf(_: object) -> None:
        raise ConnectionRefusedError

    async with Rooms(clock=clock, store=store, report=deaf, wait=clock.wait) as rooms:
        fay = await come(rooms, host_pass())
        fay.say(Chat("hello"))

        assert isinstance(await fay.ears.until(Said), Said)


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> str:
    """A word at which a room of these tests breaks, as a bug in it would."""
    step = rules.step

    def breaking(room: Room, happening: Happening, now: float) -> Step:
        if "poison" in str(happening):
            raise ZeroDivisionError("poison")
        return step(room, happening, now)

    monkeypatch.setattr(rules, "step", breaking)
    return "poison"


async def test_a_crashed_room_starts_again_from_its_snapshot(
    rooms: Rooms, fay: Person, poison: str
) -> None:
    other = await come(rooms, host_pass(room="coffee"))
    await other.ears.until(Welcome)

    fay.say(Chat(poison))

    assert await fay.ears.next() == Bye("restarting")
    await fay.hang_up()
    again = await come(rooms, host_pass())
    welcome = await again.ears.next()
    assert isinstance(welcome, Welcome)
    other.say(Chat("all well here"))
    assert isinstance(await other.ears.next(), Said)


async def test_a_second_crash_within_a_minute_ends_it_with_a_word(
    rooms: Rooms, fay: Person, clock: Clock, poison: str
) -> None:
    fay.say(Chat(poison))
    await fay.ears.until(Bye)
    clock.pass_by(59)
    again = await come(rooms, host_pass())
    await again.ears.until(Welcome)

    again.say(Chat(poison))

    assert await again.ears.next() == Bye("ended")


async def test_a_second_crash_much_later_is_a_first_one(
    rooms: Rooms, fay: Person, clock: Clock, poison: str
) -> None:
    fay.say(Chat(poison))
    await fay.ears.until(Bye)
    clock.pass_by(61)
    again = await come(rooms, host_pass())
    await again.ears.until(Welcome)

    again.say(Chat(poison))

    assert await again.ears.next() == Bye("restarting")


async def test_a_crash_is_logged_without_what_was_said(
    rooms: Rooms, fay: Person, poison: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fay.say(Chat(poison))
    await fay.ears.until(Bye)

    logged = capsys.readouterr().out

    assert "ZeroDivisionError" in logged
    assert poison not in logged.replace("test_rooms.py", "")


async def test_where_addresses_are_hidden_none_is_forwarded(rooms: Rooms) -> None:
    ann = await come(rooms, a_pass("ann", lobby=False, direct=False))
    bob = await come(rooms, a_pass("bob", lobby=False, direct=False))

    ann.say(Describe("bob", "offer", CHROMIUM))

    described = await bob.ears.until(Described)
    assert isinstance(described, Described)
    assert not any(each in described.sdp for each in OF_THE_PERSON)


async def test_where_addresses_are_hidden_only_relayed_paths_go_on(
    rooms: Rooms,
) -> None:
    ann = await come(rooms, a_pass("ann", lobby=False, direct=False))
    bob = await come(rooms, a_pass("bob", lobby=False, direct=False))
    await bob.ears.until(Welcome)

    ann.say(path("candidate:1 1 udp 2122260223 192.0.2.17 50413 typ host"))
    ann.say(path("candidate:5 1 udp 41 203.0.113.9 6 typ relay raddr 192.0.2.17 rport 5"))
    ann.say(path(""))

    heard = [await bob.ears.next() for _ in range(2)]
    assert [each.candidate for each in heard if isinstance(each, CandidateOf)] == [
        "candidate:5 1 udp 41 203.0.113.9 6 typ relay raddr 0.0.0.0 rport 0",
        "",
    ]


def path(candidate: str) -> Candidate:
    return Candidate("bob", candidate, "0", 0, None)


async def test_a_room_that_cannot_follow_says_so(rooms: Rooms, fay: Person) -> None:
    heard = [fay.say(Chat("hello")) for _ in range(live.INBOX_AT_MOST + 1)]

    assert heard[-1] is False
    assert all(heard[:-1])


async def test_a_seat_is_reported_when_it_is_taken(
    rooms: Rooms, fay: Person, reports: Reports
) -> None:
    waiting = await come(rooms, a_pass("ann"))
    assert await waiting.ears.next() == Waiting()
    fay.say(Admit("ann"))

    await reports.until(JoinedReport("tea", "ann"))

    assert reports.heard == [JoinedReport("tea", "fay"), JoinedReport("tea", "ann")]


async def test_when_the_clock_is_moved_rooms_look_at_it(
    rooms: Rooms, fay: Person, clock: Clock
) -> None:
    clock.now += 3600

    rooms.wake()

    assert await fay.ears.until(Bye) == Bye("closed")
