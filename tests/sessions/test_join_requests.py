from datetime import timedelta

import pytest
from sqlmodel import col, select

from sessions import circles, join_requests
from sessions.circles import Membership
from sessions.errors import Conflict, Gone, NotFound, TooMany
from sessions.join_requests import JoinRequest
from sessions.people import find_person
from tests.sessions.asking import ask, confirm, look, token_in, words_of
from tests.sessions.village import BO, CY, Village

EVE = "eve@example.org"


@pytest.fixture
async def open_village(village: Village) -> Village:
    await village.found(name="Lantern of grief", openness="open", seats=3)
    await village.book()
    return village


async def people_of(village: Village) -> int:
    async with village.database.read() as db:
        found = await db.exec(
            select(Membership.id).where(
                Membership.circle_id == village.circle, col(Membership.ended_at).is_(None)
            )
        )
        return len(list(found))


class TestAsking:
    async def test_asking_alone_makes_nobody_a_member_nor_a_person(
        self, open_village: Village
    ) -> None:
        await ask(open_village, EVE)

        assert await people_of(open_village) == 1
        async with open_village.database.read() as db:
            assert await find_person(db, open_village.keys, EVE) is None

    async def test_the_mail_holds_a_link_and_no_word_of_the_circle(
        self, open_village: Village
    ) -> None:
        await ask(open_village, EVE)

        [letter] = await open_village.post()

        assert letter.to == EVE
        assert letter.mail["Subject"] == "נא לאשר"
        assert token_in(letter)
        assert b"Lantern" not in letter.message
        assert "Lantern" not in words_of(letter)

    async def test_the_address_lies_sealed_and_the_token_as_a_hash(
        self, open_village: Village
    ) -> None:
        await ask(open_village, EVE)
        [letter] = await open_village.post()

        async with open_village.database.read() as db:
            [request] = await db.exec(select(JoinRequest))

        assert EVE.encode() not in request.address
        assert token_in(letter) not in repr(request)

    async def test_nobodys_mailbox_is_filled_by_somebody_else(self, village: Village) -> None:
        for _ in range(5):
            await village.found(openness="open")
            await ask(village, EVE)

        assert [letter.to for letter in await village.post()] == [EVE] * 3

    async def test_a_full_circle_answers_like_one_with_places(
        self, open_village: Village
    ) -> None:
        await open_village.welcome(BO, CY)

        for address in (BO, EVE):
            await ask(open_village, address)
            [letter] = await open_village.post()
            assert token_in(letter)

    async def test_who_was_let_go_of_is_not_written_to_and_not_told(
        self, open_village: Village
    ) -> None:
        await open_village.welcome(BO)
        await open_village.let_go(BO)
        await open_village.post()

        await ask(open_village, BO)

        assert await open_village.post() == []

    async def test_a_host_may_ask_only_so_often(
        self, open_village: Village, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        once = join_requests.ASKS_PER_HOST._replace(most=1)
        monkeypatch.setattr(join_requests, "ASKS_PER_HOST", once)
        await ask(open_village, EVE)

        with pytest.raises(TooMany):
            await ask(open_village, BO)

    async def test_a_circle_by_invitation_cannot_be_asked(self, village: Village) -> None:
        with pytest.raises(NotFound):
            await ask(village, EVE)


class TestConfirming:
    async def _asked(self, village: Village, address: str = EVE) -> str:
        await ask(village, address)
        return token_in((await village.post(address))[-1])

    async def test_whoever_confirms_is_in_and_invited(self, open_village: Village) -> None:
        token = await self._asked(open_village)

        await confirm(open_village, token)

        [letter] = await open_village.post(EVE)
        assert b"BEGIN:VEVENT" in letter.calendar
        person = await open_village.person(EVE)
        assert (person.locale, person.zone) == ("he", "Asia/Jerusalem")
        assert await people_of(open_village) == 2

    async def test_looking_names_the_circle_and_uses_nothing_up(
        self, open_village: Village
    ) -> None:
        token = await self._asked(open_village)

        seen = [await look(open_village, token) for _ in range(2)]

        assert {(one.circle.name, one.address) for one in seen} == {("Lantern of grief", EVE)}
        await confirm(open_village, token)

    async def test_a_link_is_good_once_and_for_a_day(self, open_village: Village) -> None:
        token, late = await self._asked(open_village), await self._asked(open_village, BO)
        await confirm(open_village, token)

        with pytest.raises(Gone):
            await confirm(open_village, token)
        open_village.clock.forward(timedelta(hours=24))
        for use in (look, confirm):
            with pytest.raises(Gone):
                await use(open_village, late)

    async def test_a_full_circle_counts_no_places_and_the_link_stays_good(
        self, open_village: Village
    ) -> None:
        token = await self._asked(open_village)
        await open_village.invite(BO, CY)

        with pytest.raises(Conflict, match="nobody_new") as refused:
            await confirm(open_village, token)
        assert refused.value.params == {}
        await open_village.let_go(CY)
        await confirm(open_village, token)

    async def test_a_member_who_has_lost_the_links_gets_them_again(
        self, open_village: Village
    ) -> None:
        await open_village.welcome(BO)
        open_village.clock.forward(timedelta(days=1))

        await confirm(open_village, await self._asked(open_village, BO))

        assert len(await open_village.post(BO)) == 1
        assert await people_of(open_village) == 2

    async def test_who_is_let_go_of_meanwhile_stays_out(self, open_village: Village) -> None:
        await open_village.welcome(BO)
        token = await self._asked(open_village, BO)
        await open_village.let_go(BO)

        with pytest.raises(Gone):
            await confirm(open_village, token)

    async def test_a_circle_that_is_not_open_any_more_lets_nobody_in(
        self, open_village: Village
    ) -> None:
        token = await self._asked(open_village)
        async with open_village.acting() as (_, mine):
            mine.circle.openness = "invitation"

        with pytest.raises(Gone):
            await confirm(open_village, token)


async def test_what_nobody_confirmed_is_forgotten_after_a_day(open_village: Village) -> None:
    await ask(open_village, EVE)
    async with open_village.database.write() as db:
        await join_requests.forget_old(db, now=open_village.clock() + timedelta(hours=23))
        assert len(list(await db.exec(select(JoinRequest)))) == 1
        await join_requests.forget_old(db, now=open_village.clock() + timedelta(hours=24))
        assert list(await db.exec(select(JoinRequest))) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_who_confirms_while_the_circle_is_closed_stays_out(open_village: Village) -> None:
    await ask(open_village, EVE)
    token = token_in((await open_village.post(EVE))[-1])

    async with open_village.database.write() as db:
        seen = await circles.open_circle(db, open_village.circle)
        async with open_village.acting() as (_, mine):
            mine.circle.openness = "invitation"

        with pytest.raises(Gone):
            await join_requests.confirm(db, open_village.keys, token, now=open_village.clock())
        assert seen.openness == "invitation"
