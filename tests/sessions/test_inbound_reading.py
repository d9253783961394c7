"""Mails and calendars that anybody may have made: what is read out of them, and what is not."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.inbound import itip, messages
from sessions.inbound.dates import original_of
from sessions.inbound.itip import Attendee, Entry, NotOurs
from sessions.inbound.messages import CalendarPart, Unreadable
from sessions.inbound.receiving import hear
from sessions.recurrence import Pattern, Rule
from sessions.zones import resolve, zone
from tests.sessions.answering import APPS, Said, calendar_of
from tests.sessions.village import EVENINGS, FIRST, SECOND

TOKEN = "0123456789abcdef01234567"
SAID = Said(uid="u-1", organizer=f"box+{TOKEN}@ronda.test", attendee="bo@example.org")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def mail(*headers: str, body: str = "") -> bytes:
    return "\r\n".join([*headers, "", body]).encode()


def read(calendar: str, method: str = "") -> itip.Message:
    return itip.read(CalendarPart(calendar, method))


def lines(*extra: str) -> str:
    """A reply with these properties in its event."""
    return SAID.calendar.replace("END:VEVENT", "\r\n".join([*extra, "END:VEVENT"]))


class TestMails:
    @pytest.mark.parametrize("app", APPS)
    def test_each_app_says_the_same(self, app: str) -> None:
        heard = hear(APPS[app](SAID._replace(comment="Gern, ja")))

        assert heard is not None
        assert heard.tokens == (TOKEN,)
        assert heard.message == itip.Message(
            "REPLY",
            "u-1",
            (
                Entry(
                    recurrence_id=None,
                    sequence=0,
                    stamped_at=NOON,
                    attendees=(Attendee("bo@example.org", "ACCEPTED"),),
                    comment="Gern, ja",
                ),
            ),
        )

    @pytest.mark.parametrize(
        "header",
        [
            f"To: box+{TOKEN}@ronda.test",
            f"To: Invitations <box+{TOKEN}@ronda.test>, x@example.org",
            f"To: x@example.org,\r\n box+{TOKEN}@ronda.test",
            f"Cc: BOX+{TOKEN.upper()}@RONDA.TEST",
            f"Delivered-To: box+{TOKEN}@ronda.test",
            f"X-Original-To: <box+{TOKEN}@ronda.test>",
            f"Envelope-To: box+{TOKEN}@ronda.test",
            f"X-Envelope-To: box+{TOKEN}@mx.ronda.test",
        ],
    )
    def test_the_address_it_reached_is_found_wherever_it_stands(self, header: str) -> None:
        assert messages.read(mail(header)).tokens == (TOKEN,)

    @pytest.mark.parametrize(
        "header",
        [
            f"From: box+{TOKEN}@ronda.test",
            f"Reply-To: box+{TOKEN}@ronda.test",
            f"Subject: box+{TOKEN}@ronda.test",
            f"To: box+{TOKEN}0@ronda.test",
            f"To: box+{TOKEN[1:]}@ronda.test",
            f"To: {TOKEN}@ronda.test",
            "To: =?utf-8?q?box?=",
        ],
    )
    def test_and_nowhere_else(self, header: str) -> None:
        assert messages.read(mail(header)).tokens == ()

    @pytest.mark.parametrize(
        ("charset", "content"),
        [
            ("utf-8", "Ünïcode".encode()),
            ("iso-8859-1", "Ünïcode".encode("latin-1")),
            ("utf-8", b"\xef\xbb\xbf" + "Ünïcode".encode()),
            ("us-ascii", "\ufeffÜnïcode".encode("utf-16-le")),
            ("no-such-thing", "Ünïcode".encode()),
        ],
    )
    def test_charsets_and_marks(self, charset: str, content: bytes) -> None:
        raw = mail(f"Content-Type: text/calendar; charset={charset}")
        [part] = messages.read(raw + content).calendars

        assert part.text == "Ünïcode"

    @pytest.mark.parametrize(
        "charset", ["punycode", "idna", "utf-7", "rot13", "unicode_escape"]
    )
    def test_a_charset_that_no_mail_program_writes_is_not_asked_for(self, charset: str) -> None:
        """Python takes minutes over 256 KB of some of them."""
        raw = mail(f"Content-Type: text/calendar; charset={charset}")
        [part] = messages.read(raw + b"aaaa-zzzz" * 20_000).calendars

        assert part.text == "aaaa-zzzz" * 20_000

    def test_a_mail_within_the_mail_is_somebody_elses(self) -> None:
        inner = APPS["plain"](SAID).decode()
        raw = mail(f"To: {SAID.organizer}", "Content-Type: message/rfc822", body=inner)

        assert messages.read(raw).calendars == ()

    @pytest.mark.parametrize(
        "raw",
        [
            b"x" * (messages.MOST_BYTES + 1),
            b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" * 50,
            b"Content-Type: message/rfc822\r\n\r\n" * 5000,
        ],
    )
    def test_too_big_and_too_deep(self, raw: bytes) -> None:
        with pytest.raises(Unreadable):
            messages.read(raw)

    @given(st.binary(max_size=2000))
    def test_any_bytes_are_read_or_not(self, raw: bytes) -> None:
        assert hear(b"To: a+" + TOKEN.encode() + b"@b\r\n" + raw) is None or True
        hear(raw)

    @pytest.mark.parametrize(
        "body",
        [
            "X:\r\n" * 50_000,
            "ATTENDEE:mailto:a\r\n" * 12_000,
            "COMMENT:a\r\n" + " x\r\n" * 60_000,
            "BEGIN:VEVENT\r\n" * 17_000,
            "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:u-1\r\n" * 6_000,
            "RRULE:FREQ=SECONDLY\r\nRDATE:" + "20260101T000000Z," * 10_000,
            "ATTENDEE" + ";A=b" * 60_000 + ":x\r\n",
        ],
        ids=lambda body: body[:24],
    )
    def test_what_was_made_to_be_slow_is_not(self, body: str) -> None:
        calendar = SAID.calendar.replace("END:VEVENT", body + "\r\nEND:VEVENT")
        raw = mail(f"To: {SAID.organizer}", "Content-Type: text/calendar", body=calendar)
        begun = time.process_time()
        hear(raw[: messages.MOST_BYTES])

        assert time.process_time() - begun < 2


class TestCalendars:
    def test_several_events_of_one_series(self) -> None:
        second = SAID._replace(partstat="DECLINED", date="RECURRENCE-ID:20260317T170000Z")
        message = read(calendar_of("REPLY", [SAID.event, second.event]))

        assert [e.recurrence_id for e in message.entries] == [
            None,
            datetime(2026, 3, 17, 17, tzinfo=UTC),
        ]

    def test_of_two_series_at_once_neither_is_meant(self) -> None:
        other = SAID._replace(uid="u-2")
        with pytest.raises(NotOurs):
            read(calendar_of("REPLY", [SAID.event, other.event]))

    @pytest.mark.parametrize(
        ("outside", "inside", "meant"),
        [
            ("", "REPLY", "REPLY"),
            ("REPLY", "reply", "REPLY"),
            ("COUNTER", "COUNTER", "COUNTER"),
            ("REFRESH", "", "REFRESH"),
            ("REPLY", "COUNTER", None),
            ("REQUEST", "REPLY", None),
            ("", "", None),
            ("", "CANCEL", None),
        ],
    )
    def test_the_method_is_said_inside_and_outside(
        self, outside: str, inside: str, meant: str | None
    ) -> None:
        calendar = SAID.calendar.replace(
            "METHOD:REPLY\r\n", f"METHOD:{inside}\r\n" * bool(inside)
        )
        if meant is None:
            with pytest.raises(NotOurs):
                read(calendar, outside)
        else:
            assert read(calendar, outside).method == meant

    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\r\n", "\r\n\r\n"])
    def test_any_line_end(self, end: str) -> None:
        assert read(SAID.calendar.replace("\r\n", end)) == read(SAID.calendar)

    def test_folds_even_without_the_space(self) -> None:
        whole = SAID._replace(comment="one, two; three and four").calendar
        folded = whole.replace("two; three", "two; \r\n thr\r\n\tee").replace("and", "a\r\nnd")

        assert read(folded).entries[0].comment == "one, two; three and four"

    def test_what_else_is_broken_does_not_stand_in_the_way(self) -> None:
        broken = lines(
            'DESCRIPTION;ALTREP="cid:x:Ünfinished',
            "X-ALT-DESC;FMTTYPE=text/html:<html>",
            "RRULE:FREQ=SECONDLY;INTERVAL=0",
            "EXDATE:never",
            "BEGIN:VALARM",
            "UID:alarm",
            "ATTENDEE:mailto:nobody@example.org",
            "END:VALARM",
        )
        assert read(broken) == read(SAID.calendar)

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("DTSTART:20260310T170000Z", datetime(2026, 3, 10, 17, tzinfo=UTC)),
            ("DTSTART;TZID=Asia/Jerusalem:20260310T190000", "instant"),
            ('DTSTART;TZID="Israel Standard Time":20260310T190000', "instant"),
            ("DTSTART;TZID=/x.org/20260101/Asia/Jerusalem:20260310T190000", "instant"),
            ("DTSTART;TZID=Customized Time Zone:20260310T190000", FIRST),
            ("DTSTART:20260310T190000", FIRST),
            ("DTSTART;VALUE=DATE:20260310", date(2026, 3, 10)),
            ("DTSTART:20261310T190000", None),
            ("DTSTART:", None),
            ("DTSTART;TZID=Asia/Tokyo:00010101T000000", None),
        ],
    )
    def test_times_in_every_form(self, written: str, meant: object) -> None:
        meant = datetime(2026, 3, 10, 17, tzinfo=UTC) if meant == "instant" else meant

        assert read(lines(written)).entries[0].start == meant

    @pytest.mark.parametrize(
        ("end", "minutes"),
        [
            ("DTEND:20260310T180000Z", 60),
            ("DTEND;TZID=Asia/Jerusalem:20260310T201500", 75),
            ("DURATION:PT1H30M", 90),
            ("DTEND:20260310T180000", None),
            ("DURATION:sometimes", None),
            ("X-END:1", None),
        ],
    )
    def test_lengths(self, end: str, minutes: int | None) -> None:
        assert read(lines("DTSTART:20260310T170000Z", end)).entries[0].minutes == minutes

    @pytest.mark.parametrize(
        "extra", ["RECURRENCE-ID:", "RECURRENCE-ID:20261310T170000Z", "RECURRENCE-ID;VALUE=X:1"]
    )
    def test_an_unclear_date_is_no_whole_series(self, extra: str) -> None:
        assert read(lines(extra)).entries == ()

    def test_words_are_cleaned(self) -> None:
        said = SAID._replace(comment="\u202eevil\x07 " + "x" * 3000)

        assert read(said.calendar).entries[0].comment == "evil " + "x" * 495


ZONES = ("Asia/Jerusalem", "America/New_York", "Africa/Cairo", "Australia/Sydney", "UTC")


@given(
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.integers(0, 200),
    st.integers(0, 23),
    st.sampled_from(["utc", "zone", "floating", "day"]),
)
def test_whichever_way_a_date_is_written_its_original_start_is_found(
    home: str, abroad: str, week: int, hour: int, form: str
) -> None:
    start = datetime(2026, 1, 6, hour, 30)  # noqa: DTZ001 - wall time
    pattern = Pattern(start, home, 60, Rule(("TU",)))
    original = start + timedelta(weeks=week)
    at = resolve(original, home)
    written: datetime | date = {
        "utc": at,
        "zone": at.astimezone(zone(abroad)),
        "floating": original,
        "day": original.date(),
    }[form]

    assert original_of(pattern, written) == original


@pytest.mark.parametrize(
    "moment",
    [
        SECOND + timedelta(minutes=1),
        FIRST - timedelta(weeks=1),
        (SECOND + timedelta(days=1)).date(),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(9999, 12, 31, 23),  # noqa: DTZ001 - wall time
        date.min,
    ],
)
def test_a_moment_that_is_no_date_of_the_series(moment: datetime | date) -> None:
    assert original_of(EVENINGS, moment) is None
