import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions import ics
from sessions.mail import (
    Button,
    FolderMailer,
    Mail,
    Refused,
    SmtpMailer,
    Unreachable,
    compose,
    eml_name,
)
from sessions.text import clean_line
from tests.calendars import golden
from tests.machine.ports import free_port
from tests.machine.smtp import PostOffice, post_office

CALENDAR = ics.request(golden.invited(golden.TUESDAYS, golden.CHANGES))
SENDER = "box+81f3@meet.example"
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
    "Content-Type",
]  # fmt: skip


def letter(
    *,
    to: str = "noa@mail.example",
    sender: str = SENDER,
    sender_name: str = "Invitations",
    subject: str = "Appointment, Tuesday",
    text: str = "You are invited.\nReally.",
    label: str = "Your personal link",
    locale: str = "en",
    calendar: bytes | None = CALENDAR,
    method: str = "REQUEST",
    host: str = "meet.example",
) -> Mail:
    return Mail(
        to=to,
        sender=sender,
        sender_name=sender_name,
        message_id=f"<0123456789abcdef0123456789abcdef@{host}>",
        subject=subject,
        paragraphs=[text],
        buttons=[Button(label, "https://meet.example/j#" + "k3Jq" * 8)],
        locale=locale,
        date=datetime(2026, 3, 2, 12, tzinfo=UTC),
        calendar=calendar,
        method=method,
    )


def parsed(message: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(message)


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as office:
        yield office


async def send(office: PostOffice, message: bytes) -> None:
    await SmtpMailer(office.url).send(message, sender=SENDER, to="noa@mail.example")


class TestShape:
    async def test_the_server_gets_the_very_bytes_that_were_composed(
        self, office: PostOffice
    ) -> None:
        message = compose(letter(text="Line\n.\n.. dots\n" + "long " * 400))

        await send(office, message)

        [taken] = office.letters
        assert taken == (message, SENDER, "noa@mail.example")

    def test_text_html_and_calendar_are_alternatives_and_the_calendar_is_also_a_file(
        self,
    ) -> None:
        mail = parsed(compose(letter()))

        assert [part.get_content_type() for part in mail.walk()] == [
            "multipart/mixed", "multipart/alternative", "text/plain", "text/html",
            "text/calendar", "application/ics",
        ]  # fmt: skip
        *_, calendar, file = mail.walk()
        assert file.get_filename() == "invite.ics"
        assert calendar.get_payload(decode=True) == CALENDAR == file.get_payload(decode=True)

    @pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
    def test_the_method_stands_beside_the_type_and_is_the_one_inside(self, method: str) -> None:
        series = golden.invited(golden.TUESDAYS)
        calendar = ics.request(series) if method == "REQUEST" else ics.cancel(series)
        message = compose(letter(calendar=calendar, method=method))

        *_, part, _ = parsed(message).walk()

        assert part.get_param("method") == method
        assert part.get_param("charset") == "utf-8"
        assert f"METHOD:{method}\r\n".encode() in calendar

    def test_without_a_calendar_it_is_text_and_html(self) -> None:
        mail = parsed(compose(letter(calendar=None)))

        assert [part.get_content_type() for part in mail.walk()] == [
            "multipart/alternative", "text/plain", "text/html",
        ]  # fmt: skip

    def test_lines_end_as_smtp_wants_it_and_none_is_too_long(self) -> None:
        message = compose(letter(text="word " * 500, subject="שלום " * 20))

        assert b"\n" not in message.replace(b"\r\n", b"")
        # RFC 5321 - 4.5.3.1.6. Text Line
        assert max(map(len, message.split(b"\r\n"))) <= 998
        assert message.isascii()

    def test_only_known_headers_are_written(self) -> None:
        assert parsed(compose(letter())).keys() == HEADERS

    def test_hebrew_is_written_from_right_to_left(self) -> None:
        mail = parsed(compose(letter(locale="he", text="שלום", sender_name="הזמנות")))
        html = mail.get_body(("html",))

        assert html is not None
        assert '<html lang="he" dir="rtl">' in html.get_content()
        assert mail["From"] == "הזמנות <box+81f3@meet.example>"

    @pytest.mark.parametrize("host", ["meet.example", "h" * 60 + "." + "k" * 60 + ".example"])
    def test_the_message_id_stays_whole_and_names_the_file(self, host: str) -> None:
        message = compose(letter(host=host, sender=f"box+81f3@{host}"))

        assert f"Message-ID: <0123456789abcdef0123456789abcdef@{host}>\r\n".encode() in message
        assert eml_name(message) == "0123456789abcdef0123456789abcdef.eml"
        assert parsed(message)["From"].addresses[0].addr_spec == f"box+81f3@{host}"


HOSTILE = [
    "x\r\nBcc: all@example.org", "x\nBcc: all@example.org", "x\r\n\r\n<script>alert(1)",
    "x\u2028Bcc: all@example.org", "x\x0bBcc: a@example.org", "x\x85Bcc: a@example.org",
    "=?utf-8?q?x=0D=0ABcc:_all@example.org?=", "\u202eevil\u202c", "\ud800", "\x00",
    '"><img src=x onerror=alert(1)>', "a" * 2000, "; method=CANCEL", "--===============",
]  # fmt: skip


class TestHostileWords:
    """What people write is cleaned on its way in; here is what the last door makes of it."""

    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_header_comes_from_words(self, text: str) -> None:
        text = clean_line(text)
        message = compose(letter(subject=text, text=text, label=text))

        mail = parsed(message)

        assert mail.keys() == HEADERS
        assert [part.get_content_type() for part in mail.walk()][-1] == "application/ics"
        assert len(list(mail.walk())) == 6

    @given(st.text())
    def test_no_words_at_all_break_a_letter(self, text: str) -> None:
        text = clean_line(text)
        mail = parsed(compose(letter(subject=text, text=text, label=text)))

        assert mail.keys() == HEADERS
        assert len(list(mail.walk())) == 6

    @pytest.mark.parametrize("text", ["x\r\nBcc: all@example.org", "x\nBcc: a@example.org"])
    def test_raw_line_breaks_in_a_header_are_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"linefeed|carriage"):
            compose(letter(subject=text))

    def test_markup_is_shown_not_obeyed(self) -> None:
        html = parsed(compose(letter(text="<b>&\"'", label="<i>"))).get_body(("html",))

        assert html is not None
        assert "&lt;b&gt;&amp;&quot;&#x27;" in html.get_content()
        assert "&lt;i&gt;" in html.get_content()


class TestServers:
    @pytest.mark.parametrize("step", ["to_sender", "to_recipient", "to_data"])
    async def test_a_4xx_answer_is_worth_another_try(
        self, office: PostOffice, step: str
    ) -> None:
        setattr(office, step, "451 Later, please")

        with pytest.raises(Unreachable, match="451"):
            await send(office, compose(letter()))

    @pytest.mark.parametrize("step", ["to_sender", "to_recipient", "to_data"])
    async def test_a_5xx_answer_is_final(self, office: PostOffice, step: str) -> None:
        setattr(office, step, "550 No such noa@mail.example here")

        with pytest.raises(Refused) as refused:
            await send(office, compose(letter()))

        assert refused.value.code == 550
        assert "noa" not in str(refused.value), "what is kept of it names nobody"

    async def test_a_server_that_is_not_there_is_worth_another_try(self) -> None:
        nowhere = SmtpMailer(f"smtp://127.0.0.1:{free_port()}")

        with pytest.raises(Unreachable):
            await nowhere.send(compose(letter()), sender=SENDER, to="noa@mail.example")

    async def test_a_server_that_hangs_up_after_taking_it_is_worth_another_try(
        self, office: PostOffice
    ) -> None:
        office.hangs_up = True

        with pytest.raises(Unreachable):
            await send(office, compose(letter()))

        assert len(office.letters) == 1, "so it arrives twice, with one Message-ID"

    async def test_a_wrong_password_condemns_no_letter(self) -> None:
        async with post_office(password=b"right one") as office:
            wrong = SmtpMailer(f"smtp://ronda:wrong@127.0.0.1:{office.port}")
            missing = SmtpMailer(office.url)

            for mailer in (wrong, missing):
                with pytest.raises(Unreachable, match="53"):
                    await mailer.send(compose(letter()), sender=SENDER, to="noa@mail.example")

    async def test_user_and_password_are_read_from_the_address(self) -> None:
        async with post_office(password=b"right one") as office:
            mailer = SmtpMailer(f"smtp://ronda:right%20one@127.0.0.1:{office.port}")

            await mailer.send(compose(letter()), sender=SENDER, to="noa@mail.example")

        assert len(office.letters) == 1


class TestFolder:
    async def test_a_letter_is_a_file_and_a_resend_overwrites_it(self, tmp_path: Path) -> None:
        message = compose(letter())
        mailer = FolderMailer(tmp_path / "mail")

        for _ in range(2):
            await mailer.send(message, sender=SENDER, to="noa@mail.example")

        [file] = (tmp_path / "mail").iterdir()
        assert file.read_bytes() == message

    def test_a_letter_without_a_message_id_gets_a_name_of_its_own(self) -> None:
        assert re.fullmatch(r"[0-9a-f]{16}\.eml", eml_name(b"Subject: x\r\n\r\n"))
