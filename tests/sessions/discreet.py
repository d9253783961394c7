"""
Looks for words in bytes as somebody would who wants to find them: through every coat that
mails, calendars and addresses put around text.
"""

import base64
import binascii
import gzip
import html
import quopri
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from email import policy
from email.header import decode_header
from email.parser import BytesParser
from urllib.parse import unquote_to_bytes

BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
ENCODED_WORD = re.compile(rb"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=")
UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
PUNYCODE = re.compile(rb"xn--[a-z0-9-]+", re.IGNORECASE)
DEPTH = 3
CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "cp1255", "cp1256")


def words_found(raw: bytes, words: Iterable[str]) -> set[str]:
    """The words that stand in it, however they are wrapped and in whatever case."""
    texts = [text for reading in readings(raw) for text in _texts(reading)]
    return {word for word in words if any(word.casefold() in text for text in texts)}


def readings(raw: bytes) -> set[bytes]:
    """The bytes as they are, and all that comes out of them when coats are taken off."""
    seen: set[bytes] = set()
    fresh = {raw}
    for _ in range(DEPTH):
        seen |= fresh
        inside = {inner for outer in fresh for coat in COATS for inner in coat(outer) if inner}
        noise = {inner for inner in inside - seen if not _may_go_on(inner)}
        fresh = inside - seen - noise
        seen |= noise
    return seen | fresh


def _may_go_on(inner: bytes) -> bool:
    """Whether a further coat can be under it: noise, from base64 that is none, has none."""
    if inner[:2] == b"\x1f\x8b":
        return True
    plain = sum(byte >= 0x80 or 0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in inner)
    ascii_ = sum(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in inner)
    return plain == len(inner) and ascii_ > len(inner) * 0.8


def _texts(reading: bytes) -> Iterator[str]:
    for charset in CHARSETS:
        for shift in (0, 1) if charset.startswith("utf-16") else (0,):
            yield reading[shift:].decode(charset, errors="ignore").casefold()


def _unfolded(raw: bytes) -> Iterator[bytes]:
    """RFC 5545 - 3.1. Content Lines; RFC 5322 - 2.2.3. Long Header Fields"""
    for line_end in (b"\r\n", b"\n"):
        for space in (b" ", b"\t"):
            if line_end + space in raw:
                yield raw.replace(line_end + space, b"")
                yield raw.replace(line_end + space, space)


def _quoted_printable(raw: bytes) -> Iterator[bytes]:
    if b"=" in raw:
        yield quopri.decodestring(raw)
        yield quopri.decodestring(raw, header=True)


def _percent(raw: bytes) -> Iterator[bytes]:
    if b"%" in raw:
        yield unquote_to_bytes(raw)


def _of_html(raw: bytes) -> Iterator[bytes]:
    if b"&" in raw:
        yield html.unescape(raw.decode("utf-8", errors="replace")).encode()
    if b"<" in raw:
        yield re.sub(rb"<[^>]*>", b"", raw)


def _escaped(raw: bytes) -> Iterator[bytes]:
    """RFC 5545 - 3.3.11. Text; JSON"""
    if b"\\" in raw:
        yield re.sub(rb"\\([;,\\])", rb"\1", raw).replace(b"\\n", b"\n")
        text = raw.decode("utf-8", errors="replace")
        yield UNICODE_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text).encode(
            "utf-8", errors="ignore"
        )


def _encoded_words(raw: bytes) -> Iterator[bytes]:
    """RFC 2047 - 2. Syntax of encoded-words"""
    found = ENCODED_WORD.findall(raw)
    if found:
        parts = decode_header(b" ".join(found).decode("ascii", errors="ignore"))
        yield b"".join(p if isinstance(p, bytes) else p.encode() for p, _ in parts)


def _base64(raw: bytes) -> Iterator[bytes]:
    """Every run that could be some, from each of four places, over line ends and without."""
    joined = re.sub(rb"[\r\n]+", b"", raw)
    for run in {*BASE64.findall(raw), *BASE64.findall(joined)}:
        plain = run.replace(b"-", b"+").replace(b"_", b"/")
        for shift in range(4):
            part = plain[shift:]
            # To whole groups: what is cut off in the middle is a word as well.
            padded = part[:-1] if len(part) % 4 == 1 else part + b"A" * (-len(part) % 4)
            try:
                yield base64.b64decode(padded)
            except binascii.Error:
                continue


def _packed(raw: bytes) -> Iterator[bytes]:
    if raw[:2] == b"\x1f\x8b":
        try:
            yield gzip.decompress(raw)
        except (OSError, EOFError, zlib.error):
            return


def _of_hosts(raw: bytes) -> Iterator[bytes]:
    for name in PUNYCODE.findall(raw):
        try:
            yield name.decode("ascii").encode("ascii").decode("idna").encode()
        except UnicodeError:
            continue


def _of_mail(raw: bytes) -> Iterator[bytes]:
    """Each part as a mail program shows it, each header, each file's name."""
    if b"MIME-Version" not in raw[:4000]:
        return
    for part in BytesParser(policy=policy.default).parsebytes(raw).walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload
        for name, text in part.items():
            yield f"{name}: {text}".encode("utf-8", errors="replace")
        yield (part.get_filename() or "").encode("utf-8", errors="replace")


COATS: tuple[Callable[[bytes], Iterator[bytes]], ...] = (
    _of_mail,
    _unfolded,
    _quoted_printable,
    _percent,
    _of_html,
    _escaped,
    _encoded_words,
    _base64,
    _packed,
    _of_hosts,
)
