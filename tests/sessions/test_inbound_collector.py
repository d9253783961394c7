"""Mails are fetched from a real server (Dovecot), and nothing happens to them by accident."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from sessions import inbound
from sessions.clock import system_clock
from sessions.inbound.collector import EVERY_SECONDS, SELDOM_SECONDS, Collector
from sessions.inbound.mailbox import Away, LoginRefused, Mailbox
from tests.fakes import Delivered, Pigeon
from tests.machine.imap import Box, box, mailbox
from tests.sessions.answering import APPS
from tests.sessions.replying import answered, receive, said
from tests.sessions.village import Village

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POISON = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 10


@pytest.fixture(scope="module")
def server() -> Iterator[Box]:
    with mailbox() as found:
        yield found


@pytest.fixture
def inbox(server: Box) -> Box:
    """Empty."""
    server.clear()
    return server


def collector(village: Village, url: str) -> Collector:
    courier = village.courier(Pigeon())
    us = village.settings.mail_from
    return Collector(url, village.database, village.keys, courier, village.clock, us=us)


def reply(village: Village, letter: Delivered, app: str = "plain", **changes: Any) -> bytes:
    village.clock.forward(timedelta(seconds=1))
    return APPS[app](said(village, letter, **changes))


class TestCollecting:
    @pytest.mark.parametrize("app", APPS)
    async def test_an_answer_is_taken_and_not_kept(
        self, village: Village, invitation: Delivered, inbox: Box, app: str
    ) -> None:
        inbox.deliver(reply(village, invitation, app))

        assert await collector(village, inbox.url).collect() == 1

        assert await answered(village) == {None: "yes"}
        assert inbox.flags() == []

    async def test_what_is_no_answer_stays_for_the_operator_and_is_looked_at_once(
        self, village: Village, invitation: Delivered, inbox: Box
    ) -> None:
        to = b"To: " + invitation.sender.encode() + b"\r\n"
        inbox.deliver(b"To: mail@localhost\r\n\r\nHello!\r\n")
        inbox.deliver(to + b"\r\nI am ill.\r\n")
        inbox.deliver(to + b"\r\n" + b"x" * inbound.MOST_BYTES)
        inbox.deliver(to + POISON)
        collect = collector(village, inbox.url).collect

        assert await collect() == 4
        assert await collect() == 0

        assert inbox.flags() == [["\\Flagged"]] * 4
        assert await answered(village) == {}

    async def test_200_at_once_with_trouble_among_them(
        self, village: Village, invitation: Delivered, inbox: Box
    ) -> None:
        mails = [reply(village, invitation, partstat="TENTATIVE") for _ in range(99)]
        inbox.deliver_all([mail for answer in mails for mail in (POISON, answer)])
        inbox.deliver_all([POISON, reply(village, invitation, partstat="DECLINED")])

        assert await collector(village, inbox.url).collect() == 200

        assert await answered(village) == {None: "no"}
        assert len(inbox.flags()) == 100

    async def test_two_collectors_do_each_thing_once(
        self, village: Village, invitation: Delivered, inbox: Box
    ) -> None:
        mails = [reply(village, invitation, partstat="TENTATIVE") for _ in range(9)]
        inbox.deliver_all([*mails, reply(village, invitation, partstat="DECLINED")])

        await asyncio.gather(*(collector(village, inbox.url).collect() for _ in range(2)))

        assert await answered(village) == {None: "no"}
        assert inbox.flags() == []

    async def test_what_others_mean_to_delete_is_theirs_to_delete(
        self, village: Village, invitation: Delivered, inbox: Box
    ) -> None:
        inbox.deliver(b"To: mail@localhost\r\n\r\nHello!\r\n", flags="(\\Deleted)")
        inbox.deliver(reply(village, invitation))
        await collector(village, inbox.url).collect()

        assert inbox.flags() == [["\\Deleted"]]

    async def test_what_people_wrote_to_us_is_forgotten_after_30_days_and_nothing_else_is(
        self, village: Village, invitation: Delivered, inbox: Box
    ) -> None:
        ours, theirs = invitation.sender.encode(), b"mail+news@localhost"
        ticket = b"reply+" + b"5f" * 12 + b"@helpdesk.example"
        for to, days in (
            (ours, 32),
            (ours, 29),
            (theirs, 32),
            (ticket, 32),
            (b"mail@localhost", 400),
        ):
            day = village.clock() - timedelta(days=days)
            inbox.deliver(b"To: " + to + b"\r\n\r\nI am ill.\r\n", on=day)
        inbox.deliver(b"Cc: x\r\nDelivered-To: " + ours + b"\r\n" + POISON, on=day)
        held = collector(village, inbox.url)

        assert await held.collect() == 6
        assert inbox.flags() == [["\\Flagged"]] * 4

        village.clock.forward(timedelta(days=1))
        await held.collect()
        assert inbox.flags() == [["\\Flagged"]] * 4
        village.clock.forward(timedelta(days=2))
        await held.collect()
        assert inbox.flags() == [["\\Flagged"]] * 3

    async def test_what_is_old_is_looked_at_once_a_day(
        self, village: Village, invitation: Delivered, inbox: Box
    ) -> None:
        held = collector(village, inbox.url)
        await held.collect()
        mail = b"To: " + invitation.sender.encode() + b"\r\n\r\nI am ill.\r\n"
        inbox.deliver(mail, on=village.clock() - timedelta(days=32))

        assert await held.collect() == 1
        assert inbox.flags() == [["\\Flagged"]]
        village.clock.forward(timedelta(days=1))
        assert await held.collect() == 0
        assert inbox.flags() == []

    async def test_several_hundred_are_forgotten_at_once(
        self, village: Village, invitation: Delivered, inbox: Box
    ) -> None:
        mail = b"To: " + invitation.sender.encode() + b"\r\n\r\nI am ill.\r\n"
        inbox.deliver_all([mail] * 250)
        inbox.deliver(b"To: mail@localhost\r\n\r\nHello!\r\n")
        village.clock.now = system_clock() + timedelta(days=32)

        await collector(village, inbox.url).collect()

        assert len(inbox.flags()) == 1


class TestTrouble:
    async def test_a_mail_is_marked_only_when_the_answer_is_in_the_database(
        self, village: Village, invitation: Delivered, inbox: Box
    ) -> None:
        inbox.deliver(reply(village, invitation))
        async with village.database.engine.begin() as connection:
            await connection.execute(text("ALTER TABLE answer RENAME TO away"))
        with capture_logs() as logs:
            waits = await waited(collector(village, inbox.url), rounds=1)
        async with village.database.engine.begin() as connection:
            await connection.execute(text("ALTER TABLE away RENAME TO answer"))

        assert inbox.flags() == [[]]
        assert waits == [2 * EVERY_SECONDS]
        assert [line["event"] for line in logs] == ["mailbox_round_failed"]
        await collector(village, inbox.url).collect()
        assert await answered(village) == {None: "yes"}
        assert inbox.flags() == []

    async def test_killed_before_it_was_marked_it_is_taken_again_and_changes_no_more(
        self, village: Village, invitation: Delivered, inbox: Box
    ) -> None:
        first = reply(village, invitation)
        inbox.deliver(first)
        await receive(village, first)
        second = reply(village, invitation, partstat="DECLINED")
        await receive(village, second)
        await collector(village, inbox.url).collect()

        assert await answered(village) == {None: "no"}
        assert inbox.flags() == []

    async def test_a_wrong_password_is_said_without_saying_it(
        self, village: Village, inbox: Box
    ) -> None:
        url = inbox.url.replace("word", "w0rd")
        with pytest.raises(LoginRefused):
            await collector(village, url).collect()
        with capture_logs() as logs:
            waits = await waited(collector(village, url), rounds=6)

        assert waits == [120, 240, 480, SELDOM_SECONDS, SELDOM_SECONDS, SELDOM_SECONDS]
        assert {line["event"] for line in logs} == {"mailbox_login_refused"}
        assert "w0rd" not in str(logs)
        assert "127.0.0.1" not in str(logs)

    async def test_a_server_that_went_away_is_asked_again(
        self, village: Village, invitation: Delivered
    ) -> None:
        with box() as inbox:
            with pytest.raises(Away):
                await collector(village, inbox.url).collect()
            with inbox.running():
                inbox.deliver(reply(village, invitation))
                lost = Mailbox(inbox.url)
                lost.open()
                [mail] = lost.waiting()
                lost.hang_up()
                with pytest.raises(Away):
                    lost.fetch(mail)
                lost.close()
            with inbox.running():
                assert await waited(collector(village, inbox.url), rounds=1) == [60]

        assert await answered(village) == {None: "yes"}

    async def test_an_unknown_folder_is_a_server_that_says_no(
        self, village: Village, inbox: Box
    ) -> None:
        with pytest.raises(Away):
            await collector(village, f"{inbox.url}/Nowhere").collect()

    async def test_to_end_it_nobody_waits_for_a_silent_server(self, village: Village) -> None:
        asked = asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"* OK hello\r\n")
            asked.set()
            await reader.read()
            writer.close()

        listener = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        task = asyncio.create_task(collector(village, f"imap://a:b@127.0.0.1:{port}").run())
        await asked.wait()
        begun = time.monotonic()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.get_running_loop().shutdown_default_executor()
        listener.close()
        await listener.wait_closed()

        assert time.monotonic() - begun < 5


async def waited(collector: Collector, *, rounds: int) -> list[float]:
    """How long it rests after each of its first rounds."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == rounds:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await collector.run(note)
    return waits
