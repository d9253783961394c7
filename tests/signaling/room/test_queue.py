"""Hands."""

from signaling.messages import Hand, Hands
from tests.signaling.room.stage import Stage


def test_hands_keep_the_order_in_which_the_server_saw_them() -> None:
    stage = Stage()
    fay, ann, bob = stage.host(), stage.guest("ann"), stage.guest("bob")
    stage.hush()

    stage.say(bob, Hand(up=True))
    stage.say(ann, Hand(up=True))

    told = [Hands(("bob",)), Hands(("bob", "ann"))]
    assert stage.heard(fay) == stage.heard(ann) == stage.heard(bob) == told


def test_lowering_a_hand_leaves_no_trace() -> None:
    stage = Stage()
    ann = stage.guest("ann")
    before = stage.room

    stage.say(ann, Hand(up=True))
    stage.say(ann, Hand(up=False))

    assert stage.room == before


def test_a_hand_shown_twice_keeps_its_place() -> None:
    stage = Stage()
    ann, bob = stage.guest("ann"), stage.guest("bob")
    stage.say(ann, Hand(up=True))
    stage.say(bob, Hand(up=True))
    stage.hush()

    stage.say(ann, Hand(up=True))

    assert stage.room.hands == ("ann", "bob")
    assert stage.all_heard() == {}


def test_somebody_away_keeps_their_place_in_the_queue() -> None:
    stage = Stage()
    ann = stage.guest("ann")
    stage.say(ann, Hand(up=True))

    stage.lose(ann)

    assert stage.room.hands == ("ann",)
