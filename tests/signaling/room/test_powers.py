"""The table, and that nothing gets past it."""

from typing import get_args

import pytest

from signaling.messages import (
    Admit,
    AdmitAll,
    Candidate,
    Chat,
    ClientMessage,
    Command,
    Describe,
    Devices,
    End,
    Hand,
    Hello,
    Leave,
    Refused,
    Remove,
    Renew,
    kind,
)
from signaling.room.powers import TABLE, Standing, refusal
from tests.signaling.room.stage import Stage

COMMANDS: tuple[Command, ...] = (
    Admit("kim"),
    AdmitAll(),
    Remove("kim"),
    End(),
    Chat("hello"),
    Hand(up=True),
    Devices(microphone=True, camera=True),
    Leave(),
    Renew(),
    Describe("kim", "offer", "v=0"),
    Candidate("kim", "", None, None, None),
)
STANDINGS: tuple[Standing, ...] = get_args(Standing)


def test_every_message_has_a_row() -> None:
    assert set(TABLE) == set(get_args(ClientMessage))
    assert {type(each) for each in COMMANDS} | {Hello} == set(TABLE)


def test_what_a_facilitator_alone_may_do() -> None:
    alone = {row for row, who in TABLE.items() if who == {"facilitator"}}

    assert alone == {Admit, AdmitAll, Remove, End}


def test_in_the_lobby_one_can_only_leave() -> None:
    assert {row for row, who in TABLE.items() if "lobby" in who} == {Leave}


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("command", COMMANDS, ids=kind)
def test_the_room_does_what_the_table_says(command: Command, standing: Standing) -> None:
    stage = Stage()
    stage.host("host")
    stage.enter("kim")
    if standing == "lobby":
        line = stage.enter("ann")
    else:
        line = stage.enter("ann", role=standing, lobby=False)
    before = stage.room
    stage.hush()

    stage.say(line, command)

    reason = refusal(command, standing)
    refused = Refused(kind(command), reason or "not_allowed")
    assert (stage.heard(line) == [refused]) == (reason is not None)
    if reason is not None:
        assert stage.room == before
