"""Losing the connection, coming back, leaving."""

from signaling.messages import (
    Away,
    Back,
    Bye,
    Chat,
    Devices,
    Hand,
    Joined,
    Knock,
    Knocked,
    Leave,
    Left,
    Waiting,
    Welcome,
)
from signaling.reports import Joined as JoinedReport
from signaling.reports import Left as LeftReport
from signaling.room.state import next_wake
from tests.signaling.room.stage import NOW, Stage


def test_a_lost_connection_is_away_not_left() -> None:
    stage = Stage()
    fay, ann = stage.host(), stage.guest("ann")
    stage.hush()

    stage.lose(ann)

    assert stage.heard(fay) == [Away("ann")]
    assert stage.admitted == ["fay", "ann"]


def test_who_comes_back_in_time_goes_straight_to_the_room() -> None:
    stage = Stage()
    fay, ann = stage.host(), stage.guest("ann")
    stage.say(ann, Devices(microphone=True, camera=False))
    stage.lose(ann)
    stage.pass_by(29)
    stage.hush()

    again = stage.enter("ann")

    assert isinstance(stage.heard(again)[0], Welcome)
    assert stage.heard(fay) == [Back("ann")]
    assert stage.room.seats[1].microphone


def test_a_page_that_changed_networks_was_never_away_to_the_others() -> None:
    stage = Stage()
    fay, older = stage.host(), stage.guest("ann", page="one")
    stage.say(older, Devices(microphone=True, camera=True))
    stage.say(older, Hand(up=True))
    stage.hush()

    newer = stage.guest("ann", page="one")

    assert stage.heard(older) == [Bye("resumed")]
    [welcome] = stage.heard(newer)
    assert isinstance(welcome, Welcome)
    assert welcome.hands == ("ann",)
    assert stage.heard(fay) == []
    assert stage.room.seats[1].camera


def test_the_line_it_left_behind_takes_nothing_along() -> None:
    stage = Stage()
    stage.host()
    older, newer = stage.guest("ann", page="one"), stage.guest("ann", page="one")
    stage.hush()

    stage.lose(older)

    assert stage.all_heard() == {}
    assert stage.room.seats[1].line == newer


def test_a_page_that_was_missed_is_back() -> None:
    stage = Stage()
    fay = stage.host()
    stage.lose(stage.guest("ann", page="one"))
    stage.hush()

    stage.guest("ann", page="one")

    assert stage.heard(fay) == [Back("ann")]


def test_another_page_of_the_same_browser_begins_anew() -> None:
    stage = Stage()
    fay, older = stage.host(), stage.guest("ann", page="one")
    stage.say(older, Devices(microphone=True, camera=False))
    stage.hush()

    stage.guest("ann", page="two")

    assert stage.heard(older) == [Bye("replaced")]
    assert [type(each) for each in stage.heard(fay)] == [Left, Joined]
    assert not stage.room.seats[1].microphone


def test_the_older_tab_asked_to_go_on_takes_its_seat_back() -> None:
    stage = Stage()
    stage.host()
    stage.guest("ann", page="one")
    newer = stage.guest("ann", page="two")
    stage.hush()

    stage.guest("ann", page="one")

    assert stage.heard(newer) == [Bye("replaced")]


def test_knowing_the_page_opens_no_door_to_another_device() -> None:
    stage = Stage()
    fay, first = stage.host(), stage.guest("ann", page="one")
    stage.hush()

    second = stage.enter("ann", device="phone", page="one", lobby=False)

    assert stage.heard(second) == [Waiting()]
    assert stage.heard(first) == []
    assert stage.heard(fay) == [Knocked(Knock("ann", "Ann"))]


def test_with_a_new_name_the_same_page_is_somebody_to_be_seen_anew() -> None:
    stage = Stage()
    fay, _ = stage.host(), stage.guest("ann", page="one")
    stage.hush()

    stage.enter("ann", page="one", name="Anna", lobby=False)

    left, joined = stage.heard(fay)
    assert left == Left("ann")
    assert isinstance(joined, Joined)
    assert joined.peer.name == "Anna"


def test_everyone_is_told_their_own_name() -> None:
    stage = Stage()
    again = stage.host()
    stage.lose(again)
    stage.hush()

    [welcome] = stage.heard(stage.host())

    assert isinstance(welcome, Welcome)
    assert welcome.name == "Fay"


def test_after_thirty_seconds_the_seat_is_free() -> None:
    stage = Stage()
    fay, ann = stage.host(), stage.guest("ann")
    stage.say(ann, Hand(up=True))
    stage.lose(ann)
    stage.hush()

    stage.pass_by(30)

    assert [type(each).__name__ for each in stage.heard(fay)] == ["Left", "Hands"]
    assert stage.room.hands == ()
    assert stage.reports[-1] == LeftReport("tea", "ann")


def test_the_room_knows_when_to_wake() -> None:
    stage = Stage()
    ann = stage.guest("ann")

    assert next_wake(stage.room) == NOW + 3600
    stage.lose(ann)
    assert next_wake(stage.room) == NOW + 30


def test_who_leaves_is_gone_at_once() -> None:
    stage = Stage()
    fay, ann = stage.host(), stage.guest("ann")
    stage.hush()

    stage.say(ann, Leave())

    assert stage.heard(ann) == [Bye("left")]
    assert stage.heard(fay) == [Left("ann")]


def test_last_words_of_a_closed_line_are_not_heard() -> None:
    stage = Stage()
    fay, ann = stage.host(), stage.guest("ann")
    stage.say(ann, Leave())
    stage.hush()

    stage.say(ann, Chat("one more thing"))

    assert stage.heard(fay) == []


def test_the_house_hears_once_of_a_seat_that_was_only_away() -> None:
    stage = Stage()
    stage.lose(stage.guest("ann"))
    stage.guest("ann")

    assert stage.reports == [JoinedReport("tea", "ann")]


def test_a_restart_keeps_everyone_but_gives_them_their_grace() -> None:
    stage = Stage()
    fay, ann = stage.host(), stage.enter("ann")
    stage.guest("bob")
    stage.say(fay, Hand(up=True))
    stage.restart()
    stage.hush()

    again = stage.host()

    [welcome] = stage.heard(again)
    assert isinstance(welcome, Welcome)
    assert [(each.seat, each.away) for each in welcome.peers] == [("bob", True)]
    assert welcome.hands == ("fay",)
    assert stage.room.waiting == ()
    assert ann


def test_who_does_not_come_back_after_a_restart_has_left() -> None:
    stage = Stage()
    stage.host()
    stage.guest("bob")
    stage.restart()
    stage.host()

    stage.pass_by(30)

    assert stage.admitted == ["fay"]
