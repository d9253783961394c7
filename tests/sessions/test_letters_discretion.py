"""No word of a circle stands in what somebody else may see; proven by the bytes."""

# ruff: noqa: DTZ001 - wall time has no zone

import quopri
import re
from datetime import datetime
from email import policy
from email.parser import BytesParser

import icalendar

from sessions import signin
from tests.calendars.app import unfolded
from tests.fakes import Delivered
from tests.sessions.village import A_MINUTE, BO, FIRST, Village

THURSDAY = datetime(2026, 3, 12, 20, 30)
SECRET = {
    "name": "Shabbat Recovery Circle", "purpose": "For people who stopped gambling."
}  # fmt: skip
TITLE = "Hopeful beginnings"
WORDS = [
    "shabbat", "recovery", "circle", "gambling", "hopeful", "beginnings", "stopped", "ronda",
    "lantern", "kindness",
]  # fmt: skip


def all_bytes(message: bytes) -> bytes:
    """The raw message, all that its encodings hide, and its decoded headers."""
    mail = BytesParser(policy=policy.default).parsebytes(message)
    parts = [part.get_payload(decode=True) or b"" for part in mail.walk()]
    headers = [
        f"{name}: {text}".encode() for part in mail.walk() for name, text in part.items()
    ]
    return b"\n".join(
        [message, quopri.decodestring(message), *map(bytes, parts), *headers]
    ) + b"".join(unfolded(bytes(part)) for part in parts)


FOLD = rb"(?:=?\r?\n[ \t]?)?"
HOST = re.compile(FOLD.join(re.escape(letter.encode()) for letter in "ronda.test"))
"""Wherever a line may have been folded in the middle of it."""


def words_in(message: bytes) -> set[str]:
    """The host is the operator's choice; everything else is ours."""
    everything = HOST.sub(b"", all_bytes(message).lower())
    return {word for word in WORDS if word.encode() in everything}


class TestDiscretion:
    async def test_no_word_of_the_circle_is_in_any_byte_of_a_discreet_persons_mail(
        self, village: Village
    ) -> None:
        letters = await self._every_kind_of_letter(village, "discreet")

        assert len(letters) == 6
        assert [words_in(letter.message) for letter in letters] == [set()] * 6

    async def test_a_person_who_chose_full_finds_title_and_circle(
        self, village: Village
    ) -> None:
        welcome, booked, *rest = await self._every_kind_of_letter(village, "full")

        assert {"shabbat", "recovery", "circle"} <= words_in(welcome.message)
        assert {"shabbat", "recovery", "hopeful", "beginnings"} <= words_in(booked.message)
        assert all({"hopeful", "beginnings"} <= words_in(each.message) for each in rest)

    async def _every_kind_of_letter(self, village: Village, detail: str) -> list[Delivered]:
        await village.found(**SECRET)
        await village.invite(BO)
        await village.choose(BO, detail=detail)
        letters = await village.post(BO)
        series = await village.book(title=TITLE)
        letters += await village.post(BO)
        await village.move(series, FIRST, to=THURSDAY)
        letters += await village.post(BO)
        await village.cancel(series, FIRST)
        letters += await village.post(BO)
        await village.restore(series, FIRST)
        letters += await village.post(BO)
        await village.cancel_series(series)
        return letters + await village.post(BO)

    async def test_the_feed_of_a_discreet_person_holds_no_such_word_and_that_of_a_full_one_does(
        self, village: Village
    ) -> None:
        await village.found(**SECRET)
        await village.invite(BO)
        series = await village.book(title=TITLE)
        await village.move(series, FIRST, to=THURSDAY)

        discreet = await village.feed(BO)
        village.clock.forward(A_MINUTE)
        await village.choose(BO, detail="full")
        full = await village.feed(BO)

        assert words_in(discreet) == set()
        assert {"shabbat", "recovery", "hopeful"} <= words_in(full)

    async def test_a_word_of_ones_own_stands_for_it(self, village: Village) -> None:
        await village.invite(BO)
        await village.choose(BO, summary="Dentist")
        await village.book(title=TITLE)

        letter = (await village.post(BO))[-1]

        assert letter.mail["Subject"].startswith("Dentist, ")
        assert icalendar.Calendar.from_ical(letter.calendar).events[0]["SUMMARY"] == "Dentist"
        assert words_in(letter.message) == set()

    async def test_a_sign_in_letter_says_nothing_of_what_it_is_for(
        self, village: Village
    ) -> None:
        async with village.database.write() as db:
            await signin.send_link(
                db,
                village.keys,
                BO,
                locale="en",
                zone="UTC",
                host="::1",
                now=village.clock(),
                signup="open",
            )

        [letter] = await village.post()

        assert words_in(letter.message) == set()
        assert letter.sender == village.settings.mail_from
