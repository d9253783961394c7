"""
Mail as it leaves: built with the standard library, handed to a folder or an SMTP server.

An invitation is `multipart/alternative` (text, HTML, `text/calendar`), and the same
calendar bytes again as `invite.ics`, which is what every calendar program understands
(RFC 6047 - 2.4. Content-Type Header Field).
"""

import asyncio
import os
import re
from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from sessions.language import RIGHT_TO_LEFT

SMTP = policy.SMTP.clone(max_line_length=78)
SEND_SECONDS = 30.0
"""For each step of the talk with the mail server."""
LONGEST_SECONDS = 90.0
"""For all of it; less than a courier's hold on a letter."""
NOT_THIS_LETTER = (530, 535)
"""RFC 4954 - 6. Status Codes: it wants another password, not another letter."""
SMTP_PORTS = {"smtp": 25, "smtps": 465}


class Button(NamedTuple):
    label: str
    url: str


class Mail(NamedTuple):
    """One message to one person."""

    to: str
    sender: str
    sender_name: str
    message_id: str
    subject: str
    paragraphs: Sequence[str]
    buttons: Sequence[Button]
    locale: str
    date: datetime
    calendar: bytes | None = None
    method: str = "REQUEST"


class Refused(Exception):
    """The mail server will never take this letter (a 5xx answer); `code` is its number."""

    def __init__(self, code: int) -> None:
        super().__init__(_answered(code))
        self.code = code


class Unreachable(Exception):
    """Worth another try later."""


class Unsure(Unreachable):
    """The talk broke off: it may have been taken all the same."""


class Mailer(Protocol):
    async def send(self, message: bytes, *, sender: str, to: str) -> None:
        """Raises `Refused`, `Unreachable` or `Unsure`."""


class FolderMailer:
    """Writes `.eml` files, for a machine without a mail server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: bytes, *, sender: str, to: str) -> None:
        await asyncio.to_thread(self._write, message)

    def _write(self, message: bytes) -> None:
        """Named by its Message-ID: a resend overwrites itself."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / eml_name(message)
        draft = path.with_suffix(".part")
        draft.touch(mode=0o600)  # it may hold a link that signs in
        draft.write_bytes(message)
        draft.replace(path)


class SmtpMailer:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._port = parts.port or SMTP_PORTS[parts.scheme]
        self._tls = parts.scheme == "smtps"
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, message: bytes, *, sender: str, to: str) -> None:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await self._send(message, sender=sender, to=to)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _trouble(error.recipients[0].code) from error
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            raise _trouble(error.code) from error
        except aiosmtplib.SMTPResponseException as error:
            # At the greeting or the password: no letter was seen yet, none can be at fault.
            raise Unreachable(_answered(error.code)) from error
        except aiosmtplib.SMTPConnectError as error:
            raise Unreachable(type(error).__name__) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unsure(type(error).__name__) from error

    async def _send(self, message: bytes, *, sender: str, to: str) -> None:
        await aiosmtplib.send(
            message,
            sender=sender,
            recipients=[to],
            hostname=self._host,
            port=self._port,
            use_tls=self._tls,
            username=self._user,
            password=self._password,
            timeout=SEND_SECONDS,
        )


def _trouble(code: int) -> Exception:
    if code >= 500 and code not in NOT_THIS_LETTER:
        return Refused(code)
    return Unreachable(_answered(code))


def _answered(code: int) -> str:
    return f"The mail server answered {code}."


def compose(mail: Mail) -> bytes:
    """The bytes that are sent, and sent again if they have to be."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_literal(mail.sender_name), addr_spec=mail.sender)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = _literal(mail.subject)
    message["Date"] = format_datetime(mail.date)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 - 5. The Auto-Submitted Field
    message.set_content(_text(mail), cte="quoted-printable")
    message.add_alternative(_html(mail), subtype="html", cte="quoted-printable")
    if mail.calendar is not None:
        _attach_calendar(message, mail.calendar, mail.method)
    return message.as_bytes()


def _literal(text: str) -> str:
    """
    Words that are nothing but words: the standard library decodes what looks like an
    encoded-word (RFC 2047 - 2. Syntax of encoded-words), line breaks and all, and would
    write a title of somebody's choosing as headers of their choosing.
    """
    return text.replace("=?", "= ?")


def _attach_calendar(message: EmailMessage, calendar: bytes, method: str) -> None:
    part = EmailMessage(policy=SMTP)
    part.set_content(calendar.decode(), subtype="calendar", cte="base64")
    part.set_param("method", method)
    part.set_param("charset", "utf-8")
    message.attach(part)
    message.add_attachment(
        calendar, maintype="application", subtype="ics", filename="invite.ics"
    )


def _text(mail: Mail) -> str:
    links = [f"{button.label}:\n{button.url}" for button in mail.buttons]
    return "\n\n".join([*mail.paragraphs, *links]) + "\n"


def _html(mail: Mail) -> str:
    direction = "rtl" if mail.locale in RIGHT_TO_LEFT else "ltr"
    paragraphs = "".join(
        f'<p style="margin:0 0 16px">{escape(text).replace(chr(10), "<br>")}</p>'
        for text in mail.paragraphs
    )
    buttons = "".join(
        f'<p style="margin:0 0 16px"><a href="{escape(button.url)}" style="color:#1c6a66;'
        f'font-weight:600">{escape(button.label)}</a></p>'
        for button in mail.buttons
    )
    return (
        f'<!doctype html><html lang="{mail.locale}" dir="{direction}"><meta charset="utf-8">'
        '<body style="font:17px/1.6 sans-serif;color:#241f1a;background:#ffffff;margin:24px">'
        f"{paragraphs}{buttons}</body></html>\n"
    )


def eml_name(message: bytes) -> str:
    """The file name of a letter in the folder, from its Message-ID."""
    found = re.search(
        rb"^Message-ID: *(?:\r\n )?<([0-9A-Za-z-]+)@", message, re.MULTILINE | re.I
    )
    return file_of(found.group(1).decode() if found else os.urandom(8).hex())


def file_of(message_id: str) -> str:
    return f"{message_id.strip('<').partition('@')[0]}.eml"
