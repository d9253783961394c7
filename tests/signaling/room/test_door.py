"""Coming in."""

import pytest

from signaling.messages import (
    Admit,
    AdmitAll,
    Bye,
    Hand,
    Hands,
    Joined,
    Knock,
    Knocked,
    Leave,
    Left,
    Peer,
    Refused,
    Unknocked,
    Waiting,
    Welcome,
)
from tests.signaling.room.stage import Stage


def peer(seat: str) -> Peer:
    return Peer(seat, seat.title(), "member", microphone=False, camera=False, away=False)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_facilitator_enters_directly(stage: Stage) -> None:
    fay = stage.host()

    [welcome] = stage.heard(fay)

    assert isinstance(welcome, Welcome)
    assert (welcome.you, welcome.role, welcome.peers) == ("fay", "facilitator", ())


def test_a_member_waits_for_the_facilitator_and_is_told_nothing_else(stage: Stage) -> None:
    ann = stage.enter("ann")
    stage.host()

    assert stage.heard(ann) == [Waiting()]


def test_a_facilitator_who_comes_later_finds_those_who_wait(stage: Stage) -> None:
    stage.enter("ann")
    stage.enter("bob")
    fay = stage.host()

    [welcome] = stage.heard(fay)

    assert isinstance(welcome, Welcome)
    assert welcome.lobby == (Knock("ann", "Ann"), Knock("bob", "Bob"))


def test_only_facilitators_hear_a_knock(stage: Stage) -> None:
    fay, ann = stage.host(), stage.guest("ann")
    stage.hush()

    bob = stage.enter("bob")

    assert stage.all_heard() == {bob: [Waiting()], fay: [Knocked(Knock("bob", "Bob"))]}
    assert ann not in stage.all_heard()


def test_without_a_lobby_a_member_enters_directly(stage: Stage) -> None:
    ann = stage.guest("ann")

    assert isinstance(stage.heard(ann)[0], Welcome)


def test_who_is_admitted_sees_the_others_and_is_seen_by_them(stage: Stage) -> None:
    fay, ann, bob = stage.host(), stage.guest("ann"), stage.enter("bob")
    stage.hush()

    stage.say(fay, Admit("bob"))

    [welcome] = stage.heard(bob)
    assert isinstance(welcome, Welcome)
    assert [each.seat for each in welcome.peers] == ["fay", "ann"]
    assert welcome.lobby == ()
    assert stage.heard(ann) == [Joined(peer("bob"))]
    assert stage.heard(fay) == [Unknocked("bob"), Joined(peer("bob"))]


def test_nobody_can_admit_somebody_who_does_not_wait(stage: Stage) -> None:
    fay = stage.host()
    stage.hush()

    stage.say(fay, Admit("nobody"))

    assert stage.heard(fay) == [Refused("admit", "unknown_seat")]


def test_all_are_admitted_in_the_order_in_which_they_came(stage: Stage) -> None:
    fay = stage.host()
    for seat in ("ann", "bob", "cid"):
        stage.enter(seat)

    stage.say(fay, AdmitAll())

    assert stage.admitted == ["fay", "ann", "bob", "cid"]
    assert stage.room.waiting == ()


def test_a_full_room_sends_the_next_one_away(stage: Stage) -> None:
    for seat in ("ann", "bob", "cid", "dan"):
        stage.guest(seat)

    eve = stage.enter("eve")

    assert stage.heard(eve) == [Bye("full")]


def test_admitting_beyond_the_capacity_is_refused() -> None:
    stage = Stage(capacity=2)
    fay, ann, bob = stage.host(), stage.enter("ann"), stage.enter("bob")
    stage.say(fay, Admit("ann"))
    stage.hush()

    stage.say(fay, Admit("bob"))

    assert stage.heard(fay) == [Refused("admit", "full")]
    assert stage.heard(bob) == []
    assert ann


def test_admitting_all_fills_the_room_and_says_that_it_is_full() -> None:
    stage = Stage(capacity=2)
    fay = stage.host()
    stage.enter("ann")
    stage.enter("bob")
    stage.hush()

    stage.say(fay, AdmitAll())

    assert stage.admitted == ["fay", "ann"]
    assert stage.heard(fay)[-1] == Refused("admitall", "full")


def test_the_place_of_somebody_away_is_kept() -> None:
    stage = Stage(capacity=2)
    stage.host()
    stage.lose(stage.guest("ann"))

    bob = stage.guest("bob")

    assert stage.heard(bob) == [Bye("full")]


def test_a_newer_tab_wins_with_a_word_to_the_older_one(stage: Stage) -> None:
    fay, older = stage.host(), stage.guest("ann")
    stage.hush()

    newer = stage.guest("ann")

    assert stage.heard(older) == [Bye("replaced")]
    assert isinstance(stage.heard(newer)[0], Welcome)
    assert stage.heard(fay) == [Left("ann"), Joined(peer("ann"))]
    assert stage.admitted == ["fay", "ann"]


def test_closing_the_older_tab_does_not_touch_the_newer_one(stage: Stage) -> None:
    stage.host()
    older, newer = stage.guest("ann"), stage.guest("ann")
    stage.hush()

    stage.lose(older)

    assert stage.all_heard() == {}
    assert stage.room.seats[1].line == newer


def test_another_device_of_the_same_seat_waits_even_without_a_lobby(stage: Stage) -> None:
    fay, first = stage.host(), stage.guest("ann")
    stage.hush()

    second = stage.enter("ann", device="phone", lobby=False)

    assert stage.heard(second) == [Waiting()]
    assert stage.heard(first) == []
    assert stage.heard(fay) == [Knocked(Knock("ann", "Ann"))]


def test_an_admitted_other_device_takes_the_seat_over_with_its_hand(stage: Stage) -> None:
    fay, first = stage.host(), stage.guest("ann")
    second = stage.enter("ann", device="phone")
    stage.say(first, Hand(up=True))
    stage.hush()

    stage.say(fay, Admit("ann"))

    assert stage.heard(first) == [Bye("replaced")]
    assert isinstance(stage.heard(second)[0], Welcome)
    assert stage.heard(fay) == [
        Unknocked("ann"),
        Left("ann"),
        Joined(peer("ann")),
        Hands(("ann",)),
    ]


def test_admitting_all_takes_no_seat_over(stage: Stage) -> None:
    fay, first = stage.host(), stage.guest("ann")
    second = stage.enter("ann", device="phone")
    stage.hush()

    stage.say(fay, AdmitAll())

    assert stage.all_heard() == {}
    assert stage.room.seats[1].line == first
    assert [each.line for each in stage.room.waiting] == [second]


def test_a_facilitator_at_another_device_is_let_in_when_the_seat_is_free(stage: Stage) -> None:
    laptop = stage.host()
    phone = stage.enter("fay", role="facilitator", device="phone")
    stage.lose(laptop)
    stage.hush()

    stage.pass_by(30)

    assert isinstance(stage.heard(phone)[0], Welcome)
    assert stage.admitted == ["fay"]


def test_two_browsers_that_knock_for_one_seat_are_one_knock(stage: Stage) -> None:
    fay = stage.host()
    stage.enter("ann")
    stage.enter("ann", device="phone")

    knocks = [each for each in stage.heard(fay) if isinstance(each, Knocked)]
    stage.say(fay, Admit("ann"))

    assert knocks == [Knocked(Knock("ann", "Ann"))]
    assert stage.heard(fay) == [
        Unknocked("ann"),
        Knocked(Knock("ann", "Ann")),
        Joined(peer("ann")),
    ]


def test_a_reload_in_the_lobby_is_not_a_second_knock(stage: Stage) -> None:
    fay, older = stage.host(), stage.enter("ann")
    newer = stage.enter("ann")

    assert stage.heard(older) == [Waiting(), Bye("replaced")]
    assert stage.heard(newer) == [Waiting()]
    assert stage.heard(fay)[1:] == [
        Knocked(Knock("ann", "Ann")),
        Unknocked("ann"),
        Knocked(Knock("ann", "Ann")),
    ]


def test_a_page_that_waits_on_a_new_line_keeps_its_place_and_knocks_once(stage: Stage) -> None:
    fay, older = stage.host(), stage.enter("ann", page="one")
    stage.enter("bob")
    stage.hush()

    newer = stage.enter("ann", page="one")

    assert stage.all_heard() == {older: [Bye("resumed")], newer: [Waiting()]}
    assert [each.seat for each in stage.room.waiting] == ["ann", "bob"]
    stage.lose(older)
    stage.say(fay, Admit("ann"))
    assert isinstance(stage.heard(newer)[0], Welcome)


def test_who_gives_up_waiting_is_no_longer_shown(stage: Stage) -> None:
    fay, ann, bob = stage.host(), stage.enter("ann"), stage.enter("bob")
    stage.hush()

    stage.say(ann, Leave())
    stage.lose(bob)

    assert stage.heard(ann) == [Bye("left")]
    assert stage.heard(fay) == [Unknocked("ann"), Unknocked("bob")]


def test_after_leaving_the_way_in_is_through_the_lobby(stage: Stage) -> None:
    fay, ann = stage.host(), stage.enter("ann")
    stage.say(fay, Admit("ann"))
    stage.say(ann, Leave())

    again = stage.enter("ann")

    assert stage.heard(again) == [Waiting()]


def test_the_lobby_itself_has_an_end() -> None:
    stage = Stage(capacity=30)
    for number in range(100):
        stage.enter(f"seat-{number}")

    late = stage.enter("late")

    assert stage.heard(late) == [Bye("full")]


def test_addresses_once_hidden_stay_hidden() -> None:
    hidden = Stage(direct=False)
    hidden.host()
    open_ = Stage(direct=True)

    hidden.plan = open_.plan
    hidden.guest("ann")

    assert not hidden.room.plan.direct


def test_a_new_role_comes_with_a_new_pass(stage: Stage) -> None:
    stage.lose(stage.host())

    demoted = stage.enter("fay", role="member")

    [welcome] = stage.heard(demoted)
    assert isinstance(welcome, Welcome)
    assert welcome.role == "member"
