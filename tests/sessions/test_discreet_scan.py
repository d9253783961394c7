"""Words are found through every coat, or not looking would be all that is proven."""

import base64
import html
import quopri
from collections.abc import Callable
from email.header import Header
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.feeds import Body
from tests.sessions.discreet import words_found


def a_mail(word: str, charset: str = "utf-8", encoding: str | None = None) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content(f"text {word} text", charset=charset, cte=encoding)
    return mail.as_bytes()


def a_file(word: str) -> bytes:
    mail = EmailMessage()
    mail.set_content("text")
    mail.add_attachment(b"x", maintype="text", subtype="plain", filename=f"{word}.ics")
    return mail.as_bytes()


HIDING: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "in capitals": lambda word: word.upper().encode(),
    "folded": lambda word: word.encode()[:5] + b"\r\n " + word.encode()[5:],
    "base64": lambda word: base64.b64encode(f"a{word}".encode()),
    "base64 in the middle": lambda word: b"zz" + base64.b64encode(f"ab{word}c".encode()),
    "base64 over lines": lambda word: base64.encodebytes(b"x" * 52 + word.encode()),
    "base64 for addresses": lambda word: base64.urlsafe_b64encode(b"\xff\xef" + word.encode()),
    "quoted-printable": lambda word: quopri.encodestring(f"=é {word}".encode(), quotetabs=True),
    "each character quoted": lambda word: "".join(f"={b:02X}" for b in word.encode()).encode(),
    "percent-encoded": lambda word: "".join(f"%{b:02x}" for b in word.encode()).encode(),
    "twice percent-encoded": lambda word: quote(quote(word, safe=""), safe="").encode(),
    "UTF-16": lambda word: word.encode("utf-16"),
    "UTF-16 at an odd place": lambda word: b"x" + word.encode("utf-16-be"),
    "in HTML": lambda word: "".join(f"&#{ord(c)};" for c in word).encode(),
    "in HTML, hexadecimal": lambda word: "".join(f"&#x{ord(c):x};" for c in word).encode(),
    "with tags in between": lambda word: f"{word[:3]}<b>{word[3:]}</b>".encode(),
    "escaped twice": lambda word: html.escape(html.escape(f'"{word}"')).encode(),
    "in JSON": lambda word: "".join(f"\\u{ord(c):04x}" for c in word).encode(),
    "encoded word, B": lambda word: Header(word, "utf-8").encode().encode(),
    "encoded word, Q": lambda word: (
        b"Subject: =?utf-8?Q?" + "".join(f"={b:02X}" for b in word.encode()).encode() + b"?="
    ),
    "text of a mail": a_mail,
    "text of a mail, base64": lambda word: a_mail(word, encoding="base64"),
    "text of a mail, UTF-16": lambda word: a_mail(word, "utf-16", "base64"),
    "name of a file": a_file,
    "packed": lambda word: gzip_of(f"{word * 3}".encode() + bytes(2000)),
}


def gzip_of(plain_bytes: bytes) -> bytes:
    packed = Body(plain_bytes).packed
    assert packed is not None
    return packed


@pytest.mark.parametrize("hide", HIDING.values(), ids=HIDING.keys())
@pytest.mark.parametrize("word", ["Lanternfold", "מנורה", "قنديل"])
def test_the_scan_sees_through_every_coat(hide: Callable[[str], bytes], word: str) -> None:
    assert words_found(b"before " + hide(word), [word]) or words_found(hide(word), [word])
    assert words_found(hide("Something else"), [word]) == set()


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_scan_is_not_led_astray_by_what_stands_around(before: bytes, after: bytes) -> None:
    assert words_found(before + b"\r\nLanternfold\r\n" + after, ["Lanternfold"])
