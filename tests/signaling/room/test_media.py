"""Devices, and the words two browsers need."""

from collections.abc import Callable

import pytest

from signaling.messages import (
    NO_ICE,
    Candidate,
    CandidateOf,
    Command,
    Describe,
    Described,
    Devices,
    DevicesOf,
    Refused,
    Renew,
)
from tests.signaling.room.stage import Stage


def candidate(to: str) -> Candidate:
    return Candidate(to, "candidate:1", "0", 0, None)


def test_everyone_enters_muted_with_the_camera_off() -> None:
    stage = Stage()
    stage.guest("ann")

    [ann] = stage.room.seats

    assert not ann.microphone
    assert not ann.camera


def test_devices_are_shown_to_the_others_only() -> None:
    stage = Stage()
    fay, ann, bob = stage.host(), stage.guest("ann"), stage.enter("bob")
    stage.hush()

    stage.say(ann, Devices(microphone=True, camera=False))

    assert stage.all_heard() == {fay: [DevicesOf("ann", microphone=True, camera=False)]}
    assert bob


def test_a_description_reaches_the_one_it_is_meant_for() -> None:
    stage = Stage()
    _, ann, bob = stage.host(), stage.guest("ann"), stage.guest("bob")
    stage.hush()

    stage.say(ann, Describe("bob", "offer", "v=0"))
    stage.say(ann, candidate("bob"))

    assert stage.all_heard() == {
        bob: [
            Described("ann", "offer", "v=0"),
            CandidateOf("ann", "candidate:1", "0", 0, None),
        ]
    }


@pytest.mark.parametrize("to", ["nobody", "ann", "cid"])
@pytest.mark.parametrize("make", [candidate, lambda to: Describe(to, "offer", "v=0")])
def test_nothing_is_forwarded_to_strangers_oneself_or_the_lobby(
    to: str, make: Callable[[str], Command]
) -> None:
    stage = Stage()
    ann, cid = stage.guest("ann"), stage.enter("cid")
    stage.hush()
    command = make(to)

    stage.say(ann, command)

    assert stage.heard(ann) == [Refused(type(command).__name__.lower(), "unknown_seat")]
    assert stage.heard(cid) == []


def test_words_to_somebody_away_are_lost_without_a_fuss() -> None:
    stage = Stage()
    ann, bob = stage.guest("ann"), stage.guest("bob")
    stage.lose(bob)
    stage.hush()

    stage.say(ann, candidate("bob"))

    assert stage.all_heard() == {}


def test_fresh_ice_is_nobody_elses_business() -> None:
    stage = Stage()
    stage.host()
    ann = stage.guest("ann")
    stage.hush()

    stage.say(ann, Renew())

    assert stage.all_heard() == {ann: [NO_ICE]}
