from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from sessions import circles
from sessions.circles import CirclePlan
from sessions.errors import Invalid, NotFound, TooMany
from sessions.keys import Keys
from tests.conftest import NOON, SECRET
from tests.sessions.village import BO, CY, DANA, Village

EVE = "eve@example.org"


def plan(**changes: Any) -> CirclePlan:
    return CirclePlan("Lantern", "To listen.", ["en"], "invitation", 12, False)._replace(
        **changes
    )


class TestMaking:
    async def test_the_founder_leads_and_has_accepted_the_agreement(
        self, village: Village
    ) -> None:
        membership = await village.membership(DANA)

        async with village.database.read() as db:
            agreement = await circles.current_agreement(db, village.circle)

        assert (membership.role, membership.agreed_version) == ("facilitator", 1)
        assert (agreement.version, agreement.text) == (1, "Kindness.")

    @pytest.mark.parametrize("name", ["", "  ", "\u202e", "\x00\n"])
    async def test_a_circle_needs_a_name(self, village: Village, name: str) -> None:
        with pytest.raises(Invalid, match="needed"):
            await village.found(name=name)

    async def test_words_are_cleaned_but_keep_their_lines(self, village: Village) -> None:
        await village.found(
            name=" A\u202e\nB ", purpose="one\r\ntwo\x00", languages=["he", "he"]
        )

        async with village.acting() as (_, mine):
            assert (mine.circle.name, mine.circle.purpose) == ("A B", "one\ntwo")
            assert mine.circle.languages == ["he"]

    async def test_addresses_are_hidden_only_where_there_is_a_relay(
        self, village: Village
    ) -> None:
        async with village.acting() as (_, mine):
            with pytest.raises(Invalid, match="cannot_hide_addresses"):
                circles.change_circle(
                    mine.circle, plan(hide_addresses=True), can_hide=False, now=NOON
                )
            circles.change_circle(
                mine.circle, plan(hide_addresses=True), can_hide=True, now=NOON
            )
            assert mine.circle.hide_addresses

    async def test_somebody_can_found_only_so_many_in_a_day(
        self, village: Village, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        twice = circles.FOUNDED_PER_DAY._replace(most=2)
        monkeypatch.setattr(circles, "FOUNDED_PER_DAY", twice)
        await village.found()

        with pytest.raises(TooMany):
            await village.found()
        await village.found(EVE)
        village.clock.forward(timedelta(days=1))
        await village.found()


class TestBelonging:
    async def test_a_circle_of_others_does_not_exist(self, village: Village) -> None:
        theirs = village.circle
        await village.found(EVE)

        async with village.database.read() as db:
            eve = await village.person(EVE)
            for unknown in (theirs, uuid4()):
                with pytest.raises(NotFound):
                    await circles.belonging(db, eve, unknown)

    async def test_who_was_let_go_belongs_no_more(self, village: Village) -> None:
        await village.invite(BO)
        await village.let_go(BO)

        async with village.database.read() as db:
            bo = await village.person(BO)
            with pytest.raises(NotFound):
                await circles.belonging(db, bo, village.circle)
            assert await circles.circles_of(db, bo) == []
            assert await circles.head_count(db, village.circle) == 1
            everybody = await circles.people_in(db, village.circle)
        assert len(everybody) == 2, "a facilitator still sees who was there"

    async def test_only_open_circles_are_listed(self, village: Village) -> None:
        closed = village.circle
        listed = await village.found(openness="open")

        async with village.database.read() as db:
            assert [c.id for c in await circles.open_circles(db)] == [listed]
            with pytest.raises(NotFound):
                await circles.open_circle(db, closed)


class TestLinks:
    async def test_ticket_and_answer_link_are_for_one_purpose_each(
        self, village: Village
    ) -> None:
        await village.invite(BO, CY)
        bo = await village.membership(BO)
        ticket, answer = (
            circles.ticket(village.keys, bo),
            circles.answer_token(village.keys, bo),
        )

        async with village.database.read() as db:
            assert (await circles.membership_by_ticket(db, ticket)).membership.id == bo.id
            assert (await circles.membership_by_answer_link(db, answer)).membership.id == bo.id
            for wrong in (answer, await village.ticket(CY) + "x", "", "\u05d0"):
                with pytest.raises(NotFound, match="unknown_link"):
                    await circles.membership_by_ticket(db, wrong)
            with pytest.raises(NotFound, match="unknown_link"):
                await circles.membership_by_answer_link(db, ticket)

    async def test_they_stay_the_same_when_secrets_are_added(self, village: Village) -> None:
        before = await village.ticket(DANA)
        village.keys = Keys(("a newer secret that is long enough", SECRET))

        assert await village.ticket(DANA) == before
        await village.invite(BO)
        async with village.database.read() as db:
            for address in (DANA, BO):
                await circles.membership_by_ticket(db, await village.ticket(address))

    async def test_the_database_holds_none_of_them(self, village: Village) -> None:
        membership = await village.membership(DANA)

        stored = repr(membership.model_dump())

        assert circles.ticket(village.keys, membership) not in stored
        assert circles.answer_token(village.keys, membership) not in stored


class TestAgreement:
    async def test_each_new_text_is_a_version_and_the_same_text_is_none(
        self, village: Village
    ) -> None:
        versions = []
        for text in ("Kindness.", " Kindness. ", "Patience.", "Kindness."):
            async with village.database.write() as db:
                now = village.clock() + timedelta(days=1)
                adopted = await circles.adopt_agreement(db, village.circle, text, now=now)
                versions.append(adopted.version)

        assert versions == [1, 1, 2, 3]
        async with village.database.read() as db:
            assert (await circles.current_agreement(db, village.circle)).version == 3
