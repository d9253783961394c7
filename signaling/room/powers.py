"""
Who may do what: one table, message × standing. Nothing else in the server asks for a role
before it obeys.
"""

from collections.abc import Mapping
from typing import Literal

from signaling.messages import (
    Admit,
    AdmitAll,
    Candidate,
    Chat,
    ClientMessage,
    Describe,
    Devices,
    End,
    Hand,
    Hello,
    Leave,
    RefusalReason,
    Remove,
    Renew,
)

Standing = Literal["facilitator", "member", "guest", "lobby"]
"""The role of somebody admitted, or `lobby` for anybody who is not, whatever their role."""

FACILITATORS: frozenset[Standing] = frozenset({"facilitator"})
ADMITTED: frozenset[Standing] = frozenset({"facilitator", "member", "guest"})
EVERYONE: frozenset[Standing] = ADMITTED | {"lobby"}
NOBODY: frozenset[Standing] = frozenset()

TABLE: Mapping[type[ClientMessage], frozenset[Standing]] = {
    Hello: NOBODY,  # said once, before there is a standing
    Admit: FACILITATORS,
    AdmitAll: FACILITATORS,
    Remove: FACILITATORS,
    End: FACILITATORS,
    Chat: ADMITTED,
    Hand: ADMITTED,
    Devices: ADMITTED,
    Renew: ADMITTED,
    Describe: ADMITTED,
    Candidate: ADMITTED,
    Leave: EVERYONE,
}


def refusal(message: ClientMessage, standing: Standing) -> RefusalReason | None:
    """Say why not, or nothing where it is allowed."""
    allowed = TABLE[type(message)]
    if standing in allowed:
        return None
    return "not_admitted" if standing == "lobby" and allowed else "not_allowed"
