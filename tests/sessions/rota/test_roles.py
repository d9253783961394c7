import pytest

from sessions.errors import Conflict, NotAllowed, NotFound
from tests.sessions.rota.team import Team
from tests.sessions.village import BO, CY, DANA, Village


async def test_a_facilitator_lets_others_facilitate(team: Team, village: Village) -> None:
    await team.role(BO, "member", who=CY)

    assert (await village.membership(BO)).role == "member"
    assert (await village.membership(CY)).role == "facilitator"


async def test_the_circle_is_handed_over(team: Team, village: Village) -> None:
    await team.role(DANA, "member")

    assert (await village.membership(DANA)).role == "member"
    with pytest.raises(NotAllowed):
        await team.role(DANA, "facilitator")


async def test_the_last_one_goes_on(team: Team) -> None:
    await team.role(BO, "member")
    await team.role(CY, "member")

    with pytest.raises(Conflict, match="last_facilitator"):
        await team.role(DANA, "member")


async def test_who_has_left_gets_no_role(team: Team, village: Village) -> None:
    await village.let_go(BO)

    with pytest.raises(NotFound):
        await team.role(BO, "facilitator")


async def test_one_letter_tells_the_one(team: Team, village: Village) -> None:
    await team.role(BO, "member")
    [taken] = await village.post()
    await team.role(BO, "facilitator")
    [given] = await village.post()

    assert (taken.to, given.to) == (BO, BO)
    for delivered in (taken, given):
        assert "Lantern" not in delivered.message.decode()
        assert "facilitat" not in delivered.message.decode()


async def test_in_full_the_letter_names_the_circle(team: Team, village: Village) -> None:
    await village.choose(BO, detail="full")
    await village.post()
    await team.role(BO, "member")
    [delivered] = await village.post()

    assert "Lantern" in str(delivered.mail["subject"])


async def test_what_was_taken_back_at_once_is_not_told(team: Team, village: Village) -> None:
    await team.role(BO, "member")
    await team.role(BO, "facilitator")
    await team.role(BO, "facilitator")

    [delivered] = await village.post()
    assert delivered.to == BO


async def test_dates_that_are_nobodys_any_more_leave_the_calendar(
    team: Team, village: Village
) -> None:
    await village.choose(BO, detail="full")
    await team.take_turns(DANA, BO)
    await village.post()
    await team.role(BO, "member")
    told = [one for one in await village.post(BO) if b"text/calendar" in one.message]

    assert len(told) == 1
    assert b"You facilitate" not in told[0].calendar
    assert b"You facilitate" not in await village.feed(BO)
