from datetime import timedelta

import pytest

from sessions import retention, rota
from sessions.errors import Conflict, NotAllowed, NotFound
from tests.sessions.rota.team import Team
from tests.sessions.village import BO, CY, DANA, Village

EVE = "eve@example.org"
A_DAY = timedelta(days=1)


async def forget_old(village: Village) -> None:
    async with village.database.write() as db:
        await retention.forget_old(db, now=village.clock())


@pytest.fixture
async def asked(team: Team, village: Village) -> Team:
    """Eve belongs to the circle and is asked to facilitate it; nothing was mailed yet."""
    await village.welcome(EVE)
    await team.offer(EVE)
    return team


class TestAsking:
    async def test_who_is_asked_facilitates_only_after_a_yes(
        self, asked: Team, village: Village
    ) -> None:
        before = (await village.membership(EVE)).role
        await asked.says_yes(EVE)

        membership = await village.membership(EVE)
        assert (before, membership.role) == ("member", "facilitator")
        assert membership.offered_at is None

    async def test_until_then_nothing_of_it_reaches_them(
        self, asked: Team, village: Village
    ) -> None:
        eve = await asked.id(EVE)
        await village.post()

        async with village.planning(village.planned, EVE) as (db, booking):
            with pytest.raises(NotAllowed):
                await rota.skip(
                    db, village.keys, booking, booking.series.start, now=village.clock()
                )
            assert eve not in (await rota.rota_of(db, booking)).facilitators
        await asked.take_turns(DANA, BO)
        assert await village.post(EVE) == []

    async def test_one_letter_asks_and_names_no_circle(
        self, asked: Team, village: Village
    ) -> None:
        [letter] = await village.post()

        assert letter.to == EVE
        assert "Lantern" not in letter.message.decode()
        assert "facilitat" not in letter.message.decode()

    async def test_in_full_the_letter_names_the_circle(
        self, asked: Team, village: Village
    ) -> None:
        await village.choose(EVE, detail="full")
        [letter] = await village.post()

        assert "Lantern" in str(letter.mail["subject"])

    async def test_asked_again_and_again_one_gets_one_letter_a_day(
        self, asked: Team, village: Village
    ) -> None:
        letters = await village.post(EVE)
        for _ in range(5):
            await asked.withdraws(EVE)
            await asked.offer(EVE)
            letters += await village.post(EVE)
        assert len(letters) == 1

        village.clock.forward(A_DAY)
        await asked.offer(EVE)
        assert await village.post(EVE) == [], "it is the same offer"
        await asked.withdraws(EVE)
        await asked.offer(EVE)
        assert len(await village.post(EVE)) == 1

    async def test_an_offer_that_is_withdrawn_at_once_is_not_mailed(
        self, asked: Team, village: Village
    ) -> None:
        await asked.withdraws(EVE)
        assert await village.post(EVE) == []

        await asked.offer(EVE)
        assert len(await village.post(EVE)) == 1

    async def test_asking_who_facilitates_already_asks_nobody(
        self, team: Team, village: Village
    ) -> None:
        await team.offer(BO)

        assert (await village.membership(BO)).offered_at is None
        assert await village.post() == []

    async def test_only_who_facilitates_may_ask(self, team: Team, village: Village) -> None:
        await village.welcome(EVE)

        with pytest.raises(NotAllowed):
            await team.offer(EVE, who=EVE)


class TestAnswering:
    async def test_a_no_leaves_everything_as_it_is(self, asked: Team, village: Village) -> None:
        await asked.says_no(EVE)

        membership = await village.membership(EVE)
        assert (membership.role, membership.offered_at) == ("member", None)
        with pytest.raises(Conflict, match="not_offered"):
            await asked.says_yes(EVE)

    async def test_what_was_withdrawn_cannot_be_accepted(
        self, asked: Team, village: Village
    ) -> None:
        await asked.withdraws(EVE)

        with pytest.raises(Conflict, match="not_offered"):
            await asked.says_yes(EVE)
        assert (await village.membership(EVE)).role == "member"

    async def test_yes_twice_is_yes(self, asked: Team, village: Village) -> None:
        for _ in range(2):
            await asked.says_yes(EVE)

        assert (await village.membership(EVE)).role == "facilitator"

    async def test_who_says_yes_is_told_nothing_that_they_did_themselves(
        self, asked: Team, village: Village
    ) -> None:
        await village.post()
        await asked.says_yes(EVE)

        assert await village.post(EVE) == []

    async def test_the_others_who_facilitate_are_told_once(
        self, asked: Team, village: Village
    ) -> None:
        await village.welcome("member@example.org")
        for _ in range(2):
            await asked.says_yes(EVE)
        letters = await village.post()

        assert sorted(letter.to for letter in letters) == [BO, CY, DANA]
        assert all("Lantern" not in letter.message.decode() for letter in letters)
        assert all("facilitat" not in letter.message.decode() for letter in letters)

    async def test_who_went_again_meanwhile_is_not_announced(
        self, asked: Team, village: Village
    ) -> None:
        await village.post()
        await asked.says_yes(EVE)
        await asked.leads_no_more(EVE, who=EVE)

        assert await village.post() == []

    async def test_turns_of_before_are_theirs_again_after_a_yes(
        self, team: Team, village: Village
    ) -> None:
        await team.take_turns(DANA, BO)
        await team.leads_no_more(BO)
        await team.offer(BO)
        assert (await team.told())[:4] == "D-D-"

        await team.says_yes(BO)
        assert (await team.told())[:4] == "DBDB"


class TestLapsing:
    async def test_an_offer_is_good_for_two_weeks(self, asked: Team, village: Village) -> None:
        village.clock.forward(rota.OFFER_LASTS - A_DAY)
        await forget_old(village)
        assert (await village.membership(EVE)).offered_at is not None

        village.clock.forward(A_DAY)
        await forget_old(village)
        with pytest.raises(Conflict, match="not_offered"):
            await asked.says_yes(EVE)

    async def test_no_offer_outlives_the_role_of_somebody_who_may_have_made_it(
        self, asked: Team, village: Village
    ) -> None:
        await asked.leads_no_more(BO)

        with pytest.raises(Conflict, match="not_offered"):
            await asked.says_yes(EVE)
        assert await village.post(EVE) == []

    async def test_nor_their_being_let_go(self, asked: Team, village: Village) -> None:
        await village.let_go(BO)

        with pytest.raises(Conflict, match="not_offered"):
            await asked.says_yes(EVE)

    async def test_it_outlives_a_member_who_goes(self, asked: Team, village: Village) -> None:
        await village.welcome("member@example.org")
        await village.let_go("member@example.org")

        await asked.says_yes(EVE)
        assert (await village.membership(EVE)).role == "facilitator"

    async def test_offers_of_other_circles_stand(self, asked: Team, village: Village) -> None:
        first = village.circle
        await village.found()
        await village.invite(BO)
        await asked.leads(BO)
        await asked.leads_no_more(BO)

        village.circle = first
        await asked.says_yes(EVE)
        assert (await village.membership(EVE)).role == "facilitator"


class TestWithdrawing:
    async def test_a_yes_meanwhile_is_not_taken_back(
        self, asked: Team, village: Village
    ) -> None:
        await asked.says_yes(EVE)

        with pytest.raises(Conflict, match="offer_accepted"):
            await asked.withdraws(EVE)
        assert (await village.membership(EVE)).role == "facilitator"

    async def test_only_who_facilitates_may_withdraw(self, asked: Team) -> None:
        with pytest.raises(NotAllowed):
            await asked.withdraws(EVE, who=EVE)

    async def test_to_end_a_role_nobody_has_withdraws_nothing(
        self, asked: Team, village: Village
    ) -> None:
        await asked.leads_no_more(EVE)

        assert (await village.membership(EVE)).offered_at is not None


class TestLeaving:
    async def test_an_offer_lapses_when_they_leave(self, asked: Team, village: Village) -> None:
        await village.let_go(EVE)
        assert (await village.membership(EVE)).offered_at is None

        await village.invite(EVE)
        with pytest.raises(Conflict, match="not_offered"):
            await asked.says_yes(EVE)

    async def test_who_is_only_asked_is_nobody_to_leave_the_circle_to(
        self, asked: Team, village: Village
    ) -> None:
        await asked.leads_no_more(BO)
        await asked.leads_no_more(CY)
        await asked.offer(EVE)

        with pytest.raises(Conflict, match="last_facilitator"):
            await village.let_go(DANA)
        await asked.says_yes(EVE)
        await village.let_go(DANA)

    async def test_whoever_left_as_facilitator_comes_back_as_a_member(
        self, team: Team, village: Village
    ) -> None:
        async with village.acting(BO) as (_, mine):
            mine.membership.shows_busy = True
        await village.let_go(BO)
        await village.invite(BO)

        membership = await village.membership(BO)
        assert (membership.role, membership.shows_busy) == ("member", False)


class TestEnding:
    async def test_the_circle_is_handed_over(self, team: Team, village: Village) -> None:
        await team.leads_no_more(DANA, who=DANA)

        assert (await village.membership(DANA)).role == "member"
        with pytest.raises(NotAllowed):
            await team.offer(DANA, who=DANA)

    async def test_the_last_one_goes_on(self, team: Team) -> None:
        await team.leads_no_more(BO)
        await team.leads_no_more(CY)

        with pytest.raises(Conflict, match="last_facilitator"):
            await team.leads_no_more(DANA)

    async def test_who_has_left_is_asked_nothing(self, team: Team, village: Village) -> None:
        await village.let_go(BO)

        with pytest.raises(NotFound):
            await team.offer(BO)

    async def test_one_letter_tells_the_one(self, team: Team, village: Village) -> None:
        await team.leads_no_more(BO)
        [letter] = await village.post()

        assert letter.to == BO
        assert "Lantern" not in letter.message.decode()
        assert "facilitat" not in letter.message.decode()

    async def test_by_oneself_one_is_not_told(self, team: Team, village: Village) -> None:
        await team.leads_no_more(BO, who=BO)

        assert await village.post() == []

    async def test_a_yes_meanwhile_is_not_contradicted(
        self, team: Team, village: Village
    ) -> None:
        await team.leads_no_more(BO)
        await team.leads(BO)

        assert await village.post(BO) == []

    async def test_colleagues_do_not_look_at_the_calendar_again_unasked(
        self, team: Team, village: Village
    ) -> None:
        async with village.acting(BO) as (_, mine):
            mine.membership.shows_busy = True
        await team.leads_no_more(BO)
        await team.leads(BO)

        assert not (await village.membership(BO)).shows_busy

    async def test_dates_that_are_nobodys_any_more_leave_the_calendar(
        self, team: Team, village: Village
    ) -> None:
        await village.choose(BO, detail="full")
        await team.take_turns(DANA, BO)
        await village.post()
        await team.leads_no_more(BO)
        told = [one for one in await village.post(BO) if b"text/calendar" in one.message]

        assert len(told) == 1
        assert b"You facilitate" not in told[0].calendar
        assert b"You facilitate" not in await village.feed(BO)
