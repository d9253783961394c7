import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from sessions import outbox
from sessions.courier import BATCH
from sessions.mail import SmtpMailer
from sessions.outbox import OutboxEntry, SignInLetter
from sessions.people import Person
from tests.fakes import Killed, Pigeon, Weather
from tests.machine.smtp import PostOffice, post_office
from tests.sessions.village import A_MINUTE, BO, CY, FIRST, SECOND, Village


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as office:
        yield office


async def outcomes(village: Village) -> Counter[str | None]:
    return Counter(entry.outcome for entry in await village.box())


class TestDelivery:
    async def test_an_invitation_arrives_at_a_real_server(
        self, village: Village, office: PostOffice
    ) -> None:
        await village.invite(BO)
        await village.book()
        await village.courier(SmtpMailer(office.url)).deliver_everything()

        _, letter = office.letters

        assert letter.to == BO
        assert letter.sender == letter.mail["From"].addresses[0].addr_spec
        assert b"METHOD:REQUEST" in letter.calendar

    async def test_a_5xx_is_shown_as_failed_a_4xx_waits(
        self, village: Village, office: PostOffice
    ) -> None:
        await village.invite(BO)
        courier = village.courier(SmtpMailer(office.url))
        office.to_recipient = "451 Later"
        await courier.deliver_everything()
        [waiting] = await village.box()
        office.to_recipient = "550 Never"
        village.clock.forward(A_MINUTE)
        await courier.deliver_everything()
        [failed] = await village.box()

        assert (waiting.outcome, waiting.attempts) == (None, 1)
        assert (failed.outcome, failed.attempts) == ("failed", 2)
        assert failed.trouble == "The mail server answered 550."

    async def test_a_resend_has_the_same_bytes_whatever_changed_meanwhile(
        self, village: Village, office: PostOffice
    ) -> None:
        await village.invite(BO)
        await village.post()
        series = await village.book()
        courier = village.courier(SmtpMailer(office.url))
        office.hangs_up = True
        await courier.deliver_everything()
        office.hangs_up = False
        await village.move(series, FIRST, to=SECOND + timedelta(days=1))
        await village.choose(BO, detail="full")
        village.clock.forward(A_MINUTE)
        await courier.deliver_everything()

        first, again, change = office.letters

        assert first == again
        assert change.mail["Message-ID"] != first.mail["Message-ID"]
        assert b"SEQUENCE:0\r\n" in again.calendar
        assert b"SEQUENCE:1\r\n" in change.calendar

    async def test_a_server_killed_after_sending_sends_the_same_bytes_once_more(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        pigeon = Pigeon(["killed"])
        with pytest.raises(Killed):
            await village.courier(pigeon).deliver()
        assert await village.courier(pigeon).deliver() == 0, "the lease holds"

        village.clock.forward(outbox.LEASE)
        await village.courier(pigeon).deliver_everything()

        first, again = pigeon.delivered
        assert first == again
        assert await outcomes(village) == {"sent": 1}


class TestSeveralCouriers:
    async def test_two_at_once_send_nothing_twice(self, village: Village) -> None:
        await village.invite(*(f"guest{n}@example.org" for n in range(11)))
        pigeon = Pigeon()
        couriers = [village.courier(pigeon), village.courier(pigeon)]

        while sum(await asyncio.gather(*(c.deliver() for c in couriers))):
            pass

        assert len(pigeon.delivered) == len({letter.to for letter in pigeon.delivered}) == 11

    async def test_who_was_too_slow_leaves_the_rest_to_the_other(
        self, village: Village
    ) -> None:
        """The first of a batch takes longer than a lease; somebody else sends the others."""
        await village.invite(*(f"guest{n}@example.org" for n in range(5)))
        quick = Pigeon()

        class Snail(Pigeon):
            async def send(self, message: bytes, *, sender: str, to: str) -> None:
                village.clock.forward(outbox.LEASE)
                await village.courier(quick).deliver_everything()
                await super().send(message, sender=sender, to=to)

        snail = Snail()
        await village.courier(snail).deliver_everything()

        assert len(snail.delivered) == 1
        everywhere = Counter(d.to for d in snail.delivered + quick.delivered)
        assert everywhere.total() <= 5 + 1, "only what was in hand"
        assert len(everywhere) == 5
        assert await outcomes(village) == {"sent": 5}

    async def test_a_late_word_of_failure_does_not_undo_the_others_success(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        quick = Pigeon()

        class Snail(Pigeon):
            async def send(self, message: bytes, *, sender: str, to: str) -> None:
                village.clock.forward(outbox.LEASE)
                await village.courier(quick).deliver_everything()
                await super().send(message, sender=sender, to=to)

        await village.courier(Snail(["refused"])).deliver_everything()

        assert len(quick.delivered) == 1
        assert await outcomes(village) == {"sent": 1}


class TestTrouble:
    async def test_a_letter_that_cannot_be_written_does_not_hold_up_the_others(
        self, village: Village
    ) -> None:
        await village.invite(BO, CY)
        person = await village.person(BO)
        async with village.database.write() as db:
            broken = update(Person).where(col(Person.id) == person.id)
            await db.exec(broken.values(address=b"not sealed by us"))
        pigeon = Pigeon()

        await village.courier(pigeon).deliver_everything()

        assert [letter.to for letter in pigeon.delivered] == [CY]
        troubles = {entry.trouble for entry in await village.box()}
        assert troubles == {None, "InvalidSeal"}

    async def test_a_person_who_deleted_themself_meanwhile_is_no_trouble(
        self, village: Village
    ) -> None:
        await village.invite(BO, CY)
        forgotten = await village.person(BO)

        class Slow(Pigeon):
            async def send(self, message: bytes, *, sender: str, to: str) -> None:
                async with village.database.write() as db:
                    if person := await db.get(Person, forgotten.id):
                        await db.delete(person)
                await super().send(message, sender=sender, to=to)

        pigeon = Slow()
        await village.courier(pigeon).deliver_everything()

        assert await outcomes(village) == {"sent": 1}
        assert {letter.to for letter in pigeon.delivered} >= {CY}

    async def test_the_database_being_away_is_waited_for(self, village: Village) -> None:
        await village.invite(BO)
        pigeon = Pigeon()
        courier = village.courier(pigeon)
        rounds = 0

        class Enough(BaseException):
            pass

        async def wait(_seconds: float) -> None:
            nonlocal rounds
            rounds += 1
            if rounds == 2:
                raise Enough

        deliver, failures = courier.deliver, iter([ConnectionRefusedError()])

        async def deliver_later() -> int:
            for failure in failures:
                raise failure
            return await deliver()

        courier.deliver = deliver_later  # type: ignore[method-assign]
        with pytest.raises(Enough):
            await courier.run(wait)

        assert len(pigeon.delivered) == 1


class TestStopping:
    async def test_what_was_not_sent_is_handed_back_for_the_next_to_send_at_once(
        self, village: Village
    ) -> None:
        await village.invite(*(f"guest{n}@example.org" for n in range(3)))
        flying, never = asyncio.Event(), asyncio.Event()

        class Endless(Pigeon):
            async def send(self, message: bytes, *, sender: str, to: str) -> None:
                flying.set()
                await never.wait()

        task = asyncio.create_task(village.courier(Endless()).run())
        await flying.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert len(await village.post()) == 3

    async def test_a_nudge_wakes_it(self, village: Village) -> None:
        arrived = asyncio.Event()

        class Herald(Pigeon):
            async def send(self, message: bytes, *, sender: str, to: str) -> None:
                await super().send(message, sender=sender, to=to)
                arrived.set()

        courier = village.courier(Herald())
        idle = asyncio.Event()
        until_nudged: Callable[[float], Awaitable[None]] = courier._bell.wait

        async def wait(_seconds: float) -> None:
            idle.set()
            await until_nudged(3600)

        task = asyncio.create_task(courier.run(wait))
        await idle.wait()
        await village.invite(BO)
        courier.nudge()
        await arrived.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_200_letters_through_bad_weather_arrive_each_exactly_once_to_the_eye(
    village: Village,
) -> None:
    """A lost word means a second copy, but with the same Message-ID: readers show one."""
    addresses = [f"guest{n}@example.org" for n in range(200)]
    async with village.database.write() as db:
        for address in addresses:
            letter = SignInLetter(address, "token", "en")
            outbox.post(db, village.keys, letter, now=village.clock())
    dice = random.Random(4)  # noqa: S311 - the same weather at every run
    kinds: list[Weather] = ["fine", "put off", "word lost"]
    weather: list[Weather] = dice.choices(kinds, (70, 20, 10), k=1000)
    pigeon = Pigeon(weather)
    couriers = [village.courier(pigeon) for _ in range(2)]

    while (await outcomes(village))[None]:
        await asyncio.gather(*(courier.deliver_everything() for courier in couriers))
        village.clock.forward(max(outbox.RETRIES))

    assert await outcomes(village) == {"sent": 200}
    assert {letter.to for letter in pigeon.delivered} == set(addresses)
    assert len({letter.mail["Message-ID"] for letter in pigeon.delivered}) == 200
    assert len(set(pigeon.delivered)) == 200
    lost = weather[: pigeon.flights].count("word lost")
    assert len(pigeon.delivered) == 200 + lost


async def test_a_batch_is_bounded(village: Village) -> None:
    async with village.database.write() as db:
        for number in range(BATCH + 5):
            letter = SignInLetter(f"guest{number}@example.org", "token", "en")
            outbox.post(db, village.keys, letter, now=village.clock())

    assert await village.courier(Pigeon()).deliver() == BATCH


async def test_the_box_holds_no_address_in_the_clear(village: Village) -> None:
    await village.invite(BO)
    with pytest.raises(Killed):
        await village.courier(Pigeon(["killed"])).deliver()

    async with village.database.read() as db:
        entry = await db.get_one(OutboxEntry, (await village.box())[0].id)

    assert entry.written is not None
    assert b"example.org" not in entry.written + entry.letter
