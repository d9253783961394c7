"""Out, and out for good."""

import pytest

from signaling.messages import Admit, Bye, Chat, End, Left, Refused, Remove, Unknocked
from signaling.reports import Ended, Removed
from tests.signaling.room.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_others_see_only_that_somebody_left(stage: Stage) -> None:
    fay, ann, bob = stage.host(), stage.guest("ann"), stage.guest("bob")
    stage.hush()

    stage.say(fay, Remove("ann"))

    assert stage.heard(ann) == [Bye("removed")]
    assert stage.heard(bob) == [Left("ann")]
    assert stage.reports[-1] == Removed("tea", "ann", "device-of-ann")


@pytest.mark.parametrize(
    ("seat", "device"),
    [("ann", "device-of-ann"), ("ann", "another"), ("another", "device-of-ann")],
)
def test_neither_the_seat_nor_the_device_comes_back(
    stage: Stage, seat: str, device: str
) -> None:
    fay = stage.host()
    stage.guest("ann")
    stage.say(fay, Remove("ann"))
    stage.restart()

    again = stage.enter(seat, device=device)

    assert stage.heard(again) == [Bye("removed")]


def test_a_new_role_does_not_bring_the_removed_back(stage: Stage) -> None:
    fay = stage.host()
    stage.guest("ann")
    stage.say(fay, Remove("ann"))

    again = stage.enter("ann", role="facilitator")

    assert stage.heard(again) == [Bye("removed")]


def test_somebody_away_can_be_removed(stage: Stage) -> None:
    fay, ann = stage.host(), stage.guest("ann")
    stage.lose(ann)

    stage.say(fay, Remove("ann"))

    assert stage.heard(stage.enter("ann")) == [Bye("removed")]


def test_somebody_in_the_lobby_can_be_removed(stage: Stage) -> None:
    fay, ann = stage.host(), stage.enter("ann")
    stage.hush()

    stage.say(fay, Remove("ann"))

    assert stage.heard(ann) == [Bye("removed")]
    assert stage.heard(fay) == [Unknocked("ann")]


def test_all_devices_of_a_seat_go_together(stage: Stage) -> None:
    fay, ann = stage.host(), stage.guest("ann")
    phone = stage.enter("ann", device="phone")
    stage.hush()

    stage.say(fay, Remove("ann"))

    assert stage.heard(ann) == stage.heard(phone) == [Bye("removed")]
    assert stage.heard(stage.enter("eve", device="phone")) == [Bye("removed")]


def test_another_seat_at_the_removed_device_goes_too(stage: Stage) -> None:
    fay, ann = stage.host(), stage.guest("ann")
    mask = stage.enter("mask", device="device-of-ann", lobby=False)
    stage.hush()

    stage.say(fay, Remove("ann"))

    assert stage.heard(ann) == stage.heard(mask) == [Bye("removed")]
    assert stage.admitted == ["fay"]


def test_a_shared_laptop_does_not_shut_its_facilitator_out(stage: Stage) -> None:
    fay = stage.host()
    stage.enter("ann", device="device-of-fay", lobby=False)

    stage.say(fay, Remove("ann"))
    stage.lose(fay)

    assert stage.heard(stage.host())[0] != Bye("removed")
    assert stage.heard(stage.enter("ann")) == [Bye("removed")]
    assert Removed("tea", "ann", None) in stage.reports


def test_a_stranger_at_the_facilitators_seat_does_not_get_it_banned(stage: Stage) -> None:
    fay = stage.host()
    stage.guest("ann")
    thief = stage.enter("fay", device="device-of-ann", role="facilitator")
    stage.hush()

    stage.say(fay, Remove("ann"))
    stage.lose(fay)

    assert stage.heard(thief) == [Bye("removed")]
    assert stage.heard(stage.host())[0] != Bye("removed")


def test_nobody_removes_themselves_or_a_stranger(stage: Stage) -> None:
    fay = stage.host()
    stage.hush()

    stage.say(fay, Remove("fay"))
    stage.say(fay, Remove("nobody"))

    assert stage.heard(fay) == [
        Refused("remove", "not_allowed"),
        Refused("remove", "unknown_seat"),
    ]


def test_a_removed_line_says_nothing_more(stage: Stage) -> None:
    fay, ann = stage.host(), stage.guest("ann")
    stage.say(fay, Remove("ann"))
    stage.hush()

    stage.say(ann, Chat("you will see"))

    assert stage.all_heard() == {}


def test_the_end_is_told_to_everybody_also_in_the_lobby(stage: Stage) -> None:
    fay, ann, bob = stage.host(), stage.guest("ann"), stage.enter("bob")
    stage.hush()

    stage.say(fay, End())

    assert stage.heard(fay) == stage.heard(ann) == stage.heard(bob) == [Bye("ended")]
    assert stage.reports[-1] == Ended("tea", 2)


def test_heads_counts_everybody_who_was_ever_admitted_once(stage: Stage) -> None:
    fay = stage.host()
    for _ in range(2):
        ann = stage.enter("ann")
        stage.say(fay, Admit("ann"))
        stage.lose(ann)
        stage.pass_by(30)
    stage.enter("never-admitted")

    stage.say(fay, End())

    assert stage.reports[-1] == Ended("tea", 2)


def test_what_has_ended_stays_ended_and_remembers_nobody(stage: Stage) -> None:
    fay = stage.host()
    stage.guest("ann")
    stage.say(fay, Remove("ann"))
    stage.say(fay, End())
    stage.restart()

    again = stage.host()

    assert stage.heard(again) == [Bye("ended")]
    assert stage.room.removals == ()
    assert stage.room.ever == frozenset()
    assert stage.room.plan.title == ""


def test_the_room_closes_at_its_time(stage: Stage) -> None:
    fay, bob = stage.host(), stage.enter("bob")
    stage.hush()

    stage.pass_by(3600)

    assert stage.heard(fay) == stage.heard(bob) == [Bye("closed")]
    assert stage.reports[-1] == Ended("tea", 1)


def test_nobody_enters_a_closed_room(stage: Stage) -> None:
    stage.now += 3600

    assert stage.heard(stage.host()) == [Bye("closed")]
