"""What comes of a mail, by whose address it reached and what it says."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import Delivered
from tests.sessions.answering import APPS, calendar_of, plain
from tests.sessions.replying import WORDS, answered, contents, on, receive, reply, said
from tests.sessions.village import A_MINUTE, BO, CY, SECOND, THIRD, Village

A_DAY = timedelta(days=1)


class TestReply:
    @pytest.mark.parametrize(("partstat", "word"), WORDS)
    @pytest.mark.parametrize("app", APPS)
    async def test_every_app_is_understood(
        self, village: Village, invitation: Delivered, app: str, partstat: str, word: str
    ) -> None:
        mail = APPS[app](said(village, invitation, partstat=partstat, comment="See you"))

        assert await receive(village, mail) == "done"

        assert await answered(village) == {None: word}

    @pytest.mark.parametrize("app", APPS)
    async def test_one_date_is_answered_by_itself(
        self, village: Village, invitation: Delivered, app: str
    ) -> None:
        mail = APPS[app](said(village, invitation, partstat="DECLINED", **on(SECOND)))
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
        await reply(village, invitation, **(on(SECOND) | {"date": date}))

        assert await answered(village) == {SECOND: "yes"}

    @pytest.mark.parametrize(
        "date",
        ["RECURRENCE-ID:20260318T170000Z", "RECURRENCE-ID:20261417T170000Z", "RECURRENCE-ID:"],
    )
    async def test_a_date_that_is_none_is_not_the_whole_series(
        self, village: Village, invitation: Delivered, date: str
    ) -> None:
        before = await contents(village)
        await reply(village, invitation, date=date)

        assert await contents(village) == before

    async def test_several_dates_are_answered_at_once(
        self, village: Village, invitation: Delivered
    ) -> None:
        events = [
            said(village, invitation).event,
            said(village, invitation, partstat="DECLINED", **on(SECOND)).event,
            said(village, invitation, partstat="TENTATIVE", **on(THIRD)).event,
            said(village, invitation, **on(THIRD + A_DAY)).event,
        ]
        mail = plain(said(village, invitation), body=calendar_of("REPLY", events))
        await receive(village, mail)

        assert await answered(village) == {None: "yes", SECOND: "no", THIRD: "maybe"}

    async def test_the_last_word_counts(self, village: Village, invitation: Delivered) -> None:
        for partstat, word in WORDS:
            village.clock.forward(timedelta(seconds=10))
            await reply(village, invitation, partstat=partstat)
            assert await answered(village) == {None: word}

    @pytest.mark.parametrize("address", ["bo@elsewhere.example", CY])
    async def test_an_alias_may_answer_and_nobody_learns_whose_addresses_are_known(
        self, village: Village, invitation: Delivered, address: str
    ) -> None:
        mail = plain(said(village, invitation, attendee=address))
        await receive(village, mail)

        assert await answered(village) == {None: "yes"}

    async def test_the_address_of_one_who_left_and_came_back_is_nobodys(
        self, village: Village, invitation: Delivered
    ) -> None:
        """Whoever had their links then may have it too."""
        await village.let_go(BO)
        village.clock.forward(A_MINUTE)
        cancelled = (await village.post(BO))[-1]
        await village.invite(BO)
        await reply(village, invitation, sequence=2)
        again = (await village.post(BO))[-1]
        await reply(village, invitation, sequence=2)
        assert await answered(village) == {}

        await reply(village, again)

        assert cancelled.sender == invitation.sender != again.sender
        assert await answered(village) == {None: "yes"}

    async def test_what_our_mail_server_says_of_the_recipient_is_enough(
        self, village: Village, invitation: Delivered
    ) -> None:
        mail = plain(said(village, invitation, organizer="list@example.org"))

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
        await reply(village, invitation, **changes)

        assert await contents(village) == before

    async def test_nor_do_several_attendees_without_the_one(
        self, village: Village, invitation: Delivered
    ) -> None:
        answer = said(village, invitation, attendee="x@y.example")
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
        fate = await receive(village, plain(said(village, invitation), headers=headers))

        assert fate == "done"
        assert await contents(village) == before

    async def test_nor_does_a_bounce_with_an_answer_in_it(
        self, village: Village, invitation: Delivered
    ) -> None:
        answer = plain(said(village, invitation))
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
        await reply(village, invitation)

        assert await contents(village) == before

    async def test_nor_to_a_series_that_is_cancelled(
        self, village: Village, invitation: Delivered
    ) -> None:
        await village.cancel_series(village.planned)
        before = await contents(village)
        await reply(village, invitation)

        assert await contents(village) == before
