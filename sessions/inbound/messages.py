"""Open a mail that anybody may have sent. Pure; nothing in it is trusted, least its size."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from itertools import islice

MOST_BYTES = 256 * 1024
MOST_PARTS = 50
DEEPEST = 8
MOST_BOUNDARIES = 40
"""The parser of the standard library compares each line with every boundary that is open."""
TOKEN = re.compile(r"\+([0-9a-f]{24})@", re.IGNORECASE)
MOST_TOKENS = 8
RECIPIENTS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "to",
    "cc",
    "resent-to",
)
CALENDARS = ("text/calendar", "application/ics", "text/x-vcalendar")
CHARSETS = re.compile(
    r"utf-?8|utf-16(-[lb]e)?|(us-)?ascii|iso-8859-([1-9]|1[013456])|(windows-|cp)125[0-8]", re.I
)
"""Those that mail programs write. Python knows others, and takes minutes over some of them."""
LONGEST_NAME = 500
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


# Not the default policy: it reads headers in full, and stumbles over odd ones.
_parser = BytesParser(policy=policy.compat32)


class Unreadable(Exception):
    """Too big, too deep, or no mail at all."""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    text: str
    method: str
    """What the header says of it, in capitals; empty when it does not."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail, as far as it matters here: nothing else of it is looked at."""

    tokens: tuple[str, ...]
    """Of the addresses that it was sent to."""
    calendars: tuple[CalendarPart, ...]
    automatic: bool
    """A bounce or an out-of-office note, which is nobody's word."""


def read(raw: bytes, *, recipients: Iterable[str] = ()) -> Incoming:
    """`recipients`: who it was delivered to, by the word of our own mail server."""
    if len(raw) > MOST_BYTES or raw.lower().count(b"boundary") > MOST_BOUNDARIES:
        raise Unreadable
    try:
        mail = _parser.parsebytes(raw)
        return Incoming(
            tokens=tuple(_tokens(mail, recipients)),
            calendars=tuple(_calendars(mail)),
            automatic=_is_automatic(mail),
        )
    except (MessageError, RecursionError, ValueError, LookupError, TypeError) as error:
        raise Unreadable from error


def is_to_us(head: bytes, us: str) -> bool:
    """By the first lines of a mail alone; `us` is the address that our tokens stand in."""
    local, _, host = us.casefold().rpartition("@")
    ours = re.compile(rf"{re.escape(local)}\+[0-9a-f]{{24}}@{re.escape(host)}")
    mail = _parser.parsebytes(head, headersonly=True)
    to = getaddresses([value for name in RECIPIENTS for value in _values(mail, name)])
    return any(ours.fullmatch(address.casefold()) for _, address in to)


def _tokens(mail: Message, recipients: Iterable[str]) -> list[str]:
    headers = (value for name in RECIPIENTS for value in _values(mail, name))
    texts = [*recipients, *headers]
    found = (match.lower() for text in texts for match in TOKEN.findall(text))
    return list(islice(dict.fromkeys(found), MOST_TOKENS))


def _values(mail: Message, name: str) -> list[str]:
    return [str(value) for value in mail.get_all(name, [])]


def _is_automatic(mail: Message) -> bool:
    """
    RFC 3834 - 5. The Auto-Submitted Field. Only `auto-replied` is: Google marks the answer
    that somebody has just given in their calendar as `auto-generated`.
    """
    submitted = "".join(_values(mail, "auto-submitted")).strip().lower()
    return (
        submitted.startswith(("auto-replied", "auto-notified"))
        or mail.get_content_type() == "multipart/report"
        or any(value.strip() == "<>" for value in _values(mail, "return-path"))
    )


def _calendars(mail: Message) -> Iterator[CalendarPart]:
    """The part that is shown first; attachments are mostly the same once more."""
    parts = [part for part in islice(_leaves(mail, 0), MOST_PARTS) if _is_calendar(part)]
    for part in sorted(parts, key=lambda part: part.get_content_type() != "text/calendar"):
        method = part.get_param("method", "")
        yield CalendarPart(_text(part), method.upper() if isinstance(method, str) else "")


def _leaves(mail: Message, depth: int) -> Iterator[Message]:
    """Not those of a mail within the mail: that is somebody else's word, or our own."""
    if mail.get_content_maintype() == "message" or depth > DEEPEST:
        return
    if not mail.is_multipart():
        yield mail
        return
    for part in mail.get_payload():
        if isinstance(part, Message):
            yield from _leaves(part, depth + 1)


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() in CALENDARS or _name(part).lower().endswith(".ics")


def _name(part: Message) -> str:
    """A name has a charset as well (RFC 2231 - 4. Parameter Value Character Set)."""
    said = part.get("content-disposition", "") + part.get("content-type", "")
    return part.get_filename() or "" if len(said) < LONGEST_NAME else ""


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    for mark, charset in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace")
    charset = str(part.get_content_charset() or "utf-8")
    return data.decode(charset if CHARSETS.fullmatch(charset) else "utf-8", "replace")
