"""Which of several answers counts, to which time, and how many there may be."""

from datetime import timedelta

import pytest

from sessions import answers, schedule
from sessions.inbound.taking import TAKEN_PER_DAY
from sessions.limits import Spent
from sessions.outbox import OutboxEntry
from sessions.recurrence import Pattern
from tests.fakes import Delivered
from tests.sessions.answering import plain
from tests.sessions.replying import answered, contents, invited, on, receive, reply, said
from tests.sessions.village import BO, CY, EVENINGS, FIRST, SECOND, THIRD, Village

A_DAY = timedelta(days=1)


class TestMovedDates:
    async def _moved(self, village: Village) -> Delivered:
        later = SECOND + timedelta(hours=1)
        await village.move(village.planned, SECOND, to=later)
        [letter] = await village.post(BO)
        return letter

    async def test_an_answer_to_a_moved_date_is_kept_under_its_first_start(
        self, village: Village, invitation: Delivered
    ) -> None:
        await reply(village, await self._moved(village))

        assert await answered(village) == {SECOND: "yes"}

    @pytest.mark.parametrize("start", ["", "DTSTART:20260317T170000Z"])
    async def test_yes_to_the_old_time_is_no_yes_to_the_new(
        self, village: Village, invitation: Delivered, start: str
    ) -> None:
        await self._moved(village)
        before = await contents(village)
        old = said(village, invitation, **(on(SECOND) | {"start": start}))
        await receive(village, plain(old))

        assert await contents(village) == before

    async def test_nor_is_yes_to_the_new_time_one_to_the_old(
        self, village: Village, invitation: Delivered
    ) -> None:
        moved = await self._moved(village)
        await village.restore(village.planned, SECOND)
        await village.post()
        before = await contents(village)
        await reply(village, moved)

        assert await contents(village) == before

    async def test_answers_to_the_others_are_as_good_as_ever(
        self, village: Village, invitation: Delivered
    ) -> None:
        await self._moved(village)
        await reply(village, invitation, **on(THIRD))
        await reply(village, invitation)

        assert await answered(village) == {THIRD: "yes", None: "yes"}

    async def test_a_cancelled_date_takes_no_answer(
        self, village: Village, invitation: Delivered
    ) -> None:
        await village.cancel(village.planned, SECOND)
        await village.post()
        before = await contents(village)
        await reply(village, invitation, **on(SECOND))

        assert await contents(village) == before


class TestOrder:
    """RFC 5546 - 2.1.5. Message Sequencing"""

    async def test_the_same_mail_twice_changes_no_more(
        self, village: Village, invitation: Delivered
    ) -> None:
        mail = plain(said(village, invitation))
        await receive(village, mail)
        before = await contents(village)
        village.clock.forward(A_DAY)
        await receive(village, mail)

        assert await contents(village) == before

    async def test_an_older_one_that_was_long_on_the_way_is_ignored(
        self, village: Village, invitation: Delivered
    ) -> None:
        older = plain(said(village, invitation, partstat="DECLINED"))
        village.clock.forward(timedelta(minutes=5))
        await reply(village, invitation)
        before = await contents(village)
        await receive(village, older)

        assert await contents(village) == before

    async def test_a_lower_sequence_is_older_whatever_the_clock_says(
        self, village: Village, invitation: Delivered
    ) -> None:
        await village.move(village.planned, SECOND, to=SECOND + timedelta(hours=1))
        await village.post()
        await reply(village, invitation, sequence=1, **on(THIRD))
        before = await contents(village)
        village.clock.forward(timedelta(hours=1))
        late = said(village, invitation, partstat="DECLINED", **on(THIRD))
        await receive(village, plain(late))

        assert await contents(village) == before

    async def test_what_was_said_on_the_page_since_counts_more(
        self, village: Village, invitation: Delivered
    ) -> None:
        by_mail = plain(said(village, invitation))
        village.clock.forward(timedelta(minutes=5))
        async with village.acting(BO) as (db, mine):
            await answers.answer(
                db, mine, village.planned, original=None, answer="no", now=village.clock()
            )
        await receive(village, by_mail)
        assert await answered(village) == {None: "no"}

        village.clock.forward(timedelta(minutes=5))
        await reply(village, invitation, partstat="TENTATIVE")
        assert await answered(village) == {None: "maybe"}

    async def test_two_that_waited_long_are_taken_in_their_order(
        self, village: Village, invitation: Delivered
    ) -> None:
        first = plain(said(village, invitation))
        village.clock.forward(timedelta(seconds=10))
        second = plain(said(village, invitation, partstat="DECLINED"))
        village.clock.forward(A_DAY)
        await receive(village, first)
        await receive(village, second)

        assert await answered(village) == {None: "no"}


class TestBounds:
    async def test_nobody_answers_without_end(
        self, village: Village, invitation: Delivered
    ) -> None:
        for _ in range(TAKEN_PER_DAY.most):
            village.clock.forward(timedelta(seconds=1))
            await reply(village, invitation)
        village.clock.forward(timedelta(seconds=1))
        await reply(village, invitation, partstat="DECLINED")
        assert await answered(village) == {None: "yes"}

        village.clock.forward(A_DAY)
        await reply(village, invitation, partstat="DECLINED")
        assert await answered(village) == {None: "no"}

    @pytest.mark.parametrize(
        "raw",
        [b"", b"\0" * 1000, b"To: x", b"hello", b"Content-Type: multipart/mixed\r\n\r\n"],
    )
    async def test_what_is_no_answer_is_left(self, village: Village, raw: bytes) -> None:
        assert await receive(village, raw) == "left"

    async def test_words_for_people_are_left_for_people(
        self, village: Village, invitation: Delivered
    ) -> None:
        mail = b"To: " + invitation.sender.encode() + b"\r\n\r\nI am ill, so sorry.\r\n"

        assert await receive(village, mail) == "left"


class TestRefresh:
    async def test_the_whole_series_comes_again_once_a_day(
        self, village: Village, invitation: Delivered
    ) -> None:
        await village.move(village.planned, SECOND, to=SECOND + timedelta(hours=1))
        await village.post()
        asked = said(village, invitation, method="REFRESH")
        for _ in range(3):
            village.clock.forward(timedelta(seconds=1))
            await receive(village, plain(asked))
        again = await village.post(BO)

        assert [letter.mail.get_content_type() for letter in again] == ["multipart/mixed"]
        assert again[0].calendar.count(b"BEGIN:VEVENT") == 2
        assert await village.post(CY) == []

        village.clock.forward(A_DAY)
        await receive(village, plain(asked))
        assert len(await village.post(BO)) == 1


async def test_each_address_is_known_by_its_hash_alone(
    village: Village, invitation: Delivered
) -> None:
    token = invitation.sender.partition("+")[2].partition("@")[0]
    text = "".join(map(str, (await contents(village)).values()))
    async with village.database.read() as db:
        membership = (await village.membership(BO)).id
        told = await db.get(schedule.Told, (membership, village.planned))

    assert told is not None
    assert told.mailbox_hash is not None
    assert token not in text


def test_nothing_of_a_mail_is_kept_but_its_answer() -> None:
    tables = (Spent, OutboxEntry, answers.Answer)
    columns = {name for table in tables for name in table.model_fields}

    assert not columns & {"comment", "subject", "from_address", "raw", "body"}


class TestSingleMeetings:
    @pytest.fixture
    async def invitation(self, village: Village) -> Delivered:
        return await invited(village, pattern=Pattern(FIRST, EVENINGS.zone, 75))

    async def test_the_answer_to_all_of_it_is_the_one_to_its_date(
        self, village: Village, invitation: Delivered
    ) -> None:
        await reply(village, invitation)

        assert await answered(village) == {None: "yes"}

    async def test_what_was_said_on_the_page_of_the_date_is_overtaken_too(
        self, village: Village, invitation: Delivered
    ) -> None:
        async with village.acting(BO) as (db, mine):
            await answers.answer(
                db, mine, village.planned, original=FIRST, answer="no", now=village.clock()
            )
        village.clock.forward(timedelta(minutes=1))
        await reply(village, invitation)

        assert await answered(village) == {FIRST: "yes"}

    async def test_moved_it_takes_answers_to_its_new_time_alone(
        self, village: Village, invitation: Delivered
    ) -> None:
        await village.move(village.planned, FIRST, to=FIRST + timedelta(hours=1))
        [moved] = await village.post(BO)
        await reply(village, invitation)
        assert await answered(village) == {}
        await reply(village, moved)

        assert await answered(village) == {None: "yes"}

    async def test_cancelled_it_takes_none(
        self, village: Village, invitation: Delivered
    ) -> None:
        await village.cancel(village.planned, FIRST)
        before = await contents(village)
        await reply(village, invitation)

        assert await contents(village) == before


async def test_a_no_by_mail_offers_the_place_to_who_waits(village: Village) -> None:
    await village.welcome(BO, CY)
    await village.book(seats=1)
    letters = {letter.to: letter for letter in await village.post()}
    for who in (BO, CY):
        await reply(village, letters[who], **on(SECOND))
    village.clock.forward(timedelta(minutes=1))
    [in_line] = await village.post()
    assert in_line.to == CY
    await reply(village, letters[BO], partstat="DECLINED", **on(SECOND))

    [offer] = await village.post()
    assert offer.to == CY
