"""What one is told whose proposal is not taken (RFC 5546 - 3.2.8. DECLINECOUNTER)."""

import re
from datetime import datetime, timedelta

import pytest

from sessions import answers, proposals
from sessions.proposals import Counter
from tests.calendars.app import EVENT, unfolded, value
from tests.fakes import Delivered
from tests.sessions.village import BO, DANA, FIRST, SECOND, THIRD, Village

LATER = timedelta(days=1, hours=-1)


async def propose(village: Village, original: datetime | None) -> None:
    start = (original or FIRST) + LATER
    counter = Counter(original, start, None, "", 0, village.clock())
    async with village.planning(village.planned, BO) as (db, booking):
        await proposals.propose(db, village.keys, booking, counter, now=village.clock())


async def decline(village: Village) -> list[Delivered]:
    person = await village.person(DANA)
    async with village.planning(village.planned) as (db, booking):
        [(proposal, _)] = await proposals.proposed(db, booking, now=village.clock())
        await proposals.decline(db, village.keys, person, proposal.id, now=village.clock())
    return await village.post()


async def declined(village: Village, original: datetime | None) -> list[Delivered]:
    await propose(village, original)
    return await decline(village)


@pytest.fixture(autouse=True)
async def booked(village: Village) -> None:
    await village.welcome(BO)
    await village.book()
    await village.post()


def event_of(letter: Delivered) -> bytes:
    [event] = map(unfolded, EVENT.findall(letter.calendar))
    assert value(unfolded(letter.calendar), "METHOD") == "DECLINECOUNTER"
    return event


def words_of(letter: Delivered) -> str:
    body = letter.mail.get_body(("plain",))
    assert body is not None
    return re.sub(r"\s+", " ", body.get_content())


async def test_it_does_not_forget_what_was_answered(village: Village) -> None:
    for original, word in ((None, "yes"), (SECOND, "no")):
        async with village.acting(BO) as (db, mine):
            await answers.answer(
                db,
                mine,
                village.planned,
                original=original,
                answer=word,  # type: ignore[arg-type]
                now=village.clock(),
            )

    [whole] = await declined(village, None)
    village.clock.forward(timedelta(minutes=1))
    [one] = await declined(village, SECOND)

    assert b"PARTSTAT=ACCEPTED" in event_of(whole)
    assert b"PARTSTAT=DECLINED" in event_of(one)


@pytest.mark.parametrize(
    ("detail", "title"), [("full", "A guest"), ("discreet", "Appointment")]
)
async def test_of_one_date_the_title_is_its_own_for_those_who_see_titles(
    village: Village, detail: str, title: str
) -> None:
    await village.choose(BO, detail=detail)
    await village.change(village.planned, "one", SECOND, title="A guest", minutes=60)
    await village.post()

    [letter] = await declined(village, SECOND)

    assert letter.mail["Subject"].startswith(f"It stays as it is: {title}, Tuesday 17 March")
    event = event_of(letter)
    assert (value(event, "SUMMARY"), value(event, "SEQUENCE")) == (title, "0")
    assert value(event, "RECURRENCE-ID") == "20260317T190000"


async def test_of_all_of_them_it_names_the_next_that_takes_place_and_none_that_is_off(
    village: Village,
) -> None:
    await village.cancel(village.planned, FIRST)
    await village.cancel(village.planned, THIRD)
    await village.post()

    [letter] = await declined(village, None)

    assert "It stays at Tuesday 17 March 2026, 17:00 (London)." in words_of(letter)
    event = event_of(letter)
    assert re.findall(rb"EXDATE;TZID=Asia/Jerusalem:(\w+)", event) == [
        b"20260310T190000", b"20260324T190000",
    ]  # fmt: skip
    assert value(event, "RECURRENCE-ID") == ""


async def test_of_a_date_that_is_off_by_then_it_says_nothing(village: Village) -> None:
    await propose(village, SECOND)
    await village.cancel(village.planned, SECOND)

    methods = [value(unfolded(letter.calendar), "METHOD") for letter in await decline(village)]

    assert methods == ["CANCEL"]
