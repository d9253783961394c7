"""
The one way out to addresses that people give us; nothing else may ask a stranger by HTTP.

Whoever gives an address wants the server to ask it, and could mean the server's own network.
So: https alone; the name is looked up once, every address it has must be public, and the
connection goes to an address that was checked, whatever the name says a moment later.
What the operator names in `RONDA_TRUSTED_HOSTS` may stand in that network.
"""

from sessions.outgoing.addresses import is_public
from sessions.outgoing.asking import Answer, Login, Outgoing, look_up
from sessions.outgoing.targets import Trouble

__all__ = ["Answer", "Login", "Outgoing", "Trouble", "is_public", "look_up"]
