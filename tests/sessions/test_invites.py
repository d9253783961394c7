import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from sessions import circles, invites
from sessions.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from sessions.invites import Invited
from tests.fakes import Pigeon
from tests.sessions.village import A_MINUTE, BO, CY, DANA, Village

EVE = "eve@example.org"


async def head_count(village: Village) -> int:
    async with village.database.read() as db:
        return await circles.head_count(db, village.circle)


def line_of(calendar: bytes, start: bytes) -> bytes:
    [found] = [line for line in calendar.splitlines() if line.startswith(start)]
    return found


class TestInviting:
    async def test_people_become_persons_and_members_and_get_one_mail(
        self, village: Village
    ) -> None:
        assert await village.invite(BO, CY) == Invited(2, 0)

        assert sorted(letter.to for letter in await village.post()) == [BO, CY]
        assert (await village.membership(BO)).role == "member"
        assert (await village.person(BO)).detail == "discreet"

    async def test_with_dates_booked_it_is_one_mail_for_each_series_and_no_other(
        self, village: Village
    ) -> None:
        await village.book()
        await village.book()

        await village.invite(BO)

        methods = [b"METHOD:REQUEST" in d.calendar for d in await village.post()]
        assert methods == [True, True]

    async def test_nobody_is_invited_twice_however_the_address_is_spelled(
        self, village: Village
    ) -> None:
        assert await village.invite(BO, "Bo@Example.org", BO) == Invited(1, 0)
        assert await village.invite("BO@example.ORG", CY) == Invited(1, 1)

        assert len(await village.post()) == 2
        assert await head_count(village) == 3

    async def test_who_is_invited_again_gets_the_same_revision_again_once_a_day(
        self, village: Village
    ) -> None:
        await village.book()
        await village.invite(BO)
        [first] = await village.post()

        village.clock.forward(timedelta(days=1))
        assert await village.invite(BO) == Invited(0, 1)
        assert await village.invite(BO) == Invited(0, 1)
        [again] = await village.post()

        for line in (b"UID:", b"SEQUENCE:", b"ORGANIZER"):
            assert line_of(again.calendar, line) == line_of(first.calendar, line)

    async def test_one_bad_address_means_that_nobody_is_invited(self, village: Village) -> None:
        with pytest.raises(Invalid) as refused:
            await village.invite(BO, "not an address")

        assert refused.value.field == "addresses"
        assert await head_count(village) == 1

    async def test_who_was_welcomed_let_go_and_invited_again_is_welcomed_again(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.let_go(BO)
        await village.invite(BO)

        letters = await village.post()

        assert {letter.to for letter in letters} == {BO}
        body = letters[-1].mail.get_body(("plain",))
        assert body is not None
        assert await village.ticket(BO) in body.get_content()

    async def test_there_is_a_limit_for_each_facilitator(
        self, village: Village, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        few = invites.INVITES_PER_DAY._replace(most=2)
        monkeypatch.setattr(invites, "INVITES_PER_DAY", few)
        await village.invite(BO, CY)

        with pytest.raises(TooMany):
            await village.invite(EVE)


class TestSeats:
    async def test_a_full_circle_takes_nobody(self, village: Village) -> None:
        await village.found(seats=2)
        await village.invite(BO)

        with pytest.raises(Conflict, match="circle_full"):
            await village.invite(CY)

        assert await village.invite(BO) == Invited(0, 1)

    async def test_of_two_invitations_at_once_for_the_last_seat_one_gets_in(
        self, village: Village
    ) -> None:
        await village.found(seats=3)
        await village.invite(BO)

        results = await asyncio.gather(
            *(village.invite(f"late{n}@example.org") for n in range(4)), return_exceptions=True
        )

        assert results.count(Invited(1, 0)) == 1
        assert [str(r) for r in results if isinstance(r, Conflict)] == ["circle_full"] * 3
        assert await head_count(village) == 3

    async def test_nor_do_two_get_it_from_different_facilitators(
        self, village: Village
    ) -> None:
        await village.found(seats=3)
        await village.invite(BO)
        async with village.acting(BO) as (_, mine):
            mine.membership.role = "facilitator"

        start = asyncio.Barrier(2)

        async def invite(who: str, address: str) -> Invited:
            if village.database.engine.dialect.name == "sqlite":
                return await village.invite(address, who=who)  # one writer at a time
            async with village.acting(who) as (db, mine):
                await start.wait()
                return await invites.invite(
                    db,
                    village.keys,
                    mine,
                    [address],
                    locale="en",
                    zone="UTC",
                    now=village.clock(),
                )

        results = await asyncio.gather(
            invite(DANA, "late1@example.org"),
            invite(BO, "late2@example.org"),
            return_exceptions=True,
        )

        assert results.count(Invited(1, 0)) == 1
        assert await head_count(village) == 3

    async def test_a_seat_becomes_free_when_somebody_is_let_go(self, village: Village) -> None:
        await village.found(seats=2)
        await village.invite(BO)
        await village.let_go(BO)

        assert await village.invite(CY) == Invited(1, 0)


class TestLettingGo:
    async def test_links_are_worthless_at_once_and_stay_so_when_they_come_back(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        ticket = await village.ticket(BO)
        answer = circles.answer_token(village.keys, await village.membership(BO))
        await village.let_go(BO)

        async def assert_worthless() -> None:
            async with village.database.read() as db:
                with pytest.raises(NotFound):
                    await circles.membership_by_ticket(db, ticket)
                with pytest.raises(NotFound):
                    await circles.membership_by_answer_link(db, answer)

        await assert_worthless()
        await village.invite(BO)
        await assert_worthless()

    async def test_only_they_hear_of_it(self, village: Village) -> None:
        await village.invite(BO, CY)
        await village.book()
        await village.post()

        await village.let_go(BO)

        [letter] = await village.post()
        assert letter.to == BO
        assert b"METHOD:CANCEL" in letter.calendar

    async def test_the_last_facilitator_stays_with_the_others(self, village: Village) -> None:
        await village.invite(BO)

        with pytest.raises(Conflict, match="last_facilitator"):
            await village.let_go(DANA)

    async def test_who_is_alone_closes_the_circle_by_going(self, village: Village) -> None:
        await village.found(openness="open")
        await village.invite(BO)
        await village.let_go(BO)
        await village.let_go(DANA)

        async with village.database.write() as db:
            assert await circles.open_circles(db) == []
            await circles.forget_old(db, now=village.clock() + circles.KEPT - A_MINUTE)
            assert await db.get(circles.Circle, village.circle) is not None
            await circles.forget_old(db, now=village.clock() + circles.KEPT)
            assert await db.get(circles.Circle, village.circle) is None

    async def test_a_circle_that_has_anybody_is_never_forgotten(self, village: Village) -> None:
        await village.invite(BO)
        await village.let_go(BO)
        village.clock.forward(2 * circles.KEPT)

        async with village.database.write() as db:
            await circles.forget_old(db, now=village.clock())
            assert await db.get(circles.Circle, village.circle) is not None

    async def test_somebody_of_another_circle_cannot_be_let_go(self, village: Village) -> None:
        await village.invite(BO)
        membership = (await village.membership(BO)).id
        await village.found("eve@example.org")

        async with village.acting(EVE) as (db, mine):
            for unknown in (membership, uuid4()):
                with pytest.raises(NotFound):
                    await invites.let_go(db, village.keys, mine, unknown, now=village.clock())


class TestMailStates:
    async def test_a_facilitator_sees_how_the_last_mail_to_each_person_went(
        self, village: Village
    ) -> None:
        await village.invite(BO, CY)
        await village.courier(Pigeon(["refused", "fine"])).deliver_everything()
        village.clock.forward(timedelta(minutes=1))
        series = await village.book()

        async def states() -> dict[str, str]:
            async with village.database.read() as db:
                found = await invites.mail_states(db, village.circle)
            by_id = {(await village.membership(a)).id: a for a in (BO, CY)}
            return {by_id[membership]: state for membership, state in found.items()}

        assert set((await states()).values()) == {"waiting"}
        await village.cancel_series(series)
        await village.post()
        assert sorted((await states()).values()) == ["failed", "sent"], "no mail, no news"


async def test_only_who_leads_a_circle_may_look_after_it(village: Village) -> None:
    await village.invite(BO)

    async with village.database.read() as db:
        bo = await village.person(BO)
        with pytest.raises(NotAllowed):
            await circles.led_by(db, bo, village.circle)
        assert (await circles.belonging(db, bo, village.circle)).leads is False
