"""What is written."""

from signaling.messages import Chat, Refused, Said
from signaling.room.state import snapshot
from tests.signaling.room.stage import NOW, Stage


def test_everyone_admitted_hears_it_and_nobody_in_the_lobby() -> None:
    stage = Stage()
    fay, ann, bob = stage.host(), stage.guest("ann"), stage.enter("bob")
    stage.hush()

    stage.say(ann, Chat("hello"))

    said = Said("ann", "Ann", "hello", NOW)
    assert stage.all_heard() == {fay: [said], ann: [said]}
    assert bob


def test_what_turns_text_around_is_taken_out() -> None:
    stage = Stage()
    ann = stage.guest("ann")
    stage.hush()

    stage.say(ann, Chat("שלום\u202e\u2066 two\nlines\x07\x00"))

    assert stage.heard(ann) == [Said("ann", "Ann", "שלום two\nlines", NOW)]


def test_nothing_but_controls_is_nothing() -> None:
    stage = Stage()
    ann = stage.guest("ann")
    stage.hush()

    stage.say(ann, Chat("\u202e \x00"))

    assert stage.heard(ann) == [Refused("chat", "bad_message")]


def test_nothing_that_was_written_is_in_a_snapshot() -> None:
    stage = Stage()
    ann = stage.guest("ann")

    stage.say(ann, Chat("a canary"))

    assert b"canary" not in snapshot(stage.room)
