"""
Answers as calendar apps mail them: to the invitation that came, in the form of each.

The forms follow what these apps are known to send; none of them runs here.
"""

import base64
import quopri
import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from tests.calendars.app import unfolded, value
from tests.fakes import Delivered

Post = Callable[["Said"], bytes]
CRLF = "\r\n"


class Said(NamedTuple):
    """What goes into a mail, with everything that somebody could forge."""

    uid: str
    organizer: str
    attendee: str
    partstat: str = "ACCEPTED"
    method: str = "REPLY"
    sequence: int = 0
    stamp: str = "20260302T120000Z"
    start: str = ""
    """The lines of DTSTART and DTEND; empty: it says nothing of the time."""
    date: str = ""
    """The line of RECURRENCE-ID; empty: the whole series."""
    comment: str = ""

    @property
    def event(self) -> str:
        lines = [
            "BEGIN:VEVENT",
            f"UID:{self.uid}",
            f"DTSTAMP:{self.stamp}",
            f"SEQUENCE:{self.sequence}",
            *filter(None, (self.date, *self.start.split("\n"))),
            f"ORGANIZER:mailto:{self.organizer}",
            f"ATTENDEE;PARTSTAT={self.partstat}:mailto:{self.attendee}",
            *([f"COMMENT:{self.comment}"] if self.comment else []),
            "END:VEVENT",
        ]
        return CRLF.join(lines)

    @property
    def calendar(self) -> str:
        return calendar_of(self.method, [self.event])


def calendar_of(method: str, events: list[str]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//App//App//EN", f"METHOD:{method}"]
    return CRLF.join([*lines, *events, "END:VCALENDAR", ""])


def answer_to(letter: Delivered, *, at: datetime, **changes: object) -> Said:
    """To the first event of an invitation, as its app has it."""
    event = unfolded(letter.calendar).partition(b"BEGIN:VEVENT")[2].decode()

    def line(name: str) -> str:
        found = re.search(rf"^{name}[;:].*?(?=\r$)", event, re.MULTILINE)
        return found.group() if found else ""

    plain = Said(
        uid=value(letter.calendar, "UID"),
        organizer=letter.sender,
        attendee=letter.to,
        sequence=int(value(letter.calendar, "SEQUENCE")),
        stamp=f"{at:%Y%m%dT%H%M%SZ}",
        start=line("DTSTART"),
        date=line("RECURRENCE-ID"),
    )
    return plain._replace(**changes)  # type: ignore[arg-type]


def plain(answer: Said, *, headers: str = "", body: str = "") -> bytes:
    """RFC 6047: the least there can be."""
    return (
        f"From: <{answer.attendee}>\r\nTo: <{answer.organizer}>\r\n{headers}"
        f"Subject: Re\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/calendar; method={answer.method}; charset=utf-8\r\n\r\n"
        f"{body or answer.calendar}"
    ).encode()


def google(answer: Said) -> bytes:
    """Sent by the server in the person's name: alternatives, and once more attached."""
    text = answer.calendar.replace(
        f"ATTENDEE;PARTSTAT={answer.partstat}:",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT="
        f"{answer.partstat};CN={answer.attendee}\r\n ;X-NUM-GUESTS=0:",
    ).replace("METHOD:", "CALSCALE:GREGORIAN\r\nMETHOD:")
    encoded = base64.encodebytes(text.encode()).decode().replace("\n", CRLF)
    return (
        f"Sender: Google Calendar <calendar-notification@google.com>\r\n"
        f"Message-ID: <calendar-1@google.com>\r\nAuto-Submitted: auto-generated\r\n"
        f"From: {answer.attendee}\r\nTo: {answer.organizer}\r\n"
        f"Subject: Accepted: Appointment\r\n"
        f"Content-Type: multipart/mixed; boundary=mixed\r\n\r\n--mixed\r\n"
        f"Content-Type: multipart/alternative; boundary=alt\r\n\r\n--alt\r\n"
        f'Content-Type: text/plain; charset="UTF-8"; format=flowed\r\n\r\nAccepted\r\n--alt\r\n'
        f'Content-Type: text/html; charset="UTF-8"\r\n\r\n<p>Accepted\r\n--alt\r\n'
        f'Content-Type: text/calendar; charset="UTF-8"; method={answer.method}\r\n'
        f"Content-Transfer-Encoding: 7bit\r\n\r\n{text}\r\n--alt--\r\n--mixed\r\n"
        f'Content-Type: application/ics; name="invite.ics"\r\n'
        f'Content-Disposition: attachment; filename="invite.ics"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--mixed--\r\n"
    ).encode()


def outlook(answer: Said) -> bytes:
    """Exchange: base64, a zone under Microsoft's name, written out."""
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Israel Standard Time\r\nBEGIN:STANDARD\r\n"
        "DTSTART:16010101T020000\r\nTZOFFSETFROM:+0300\r\nTZOFFSETTO:+0200\r\n"
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\nBEGIN:VEVENT"
    )
    text = (
        answer.calendar.replace("BEGIN:VEVENT", zone)
        .replace("TZID=Asia/Jerusalem", "TZID=Israel Standard Time")
        .replace("COMMENT:", "COMMENT;LANGUAGE=en-US:")
        .replace(
            "END:VEVENT",
            "CLASS:PUBLIC\r\nX-MICROSOFT-CDO-APPT-SEQUENCE:0\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY"
            "\r\nBEGIN:VALARM\r\nDESCRIPTION:REMINDER\r\nDURATION:PT5M\r\nEND:VALARM\r\nEND:VEVENT",
        )
    )
    encoded = base64.encodebytes(text.encode()).decode().replace("\n", CRLF)
    return (
        f"From: Bo <{answer.attendee}>\r\nTo: Invitations <{answer.organizer}>\r\n"
        f"Subject: =?utf-8?B?QWNjZXB0ZWQ=?=\r\nX-MS-Has-Attach:\r\n"
        f'Content-Type: multipart/alternative;\r\n\tboundary="_000_"\r\n\r\n--_000_\r\n'
        f'Content-Type: text/plain; charset="us-ascii"\r\n\r\n\r\n--_000_\r\n'
        f'Content-Type: text/calendar; charset="utf-8"; method={answer.method}\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--_000_--\r\n"
    ).encode()


def apple(answer: Said) -> bytes:
    """Words first, then the calendar as a quoted-printable attachment."""
    quoted = quopri.encodestring(answer.calendar.encode()).decode()
    return (
        f"From: <{answer.attendee}>\r\nTo: {answer.organizer}\r\nSubject: Re\r\n"
        f'Content-Type: multipart/mixed; boundary="Apple-Mail=_1"\r\n\r\n--Apple-Mail=_1\r\n'
        f"Content-Type: text/plain; charset=us-ascii\r\n\r\nBo has accepted.\r\n"
        f"--Apple-Mail=_1\r\nContent-Disposition: attachment; filename=iCal-20260302.ics\r\n"
        f"Content-Type: text/calendar; x-unix-mode=0644; name=iCal.ics; method={answer.method}"
        f"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}\r\n"
        f"--Apple-Mail=_1--\r\n"
    ).encode()


def unnamed(answer: Said) -> bytes:
    """A part that nobody calls a calendar but its file name; METHOD stands inside alone."""
    encoded = base64.b64encode("\ufeff".encode() + answer.calendar.encode()).decode()
    return (
        f"From: <{answer.attendee}>\r\nDelivered-To: {answer.organizer.upper()}\r\n"
        f"To: undisclosed-recipients:;\r\nContent-Type: application/octet-stream\r\n"
        f'Content-Disposition: attachment; filename="Reply.ICS"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
    ).encode()


APPS: dict[str, Post] = {
    "plain": plain,
    "google": google,
    "outlook": outlook,
    "apple": apple,
    "unnamed": unnamed,
}
