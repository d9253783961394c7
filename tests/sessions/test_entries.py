import pytest

from sessions.entries import entry_of, organizer_address, summary_for, words_for
from sessions.ics import Event, Words
from sessions.keys import Keys
from sessions.language import LOCALES, say
from sessions.people import Person
from sessions.recurrence import Change
from tests.conftest import SECRET
from tests.sessions.village import A_MINUTE, BO, FIRST, SECOND, Village


async def event(village: Village, *, invited: bool = False) -> Event:
    async with village.planning(village.planned, BO) as (db, booking):
        return entry_of(
            booking,
            await db.get_one(Person, booking.mine.membership.person_id),
            keys=village.keys,
            settings=village.settings,
            stamped_at=village.clock(),
            invited=invited,
        )


@pytest.fixture
async def planned(village: Village) -> Village:
    await village.invite(BO)
    await village.book()
    return village


async def test_discreet_it_is_a_word_and_the_persons_own_link(planned: Village) -> None:
    entry = await event(planned)

    assert entry.summary == "Appointment"
    assert entry.url == f"https://ronda.test/j#{await planned.ticket(BO)}"
    assert (entry.description, entry.conference) == ("", False)


async def test_in_full_it_has_title_circle_and_that_it_is_a_call(planned: Village) -> None:
    await planned.choose(BO, detail="full")

    entry = await event(planned)

    assert (entry.summary, entry.description) == ("Evening hour", "Lantern")
    assert entry.conference


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_neutral_word_is_in_the_persons_language(
    planned: Village, locale: str
) -> None:
    await planned.choose(BO, locale=locale)

    person = await planned.person(BO)
    series = await planned.series(planned.planned)

    assert summary_for(person, series) == say(locale, "mail.neutral")


async def test_people_stand_in_it_only_when_it_is_an_invitation(planned: Village) -> None:
    shown, asked = await event(planned), await event(planned, invited=True)

    assert (shown.organizer, shown.attendee) == (None, None)
    assert asked.attendee == BO
    assert asked.organizer is not None


async def test_a_date_has_its_own_title_only_for_who_sees_titles(planned: Village) -> None:
    await planned.change(planned.planned, "one", FIRST, title="Guest")
    assert (await event(planned)).words == {}

    await planned.choose(BO, detail="full")

    assert (await event(planned)).words == {FIRST: Words(summary="Guest")}


async def test_words_for_one_reader_go_with_the_titles_of_dates(planned: Village) -> None:
    await planned.change(planned.planned, "one", FIRST, title="Guest")
    said = {
        FIRST: Words(description="Yours", partstat="ACCEPTED"),
        SECOND: Words(summary="Mine"),
    }
    async with planned.planning(planned.planned, BO) as (db, booking):
        person = await db.get_one(Person, booking.mine.membership.person_id)
        discreet = words_for(booking, person, said)
        person.detail = "full"
        full = words_for(booking, person, said)

    assert discreet == {FIRST: Words(partstat="ACCEPTED")}
    assert full == {
        FIRST: Words(summary="Guest", description="Yours", partstat="ACCEPTED"),
        SECOND: Words(summary="Mine"),
    }


async def test_what_is_nobodys_time_is_not_in_an_entry(planned: Village) -> None:
    await planned.change(planned.planned, "one", FIRST, seats=3, agenda="grief")

    assert (await event(planned)).changes == {FIRST: Change()}


async def test_the_organizer_stays_when_secrets_are_added(planned: Village) -> None:
    async with planned.planning(planned.planned, BO) as (_, booking):
        before = organizer_address(planned.keys, planned.settings, booking)
        newer = Keys(("a newer secret that is long enough", SECRET))
        assert organizer_address(newer, planned.settings, booking) == before
        assert organizer_address(Keys(("x" * 32,)), planned.settings, booking) != before


async def test_what_the_person_or_the_circle_changed_counts_as_a_change_of_the_entry(
    planned: Village,
) -> None:
    before = await event(planned)
    planned.clock.forward(A_MINUTE)
    await planned.choose(BO, summary="Sport")

    after = await event(planned)

    assert after.changed_at == before.changed_at + A_MINUTE
    assert after.sequence == before.sequence == 0, "no date has changed"
