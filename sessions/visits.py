"""
How often somebody may look at what is open to all the world; counted in memory.

To count it in the database, as other limits are, would cost more than the answer, and what is
remembered of calendars is believed only while nothing is written there. No host is kept:
only what it comes to under a key that ends with this process.
"""

from collections import OrderedDict
from datetime import datetime
from hashlib import blake2b
from secrets import token_bytes

from sessions.errors import TooMany
from sessions.limits import Limit

OPENLY = Limit("open", most=1200, seconds=600)
KEPT_HOSTS = 10_000


class Visits:
    def __init__(self, limit: Limit = OPENLY, *, hosts: int = KEPT_HOSTS) -> None:
        self._limit, self._hosts = limit, hosts
        self._key = token_bytes(32)
        self._window = 0
        self._used: OrderedDict[bytes, int] = OrderedDict()
        """By host, in this window alone: then they are forgotten."""

    def spend(self, host: str, *, now: datetime) -> None:
        """Raises `TooMany`. Where there are too many hosts, the quietest are forgotten."""
        window, passed = divmod(int(now.timestamp()), self._limit.seconds)
        if window != self._window:
            self._window = window
            self._used.clear()
        who = blake2b(host.encode(), key=self._key, digest_size=16).digest()
        used = self._used[who] = self._used.pop(who, 0) + 1
        if len(self._used) > self._hosts:
            self._used.popitem(last=False)
        if used > self._limit.most:
            raise TooMany(seconds=self._limit.seconds - passed)
