# ruff: noqa: DTZ001 - wall time has no zone

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from sessions import people, schedule
from sessions.language import LOCALES, Locale
from sessions.letters.farewell import say_farewell
from tests.fakes import Delivered
from tests.sessions.planned import said
from tests.sessions.village import BO, FIRST, SECOND, THIRD, Village

THURSDAY = datetime(2026, 3, 12, 20, 30)


HOSTILE_TITLES = [
    "x\r\nATTENDEE:mailto:all@example.org",
    "x\\nBEGIN:VALARM",
    "=?utf-8?q?x=0D=0ABcc:_all@example.org?=",
    "x\u2028SUMMARY:y\x85\x0b\x0c",
    "{circle} {0} %s",
    '"; <img src=x>',
]


class TestHostility:
    @pytest.mark.parametrize("title", HOSTILE_TITLES)
    async def test_no_title_or_name_makes_a_header_or_a_property(
        self, village: Village, title: str
    ) -> None:
        await village.found(name=title, purpose=title)
        await village.invite("o'neil+b=c@example.org")
        await village.choose("o'neil+b=c@example.org", detail="full", name=title)
        await village.book(title=title)

        welcome, letter = await village.post()

        assert set(welcome.mail) == set(letter.mail)
        assert set(letter.mail) == {
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
            "Content-Type",
        }  # fmt: skip
        [event] = icalendar.Calendar.from_ical(letter.calendar).events
        assert set(event) == {
            "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS", "TRANSP",
            "DTSTART", "DTEND", "RRULE", "SUMMARY", "DESCRIPTION", "URL", "LOCATION",
            "CONFERENCE", "ORGANIZER", "ATTENDEE",
        }  # fmt: skip
        assert event.subcomponents == []
        assert event["ATTENDEE"] == "mailto:o'neil+b=c@example.org"


class TestLanguages:
    @pytest.mark.parametrize("locale", LOCALES)
    @pytest.mark.parametrize(
        ("zone", "detail"), [("UTC", "discreet"), ("America/St_Johns", "full")]
    )
    async def test_every_letter_can_be_written_in_every_language(
        self, village: Village, locale: Locale, zone: str, detail: str
    ) -> None:
        await village.invite(BO, locale=locale)
        await village.choose(BO, zone=zone, detail=detail)
        series = await village.book()
        letters = await village.post(BO)
        await village.move(series, FIRST, to=THURSDAY)
        letters += await village.post(BO)
        await village.cancel(series, FIRST)
        letters += await village.post(BO)
        await village.restore(series, FIRST)
        letters += await village.post(BO)
        await village.change(series, "all", minutes=60)
        letters += await village.post(BO)
        await village.change(series, "following", SECOND, zone="Europe/London")
        letters += await village.post(BO)
        await village.cancel_series(series)
        letters += await village.post(BO)
        await village.restore_series(series)
        letters += await village.post(BO)
        village.clock.forward(timedelta(days=1))  # so many are no more than a day's ration
        async with village.database.write() as db:
            person = await people.find_person(db, village.keys, BO)
            assert person is not None
            await schedule.redraw(db, village.keys, person, now=village.clock())
        letters += await village.post(BO)
        async with village.database.write() as db:
            await say_farewell(db, village.keys, village.settings, person, now=village.clock())
        letters += await village.post(BO)

        assert len(letters) == 5 + 1 + 2 + 1 + 1 + 2 + 2
        for letter in letters:
            body = letter.mail.get_body(("plain",))
            assert body is not None
            assert "{" not in body.get_content() + letter.mail["Subject"]

    async def test_the_time_is_that_of_the_persons_own_zone(self, village: Village) -> None:
        await village.invite(BO)
        await village.book()

        letter = (await village.post(BO))[-1]

        # 19:00 in Jerusalem, before London changes its clocks
        assert letter.mail["Subject"] == "Appointment, Tuesday 10 March 2026, 17:00"

    async def test_an_invitation_names_the_next_date_not_a_past_or_cancelled_one(
        self, village: Village
    ) -> None:
        series = await village.book()
        await village.cancel(series, SECOND)
        village.clock.now = datetime(2026, 3, 12, tzinfo=UTC)

        await village.invite(BO)

        [letter] = await village.post(BO)
        assert letter.mail["Subject"] == "Appointment, Tuesday 24 March 2026, 17:00"


class TestEnds:
    """This and following: the old dates end, and others begin."""

    @pytest.mark.parametrize(
        ("locale", "last", "follows"),
        [
            (
                "en",
                "the last one is now Tuesday 17 March 2026, 17:00 (London). The next one is "
                "Tuesday 10 March 2026, 17:00.",
                "The dates after that one come in a mail of their own.",
            ),
            ("he", "המועד האחרון כעת הוא יום שלישי 17 מרץ 2026", "המועדים שאחריו"),
            ("ar", "آخرها الآن الثلاثاء", "المواعيد التي تليه"),
        ],
    )
    async def test_it_says_where_they_end_and_that_others_come(
        self, village: Village, locale: Locale, last: str, follows: str
    ) -> None:
        await village.invite(BO, locale=locale)
        series = await village.book()
        await village.post()
        await village.change(series, "following", THIRD, zone="Europe/London")

        [ended] = [each for each in await village.post(BO) if said(each)[2] == 1]

        assert last in flat(ended)
        assert follows in flat(ended)

    async def test_the_last_is_one_that_takes_place(self, village: Village) -> None:
        await village.welcome(BO)
        series = await village.book()
        await village.cancel(series, SECOND)
        await village.post()
        await village.change(series, "following", THIRD, zone="Europe/London")

        [ended] = [each for each in await village.post(BO) if said(each)[2] == 2]

        assert "the last one is now Tuesday 10 March 2026, 17:00 (London)" in flat(ended)

    async def test_when_none_is_left_that_is_said(self, village: Village) -> None:
        await village.welcome(BO)
        series = await village.book()
        await village.post()
        village.clock.now = datetime(2026, 3, 20, tzinfo=UTC)
        await village.change(series, "following", THIRD, zone="Europe/London")

        [ended] = [each for each in await village.post(BO) if said(each)[2] == 1]

        assert (
            "Of these dates there are no more to come; the last was Tuesday 17 March 2026, "
            "17:00 (London). The dates after that one come in a mail of their own."
        ) in flat(ended)

    async def test_nothing_is_promised_that_was_called_off(self, village: Village) -> None:
        await village.welcome(BO)
        series = await village.book()
        await village.post()
        later = await village.change(series, "following", THIRD, zone="Europe/London")
        await village.cancel_series(later.series)

        [ended] = await village.post(BO)

        assert said(ended)[2] == 1
        assert "a mail of their own" not in flat(ended)


class TestLinks:
    async def test_who_was_let_go_gets_no_dead_links_with_the_cancellation(
        self, village: Village
    ) -> None:
        await village.book()
        await village.invite(BO)
        [invitation] = await village.post()
        await village.let_go(BO)

        [cancellation] = await village.post()

        assert b"METHOD:CANCEL" in cancellation.calendar
        assert "/j#" in words_of(invitation)
        assert "#" not in words_of(cancellation)


def flat(letter: Delivered) -> str:
    return re.sub(r"\s+", " ", words_of(letter))


def words_of(letter: Delivered) -> str:
    body = letter.mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text
