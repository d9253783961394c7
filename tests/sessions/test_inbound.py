"""What comes of a mail, by whose address it reached and what it says."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from sessions import answers, inbound
from sessions.answers import Given
from tests.fakes import Delivered
from tests.sessions.answering import APPS, Said, answer_to, calendar_of, plain
from tests.sessions.village import BO, CY, SECOND, THIRD, Village
from tests.web.tables import everything

A_DAY = timedelta(days=1)
WORDS = [("ACCEPTED", "yes"), ("DECLINED", "no"), ("TENTATIVE", "maybe")]


@pytest.fixture
async def invitation(village: Village) -> Delivered:
    """Bo has it, and so has Cy."""
    await village.invite(BO, CY)
    await village.book()
    return (await village.post(BO))[-1]


async def receive(village: Village, raw: bytes, recipients: Sequence[str] = ()) -> inbound.Fate:
    return await inbound.receive(
        village.database, village.keys, raw, recipients=recipients, now=village.clock()
    )


async def answered(village: Village, who: str = BO) -> dict[datetime | None, str]:
    membership = await village.membership(who)
    async with village.database.read() as db:
        given: Given = await answers.answers_of(db, [membership.id])
    return {original: word for (_, original), word in given.items()}


async def contents(village: Village) -> dict[str, list[str]]:
    return await everything(village.database)


def reply(village: Village, letter: Delivered, **changes: Any) -> Said:
    return answer_to(letter, at=village.clock(), **changes)


def on(original: datetime, *, at: datetime | None = None) -> dict[str, str]:
    return {
        "date": f"RECURRENCE-ID;TZID=Asia/Jerusalem:{original:%Y%m%dT%H%M%S}",
        "start": f"DTSTART;TZID=Asia/Jerusalem:{at or original:%Y%m%dT%H%M%S}",
    }


class TestReply:
    @pytest.mark.parametrize(("partstat", "word"), WORDS)
    @pytest.mark.parametrize("app", APPS)
    async def test_every_app_is_understood(
        self, village: Village, invitation: Delivered, app: str, partstat: str, word: str
    ) -> None:
        mail = APPS[app](reply(village, invitation, partstat=partstat, comment="See you"))

        assert await receive(village, mail) == "done"

        assert await answered(village) == {None: word}

    @pytest.mark.parametrize("app", APPS)
    async def test_one_date_is_answered_by_itself(
        self, village: Village, invitation: Delivered, app: str
    ) -> None:
        mail = APPS[app](reply(village, invitation, partstat="DECLINED", **on(SECOND)))
        await receive(village, mail)

        assert await answered(village) == {SECOND: "no"}

    @pytest.mark.parametrize(
        "date",
        [
            "RECURRENCE-ID:20260317T170000Z",
            "RECURRENCE-ID;TZID=Europe/London:20260317T170000",
            "RECURRENCE-ID;TZID=/example.org/Europe/Berlin:20260317T180000",
            "RECURRENCE-ID:20260317T190000",
            "RECURRENCE-ID;TZID=Some Where:20260317T190000",
            "RECURRENCE-ID;VALUE=DATE:20260317",
        ],
    )
    async def test_a_date_may_be_named_in_any_way(
        self, village: Village, invitation: Delivered, date: str
    ) -> None:
        await receive(
            village, plain(reply(village, invitation, **(on(SECOND) | {"date": date})))
        )

        assert await answered(village) == {SECOND: "yes"}

    @pytest.mark.parametrize(
        "date",
        ["RECURRENCE-ID:20260318T170000Z", "RECURRENCE-ID:20261417T170000Z", "RECURRENCE-ID:"],
    )
    async def test_a_date_that_is_none_is_not_the_whole_series(
        self, village: Village, invitation: Delivered, date: str
    ) -> None:
        before = await contents(village)
        await receive(village, plain(reply(village, invitation, date=date)))

        assert await contents(village) == before

    async def test_several_dates_are_answered_at_once(
        self, village: Village, invitation: Delivered
    ) -> None:
        said = [
            reply(village, invitation).event,
            reply(village, invitation, partstat="DECLINED", **on(SECOND)).event,
            reply(village, invitation, partstat="TENTATIVE", **on(THIRD)).event,
            reply(village, invitation, **on(THIRD + A_DAY)).event,
        ]
        mail = plain(reply(village, invitation), body=calendar_of("REPLY", said))
        await receive(village, mail)

        assert await answered(village) == {None: "yes", SECOND: "no", THIRD: "maybe"}

    async def test_the_last_word_counts(self, village: Village, invitation: Delivered) -> None:
        for partstat, word in WORDS:
            village.clock.forward(timedelta(seconds=10))
            await receive(village, plain(reply(village, invitation, partstat=partstat)))
            assert await answered(village) == {None: word}

    @pytest.mark.parametrize("address", ["bo@elsewhere.example", CY])
    async def test_an_alias_may_answer_and_nobody_learns_whose_addresses_are_known(
        self, village: Village, invitation: Delivered, address: str
    ) -> None:
        mail = plain(reply(village, invitation, attendee=address))
        await receive(village, mail)

        assert await answered(village) == {None: "yes"}

    async def test_what_our_mail_server_says_of_the_recipient_is_enough(
        self, village: Village, invitation: Delivered
    ) -> None:
        mail = plain(reply(village, invitation, organizer="list@example.org"))

        assert await receive(village, mail) == "left"
        assert await receive(village, mail, [invitation.sender]) == "done"

        assert await answered(village) == {None: "yes"}


class TestForgery:
    """Whatever is sent: the database is as it was, and nobody is told anything."""

    @pytest.mark.parametrize(
        "changes",
        [
            {"organizer": "mail+0123456789abcdef01234567@localhost"},
            {"organizer": "mail@localhost"},
            {"uid": "another"},
            {"uid": "another\x00"},
            {"partstat": "DELEGATED"},
            {"partstat": "NEEDS-ACTION"},
            {"sequence": 7},
            {"sequence": -1},
            {"stamp": "20260304T120000Z"},
            {"stamp": "yesterday"},
            {"start": "DTSTART;TZID=Asia/Jerusalem:20260310T200000"},
            {"method": "REQUEST"},
            {"method": "CANCEL"},
            {"method": "PUBLISH"},
            {"method": "DECLINECOUNTER"},
            {"method": "ADD"},
        ],
        ids=str,
    )
    async def test_changes_nothing(
        self, village: Village, invitation: Delivered, changes: dict[str, Any]
    ) -> None:
        before = await contents(village)
        await receive(village, plain(reply(village, invitation, **changes)))

        assert await contents(village) == before

    async def test_nor_do_several_attendees_without_the_one(
        self, village: Village, invitation: Delivered
    ) -> None:
        answer = reply(village, invitation, attendee="x@y.example")
        event = answer.event.replace("END:V", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:z@y\r\nEND:V")
        before = await contents(village)
        await receive(village, plain(answer, body=calendar_of("REPLY", [event])))

        assert await contents(village) == before

    @pytest.mark.parametrize(
        "headers",
        [
            "Auto-Submitted: auto-replied\r\n",
            "Auto-Submitted: Auto-Replied (vacation)\r\n",
            "Return-Path: <>\r\n",
        ],
    )
    async def test_nor_does_a_machine_that_answers(
        self, village: Village, invitation: Delivered, headers: str
    ) -> None:
        before = await contents(village)
        fate = await receive(village, plain(reply(village, invitation), headers=headers))

        assert fate == "done"
        assert await contents(village) == before

    async def test_nor_does_a_bounce_with_an_answer_in_it(
        self, village: Village, invitation: Delivered
    ) -> None:
        answer = plain(reply(village, invitation))
        bounce = (
            b"To: " + invitation.sender.encode() + b"\r\nContent-Type: multipart/report; "
            b"boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n" + answer + b"--x--"
        )
        before = await contents(village)

        assert await receive(village, bounce) == "done"
        assert await contents(village) == before

    async def test_nor_does_anything_after_leaving(
        self, village: Village, invitation: Delivered
    ) -> None:
        await village.let_go(BO)
        before = await contents(village)
        await receive(village, plain(reply(village, invitation)))

        assert await contents(village) == before

    async def test_nor_to_a_series_that_is_cancelled(
        self, village: Village, invitation: Delivered
    ) -> None:
        await village.cancel_series(village.planned)
        before = await contents(village)
        await receive(village, plain(reply(village, invitation)))

        assert await contents(village) == before
