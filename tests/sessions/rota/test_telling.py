"""Who facilitates a date stands in the calendar of the one who has it, and nowhere else."""

from email.message import EmailMessage

import icalendar
import pytest

from tests.fakes import Delivered
from tests.sessions.rota.team import WEEKS, Team
from tests.sessions.village import BO, CY, DANA, Village

DUTY = "You facilitate this date."


def on_duty(calendar: bytes) -> list[int]:
    """The weeks whose entry says that its reader facilitates."""
    found = icalendar.Calendar.from_ical(calendar)
    events = [e for e in found.walk("VEVENT") if DUTY in str(e.get("description", ""))]
    return [WEEKS.index(e.decoded("recurrence-id").replace(tzinfo=None)) for e in events]


def sequence(delivered: Delivered) -> int:
    [event, *_] = icalendar.Calendar.from_ical(delivered.calendar).walk("VEVENT")
    return int(event.decoded("sequence"))


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
async def full(team: Team, village: Village) -> Team:
    for who in (DANA, BO, CY):
        await village.choose(who, detail="full")
    return team


async def test_each_gets_a_request_with_their_own_dates(full: Team, village: Village) -> None:
    await full.take_turns(DANA, BO, CY)
    delivered = {one.to: one for one in await village.post()}

    # Dana booked the series and was never invited: she has the feed.
    assert set(delivered) == {BO, CY}
    assert on_duty(delivered[BO].calendar) == [1, 4, 7, 10]
    assert on_duty(delivered[CY].calendar) == [2, 5, 8, 11]
    assert b"METHOD:REQUEST" in delivered[BO].calendar
    assert sequence(delivered[BO]) == (await village.series(village.planned)).sequence


async def test_a_change_is_told_to_those_whose_dates_it_changes(
    full: Team, village: Village
) -> None:
    await full.take_turns(DANA, BO, CY)
    before = {one.to: one for one in await village.post()}
    await full.give(1, CY)
    after = {one.to: one for one in await village.post()}

    assert on_duty(after[BO].calendar) == [4, 7, 10]
    assert on_duty(after[CY].calendar) == [1, 2, 5, 8, 11]
    assert sequence(after[BO]) > sequence(before[BO])

    await full.give(0, BO)
    assert {one.to for one in await village.post()} == {BO}


async def test_the_feed_says_it_to_the_one_alone(full: Team, village: Village) -> None:
    await full.take_turns(DANA, BO)

    assert on_duty(await village.feed(DANA)) == [0, 2, 4, 6, 8, 10]
    assert on_duty(await village.feed(BO)) == [1, 3, 5, 7, 9, 11]
    assert on_duty(await village.feed(CY)) == []


async def test_nobodys_calendar_names_anybody(full: Team, village: Village) -> None:
    for who, name in ((DANA, "Danaë"), (BO, "Bojan"), (CY, "Cyrus")):
        await village.choose(who, name=name)
    await full.take_turns(DANA, BO, CY)
    sent = [one.message for one in await village.post()]
    feeds = [await village.feed(who) for who in (DANA, BO, CY)]

    for written in sent + feeds:
        assert not any(name in written.decode() for name in ("Danaë", "Bojan", "Cyrus"))


async def test_a_discreet_calendar_says_nothing_and_a_neutral_letter_tells(
    team: Team, village: Village
) -> None:
    await team.take_turns(DANA, BO)
    [delivered] = await village.post()

    assert delivered.to == BO
    assert "calendar" not in delivered.message.decode()
    assert "Lantern" not in delivered.message.decode()
    assert f"/series/{village.planned}/rota" in text(delivered.mail)
    assert DUTY.encode() not in await village.feed(BO)


async def test_who_changes_their_own_dates_is_not_told_by_letter(
    team: Team, village: Village
) -> None:
    await team.take_turns(DANA, BO)
    await village.post()
    await team.skip(1, who=BO)

    # The next in the order was Dana, to whom it is news.
    assert [one.to for one in await village.post()] == [DANA]


async def test_what_changes_nothing_is_not_told(full: Team, village: Village) -> None:
    await full.take_turns(DANA, BO)
    await village.post()
    revision = (await village.series(village.planned)).sequence
    await full.take_turns(DANA, BO)

    assert await village.post() == []
    assert (await village.series(village.planned)).sequence == revision


async def test_a_colleague_is_asked_by_mail(full: Team, village: Village) -> None:
    await village.choose(BO, name="Bojan")
    await full.take_turns(DANA, BO, CY)
    await village.post()
    await full.ask(1, 2, who=BO)
    [delivered] = await village.post()

    assert delivered.to == CY
    assert "Bojan" in str(delivered.mail["subject"])
    assert "Lantern" in text(delivered.mail)


async def test_discreet_the_question_names_nobody(team: Team, village: Village) -> None:
    await village.choose(BO, name="Bojan")
    await team.take_turns(DANA, BO, CY)
    await village.post()
    await team.ask(1, 2, who=BO)
    [delivered] = await village.post()

    for word in ("Bojan", "Lantern", "Evening", "circle"):
        assert word not in delivered.message.decode()


async def test_a_question_that_was_taken_back_is_not_asked(
    team: Team, village: Village
) -> None:
    await team.take_turns(DANA, BO, CY)
    await village.post()
    await team.ask(1, 2, who=BO)
    await team.decline(who=BO)

    assert await village.post() == []
