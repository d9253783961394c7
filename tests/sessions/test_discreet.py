"""
Discreet is proven: whatever leaves for a discreet person, no word of the circle is in it.

Each kind of letter that the outbox knows is made to happen; a kind without a case here
fails, so that nobody adds one and forgets who may be looking on.
"""

# ruff: noqa: DTZ001 - wall time has no zone

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest

from sessions import (
    answers,
    export,
    feeds,
    inbound,
    join_requests,
    outbox,
    people,
    polls,
    proposals,
    reminders,
    replanning,
    rota,
    schedule,
    signin,
    waiting,
)
from sessions.feeds import Body
from sessions.language import LOCALES, Locale
from sessions.letters import WRITERS, message_id
from sessions.letters.farewell import say_farewell
from sessions.mail import file_of
from sessions.people import Person
from sessions.recurrence import Pattern
from sessions.schedule import Series, Wish
from sessions.seating import Word
from tests.fakes import Delivered
from tests.sessions.answering import answer_to, plain
from tests.sessions.discreet import words_found
from tests.sessions.village import A_MINUTE, BO, CY, DANA, FIRST, SECOND, THIRD, Village

NAME, PURPOSE = "Zephyr Lanternfold מנורה", "Overcoming quandary, together: قنديل"
TITLE, OTHER_TITLE = "Murmuration at dusk", "Brambleway, once"
POLL_TITLE, LEADER, COMMENT = "Thistledown weekend", "Dana Quillfeather", "Marzipan choir"
WORDS = [
    word
    for text in (NAME, PURPOSE, TITLE, OTHER_TITLE, POLL_TITLE, LEADER, COMMENT)
    for word in text.replace(",", "").replace(":", "").split()
    if len(word) > 4
]
THURSDAY = datetime(2026, 3, 12, 20, 30)


class Watched(Village):
    """Keeps every letter that leaves, with its kind."""

    @classmethod
    def over(cls, village: Village) -> "Watched":
        watched = cls(village.database, village.keys, village.settings, village.clock)
        watched.seen, watched.kinds = [], set()
        return watched

    seen: list[Delivered]
    kinds: set[type[outbox.AnyLetter]]

    async def post(self, address: str | None = None) -> list[Delivered]:
        waiting_ = [entry for entry in await self.box() if entry.done_at is None]
        kinds = {
            message_id(self.settings, entry.id): type(outbox.read(self.keys, entry))
            for entry in waiting_
        }
        letters = await super().post()
        self.seen += letters
        self.kinds |= {kinds[str(letter.mail["Message-ID"])] for letter in letters}
        return [each for each in letters if address in (None, each.to)]


Act = Callable[[Watched], Awaitable[object]]


async def signing_in(village: Village) -> None:
    async with village.database.write() as db:
        await signin.send_link(
            db,
            village.keys,
            BO,
            locale="en",
            zone="UTC",
            host="::1",
            now=village.clock(),
            signup="open",
        )


async def invited_to_nothing_yet(village: Village) -> None:
    await village.found(name=NAME, purpose=PURPOSE)
    await village.invite(CY)


async def asked_to_facilitate(village: Village) -> None:
    membership = await village.membership(BO)
    async with village.acting() as (db, mine):
        await rota.offer_role(db, village.keys, mine, membership.id, now=village.clock())


async def two_facilitators(village: Village) -> None:
    await asked_to_facilitate(village)
    async with village.acting(BO) as (db, mine):
        await rota.accept_role(db, village.keys, mine, now=village.clock())


async def facilitates_as_well(village: Village) -> None:
    await asked_to_facilitate(village)
    await village.post()
    async with village.acting(BO) as (db, mine):
        await rota.accept_role(db, village.keys, mine, now=village.clock())


async def facilitates_no_more(village: Village) -> None:
    await two_facilitators(village)
    membership = await village.membership(BO)
    async with village.acting() as (db, mine):
        await rota.end_role(db, village.keys, mine, membership.id, now=village.clock())


async def set_duty(village: Village, original: datetime, who: str) -> None:
    membership = await village.membership(who)
    async with village.planning(village.planned) as (db, booking):
        await rota.set_date(
            db, village.keys, booking, original, membership.id, now=village.clock()
        )


async def duties_changed(village: Village) -> None:
    await two_facilitators(village)
    await set_duty(village, FIRST, BO)


async def asked_to_swap(village: Village) -> None:
    await duties_changed(village)
    await set_duty(village, SECOND, DANA)
    async with village.planning(village.planned) as (db, booking):
        await rota.ask_swap(db, village.keys, booking, SECOND, FIRST, now=village.clock())


async def changed_for_good(village: Village) -> None:
    wish = Wish(to=FIRST + timedelta(hours=1), title=OTHER_TITLE)
    async with village.planning(village.planned) as (db, booking):
        await replanning.change(
            db, village.keys, booking, "all", None, wish, now=village.clock()
        )


async def one_date_has_another_title(village: Village) -> None:
    wish = Wish(to=THURSDAY, title=OTHER_TITLE)
    async with village.planning(village.planned) as (db, booking):
        await schedule.change_date(db, village.keys, booking, FIRST, wish, now=village.clock())


async def taken_back_and_restored(village: Village) -> None:
    await village.cancel(village.planned, SECOND)
    await village.post()
    await village.restore(village.planned, SECOND)


async def cancelled_and_restored(village: Village) -> None:
    await village.cancel_series(village.planned)
    await village.post()
    async with village.planning(village.planned) as (db, booking):
        await schedule.restore_series(db, village.keys, booking, now=village.clock())


async def another_own_word(village: Village) -> None:
    async with village.database.write() as db:
        person = await people.find_person(db, village.keys, BO)
        assert person is not None
        people.change_person(person, now=village.clock(), summary="Sport")
        await schedule.redraw(db, village.keys, person, now=village.clock())


async def gone_for_good(village: Village) -> None:
    async with village.acting(BO) as (db, mine):
        person = await db.get_one(Person, mine.membership.person_id)
        await say_farewell(db, village.keys, village.settings, person, now=village.clock())
        await export.forget(db, person)


async def proposal_declined(village: Watched) -> None:
    [letter] = [each for each in village.seen if each.to == BO][-1:]
    ends = THURSDAY + timedelta(minutes=75)
    zone = "TZID=Asia/Jerusalem"
    counter = answer_to(
        letter,
        at=village.clock(),
        method="COUNTER",
        partstat="NEEDS-ACTION",
        comment=COMMENT,
        start=f"DTSTART;{zone}:{THURSDAY:%Y%m%dT%H%M%S}\nDTEND;{zone}:{ends:%Y%m%dT%H%M%S}",
        date=f"RECURRENCE-ID;{zone}:{SECOND:%Y%m%dT%H%M%S}",
    )
    fate = await inbound.receive(
        village.database, village.keys, plain(counter), now=village.clock()
    )
    assert fate == "done"
    async with village.planning(village.planned) as (db, booking):
        [(proposal, _)] = await proposals.proposed(db, booking, now=village.clock())
        leader = await db.get_one(Person, booking.mine.membership.person_id)
        await proposals.decline(db, village.keys, leader, proposal.id, now=village.clock())


async def asked_when_it_suits(village: Village) -> None:
    async with village.acting() as (db, mine):
        await polls.propose(
            db,
            village.keys,
            mine,
            title=POLL_TITLE,
            zone="Asia/Jerusalem",
            minutes=75,
            times=[THURSDAY, THIRD + timedelta(days=1)],
            until=FIRST.date(),
            now=village.clock(),
        )


async def reminded(village: Village) -> None:
    before = village.clock()
    village.clock.now = datetime.fromisoformat("2026-03-09T18:00:00+00:00")
    await reminders.post_due(village.database, village.keys, since=before, now=village.clock())


async def place_offered(village: Village) -> None:
    async with village.database.write() as db:
        (await db.get_one(Series, village.planned)).seats = 1
    words: tuple[tuple[str, Word], ...] = ((CY, "yes"), (BO, "yes"), (CY, "no"))
    for who, word in words:
        village.clock.forward(A_MINUTE)
        now = village.clock()
        async with village.acting(who) as (db, mine):
            await waiting.answer(
                db, village.keys, mine, village.planned, original=FIRST, word=word, now=now
            )


async def waits_for_a_place(village: Watched) -> None:
    async with village.database.write() as db:
        (await db.get_one(Series, village.planned)).seats = 1
    for who in (CY, BO):
        village.clock.forward(A_MINUTE)
        async with village.acting(who) as (db, mine):
            await answers.answer(
                db, mine, village.planned, original=FIRST, answer="yes", now=village.clock()
            )
    async with village.planning(village.planned, BO) as (db, booking):
        waiting.say_so(
            db, village.keys, booking.mine, booking.series, FIRST, now=village.clock()
        )


async def asked_to_be_let_in(village: Village) -> None:
    await village.found(name=NAME, purpose=PURPOSE, openness="open")
    async with village.acting() as (db, mine):
        await join_requests.ask(
            db,
            village.keys,
            mine.circle,
            address="di@example.org",
            locale="en",
            zone="UTC",
            host="::1",
            now=village.clock(),
        )


CASES: dict[type[outbox.AnyLetter], Act] = {
    outbox.SignInLetter: signing_in,
    outbox.Welcome: invited_to_nothing_yet,
    outbox.Booked: lambda v: v.book(title=TITLE),
    outbox.DateChanged: one_date_has_another_title,
    outbox.DateCancelled: lambda v: v.cancel(v.planned, SECOND),
    outbox.DateRestored: taken_back_and_restored,
    outbox.SeriesCancelled: lambda v: v.cancel_series(v.planned),
    outbox.SeriesChanged: changed_for_good,
    outbox.SeriesRestored: cancelled_and_restored,
    outbox.Redrawn: another_own_word,
    outbox.Farewell: gone_for_good,
    outbox.CounterDeclined: proposal_declined,
    outbox.RotaChanged: duties_changed,
    outbox.RotaAsked: asked_to_swap,
    outbox.RoleOffered: asked_to_facilitate,
    outbox.RoleChanged: facilitates_no_more,
    outbox.RoleTaken: facilitates_as_well,
    outbox.PollAsked: asked_when_it_suits,
    outbox.Reminder: reminded,
    outbox.SeatOffered: place_offered,
    outbox.InLine: waits_for_a_place,
    outbox.JoinAsked: asked_to_be_let_in,
}


async def settled(village: Village, locale: Locale) -> Watched:
    """Bo and Cy have a series in their calendars; nobody has chosen to see more."""
    watched = Watched.over(village)
    await watched.found(name=NAME, purpose=PURPOSE)
    await watched.choose(DANA, name=LEADER)
    await watched.invite(BO, CY, locale=locale)
    await watched.post()
    await watched.book(title=TITLE)
    await watched.post()
    return watched


def test_each_kind_of_letter_has_a_case() -> None:
    assert {kind.__name__ for kind in WRITERS} == {kind.__name__ for kind in CASES}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "locale"),
    # What may stand in a sentence is the same in every language: one of them for each kind.
    list(zip(CASES, cycle(LOCALES), strict=False)),
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
async def test_no_word_of_the_circle_is_in_a_letter(
    village: Village, kind: type[outbox.AnyLetter], locale: Locale
) -> None:
    watched = await settled(village, locale)

    await CASES[kind](watched)
    await watched.post()

    assert kind in watched.kinds, "the case does not lead to such a letter"
    for letter in watched.seen:
        mark = str(letter.mail["Message-ID"])
        words = words_found(letter.message, [*WORDS, str(watched.circle), "Ronda"])
        assert words - HOST == set(), letter.message.decode(errors="replace")
        assert words_found(Path(file_of(mark)).name.encode(), WORDS) == set()
        assert words_found(f"{letter.sender} {letter.to}".encode(), WORDS) == set()


HOST = {"Ronda"}
"""The test's own address; that no other word of ours is in a letter is told elsewhere."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("which", ["all", "one"])
async def test_no_word_of_the_circle_is_in_a_feed(village: Village, which: str) -> None:
    watched = await settled(village, "he")
    await one_date_has_another_title(watched)
    await watched.cancel(watched.planned, SECOND)
    await duties_changed(watched)
    token = await watched.feed_token(BO)
    if which == "one":
        async with watched.acting(BO) as (_, mine):
            feeds.renew(watched.keys, mine.membership)
            token = feeds.token_of(watched.keys, mine.membership) or ""

    feed = await written(watched, token)
    assert words_found(feed, [*WORDS, str(watched.circle)]) == set()
    assert words_found(Body(feed).packed or b"", WORDS) == set()

    watched.clock.forward(A_MINUTE)
    await watched.choose(BO, detail="full")
    assert {"Zephyr", "Murmuration", "Brambleway"} <= words_found(
        await written(watched, token), WORDS
    )


async def written(village: Village, token: str) -> bytes:
    return feeds.write(
        await village.subscription(token),
        keys=village.keys,
        settings=village.settings,
        written=feeds.EntryBytes(),
        now=village.clock(),
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_scan_finds_them_in_the_letters_of_whoever_chose_full(
    village: Village,
) -> None:
    watched = await settled(village, "en")
    watched.seen.clear()
    await watched.choose(BO, detail="full")
    await watched.book(Pattern(THURSDAY, "Asia/Jerusalem", 75, None), title=TITLE)

    [letter] = await watched.post(BO)

    assert {"Zephyr", "מנורה", "Murmuration"} <= words_found(letter.message, WORDS)
