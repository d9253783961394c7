"""
A mailbox over IMAP (RFC 3501), with the standard library, one command after the other.

It blocks, so `collector` calls it in a thread. What is left is flagged and not looked at
again; what is done is deleted, and so is, in time, all that came to an address of ours.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from sessions.inbound.messages import MOST_BYTES, RECIPIENTS, is_to_us

CONNECT_SECONDS = 5.0
SECONDS = 10.0
"""For each step of the talk with the server."""
PORTS = {"imap": 143, "imaps": 993}
SIZE = re.compile(rb"UID (\d+)[^)]*RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)[^)]*UID (\d+)")
AT_ONCE = 100
UID = re.compile(rb"UID (\d+)")
MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
HEAD = f"BODY.PEEK[HEADER.FIELDS ({' '.join(RECIPIENTS).upper()})]<0.{64 * 1024}>"


class Away(Exception):
    """The server cannot be reached, or stopped talking; worth another try later."""


class Unwilling(Away):
    """It has understood, and says no."""


class LoginRefused(Exception):
    """It wants another user or password: somebody has to put that right."""


class Waiting(NamedTuple):
    """A mail in the box."""

    uid: str
    size: int

    @property
    def too_big(self) -> bool:
        return self.size > MOST_BYTES


Opened = Callable[[socket.socket], None]


class _Line(imaplib.IMAP4):
    """Tells of its socket as soon as there is one: it has to be cut while it greets, too."""

    def __init__(self, host: str, port: int, opened: Opened) -> None:
        self._opened = opened
        super().__init__(host, port, CONNECT_SECONDS)

    def open(self, *where: Any) -> None:
        super().open(*where)
        self._opened(self.sock)


class _SecureLine(imaplib.IMAP4_SSL):
    def __init__(self, host: str, port: int, opened: Opened) -> None:
        self._opened = opened
        context = ssl.create_default_context()
        super().__init__(host, port, ssl_context=context, timeout=CONNECT_SECONDS)

    def open(self, *where: Any) -> None:
        super().open(*where)
        self._opened(self.sock)


class Mailbox:
    """One connection; every method raises `Away` when it is lost."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._port = parts.port or PORTS[parts.scheme]
        self._line = _SecureLine if parts.scheme == "imaps" else _Line
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._imap: imaplib.IMAP4 | None = None
        self._socket: socket.socket | None = None
        self._cut = False
        self._can: list[bytes] = []
        self._deleted: list[str] = []

    def open(self) -> None:
        """Raises `LoginRefused` too."""
        try:
            self._imap = self._line(self._host, self._port, self._remember)
            self._log_in(self._imap)
        except (OSError, imaplib.IMAP4.abort) as error:
            raise Away(type(error).__name__) from None
        except imaplib.IMAP4.error:
            raise LoginRefused from None  # its words may quote what was sent
        # Anew: most servers tell strangers less of what they can.
        self._can = b" ".join(
            a for a in self._ask("capability") if isinstance(a, bytes)
        ).split()
        self._ask("select", f'"{self._folder}"')

    def _remember(self, opened: socket.socket) -> None:
        opened.settimeout(SECONDS)
        self._socket = opened
        if self._cut:
            self.hang_up()

    def _log_in(self, imap: imaplib.IMAP4) -> None:
        """RFC 4616 - 2. PLAIN SASL Mechanism: LOGIN knows no letters beyond ASCII."""
        if "AUTH=PLAIN" in imap.capabilities:
            secret = f"\0{self._user}\0{self._password}".encode()
            imap.authenticate("PLAIN", lambda _: secret)
        else:
            imap.login(self._user, self._password)

    def waiting(self) -> list[Waiting]:
        """The oldest that nobody has looked at yet."""
        [found, *_] = self._ask("uid", "SEARCH", "UNDELETED", "UNFLAGGED")
        uids = found.split()[:AT_ONCE] if isinstance(found, bytes) else []
        if not uids:
            return []
        listed = self._ask("uid", "FETCH", b",".join(uids).decode(), "(UID RFC822.SIZE)")
        sizes = dict(_sizes(listed))
        return [Waiting(uid, sizes[uid]) for uid in map(bytes.decode, uids) if uid in sizes]

    def fetch(self, mail: Waiting) -> bytes | None:
        """Without a mark that it was read; `None` when somebody else has taken it away."""
        try:
            answers = self._ask("uid", "FETCH", mail.uid, "(BODY.PEEK[])")
        except Unwilling:
            return b""  # broken on the server's side: nobody can read it
        for answer in answers:
            if isinstance(answer, tuple):
                body: bytes = answer[1]
                return body
        return None

    def delete(self, mail: Waiting) -> None:
        """For good when the connection is closed, or at the next `empty`."""
        self._ask("uid", "STORE", mail.uid, "+FLAGS.SILENT", r"(\Deleted)")
        self._deleted.append(mail.uid)

    def leave(self, mail: Waiting) -> None:
        self._ask("uid", "STORE", mail.uid, "+FLAGS.SILENT", r"(\Flagged)")

    def forget(self, *, before: date, us: str) -> int:
        """
        What came before that day to an address of ours, flagged or not; gives how many mails
        it was. What came to the mailbox itself is its owner's.

        Where the server cannot delete some mails alone, it is left to whoever keeps the box:
        what they have marked for themselves would go as well.
        """
        if b"UIDPLUS" not in self._can:
            return 0
        day = f"{before.day}-{MONTHS[before.month - 1]}-{before.year}"
        [found, *_] = self._ask("uid", "SEARCH", "UNDELETED", "BEFORE", day)
        uids = found.decode().split() if isinstance(found, bytes) else []
        forgotten = 0
        for begin in range(0, len(uids), AT_ONCE):
            some = ",".join(uids[begin : begin + AT_ONCE])
            heads = _heads(self._ask("uid", "FETCH", some, f"(UID {HEAD})"))
            ours = [uid for uid, head in heads if is_to_us(head, us)]
            if ours:
                self._ask("uid", "STORE", ",".join(ours), "+FLAGS.SILENT", r"(\Deleted)")
                self._deleted += ours
                self.empty()
                forgotten += len(ours)
        return forgotten

    def empty(self) -> None:
        """RFC 4315 - 2.1. UID EXPUNGE Command: nothing that others mean to delete."""
        if not self._deleted:
            return
        if b"UIDPLUS" in self._can:
            self._ask("uid", "EXPUNGE", ",".join(self._deleted))
        else:
            self._ask("expunge")
        self._deleted.clear()

    def hang_up(self) -> None:
        """From another thread: wakes whoever waits for an answer."""
        self._cut = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """In good order, or, where the line is dead, without a word."""
        if self._imap is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                self._imap.logout()
            with suppress(OSError):
                self._imap.shutdown()
            self._imap = None

    def _ask(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        if self._imap is None:
            raise Away("closed")
        try:
            status, answer = getattr(self._imap, command)(*arguments)
        except (OSError, imaplib.IMAP4.error) as error:
            raise Away(type(error).__name__) from None
        if status != "OK":
            raise Unwilling(f"{command} {status}")
        found: list[bytes | tuple[bytes, bytes] | None] = answer
        return found


def _sizes(listed: Iterable[object]) -> Iterable[tuple[str, int]]:
    for line in listed:
        found = SIZE.search(line) if isinstance(line, bytes) else None
        if found:
            uid, size = found[1] or found[4], found[2] or found[3]
            yield uid.decode(), int(size)


def _heads(answers: list[bytes | tuple[bytes, bytes] | None]) -> Iterable[tuple[str, bytes]]:
    """The number of a mail may stand on either side of what was asked for."""
    for answer, rest in pairwise([*answers, b""]):
        if isinstance(answer, tuple):
            found = UID.search(answer[0] + (rest if isinstance(rest, bytes) else b""))
            if found:
                yield found[1].decode(), answer[1]
