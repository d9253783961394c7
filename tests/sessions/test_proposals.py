"""Other times that people propose from their calendar (RFC 5546 - 3.2.7. COUNTER)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sessions import answers, inbound, proposals
from sessions.errors import Conflict, NotAllowed, NotFound
from sessions.proposals import Proposal, Proposed
from sessions.recurrence import Pattern
from tests.calendars.app import unfolded, value
from tests.fakes import Delivered
from tests.sessions.answering import APPS, Said, answer_to, plain
from tests.sessions.village import BO, CY, DANA, EVENINGS, FIRST, SECOND, THIRD, Village
from tests.web.tables import everything

HOUR = timedelta(hours=1)
LATER = SECOND + timedelta(days=1, hours=-1)


def wish(village: Village, letter: Delivered, original: datetime, **changes: Any) -> Said:
    """An hour and a quarter at another time, for one date of the series."""
    to = changes.pop("to", LATER)
    ends = to + timedelta(minutes=changes.pop("minutes", 75))
    zone = changes.pop("zone", "Asia/Jerusalem")
    start = f"DTSTART;TZID={zone}:{to:%Y%m%dT%H%M%S}\nDTEND;TZID={zone}:{ends:%Y%m%dT%H%M%S}"
    date = f"RECURRENCE-ID;TZID=Asia/Jerusalem:{original:%Y%m%dT%H%M%S}"
    changes = {"partstat": "NEEDS-ACTION", "start": start, "date": date} | changes
    return answer_to(letter, at=village.clock(), method="COUNTER", **changes)


async def receive(village: Village, raw: bytes) -> None:
    fate = await inbound.receive(village.database, village.keys, raw, now=village.clock())
    assert fate == "done"


async def proposed(village: Village, who: str = DANA) -> list[Proposed]:
    async with village.planning(village.planned, who) as (db, booking):
        return await proposals.proposed(db, booking, now=village.clock())


async def decide(village: Village, how: str, which: Proposed, who: str = DANA) -> None:
    person = await village.person(who)
    async with village.database.write() as db:
        await getattr(proposals, how)(
            db, village.keys, person, which.proposal.id, now=village.clock()
        )


@pytest.fixture
async def invitation(village: Village) -> Delivered:
    await village.invite(BO, CY)
    await village.book()
    return (await village.post(BO))[-1]


class TestProposing:
    @pytest.mark.parametrize("app", APPS)
    async def test_facilitators_see_what_was_proposed(
        self, village: Village, invitation: Delivered, app: str
    ) -> None:
        counter = wish(village, invitation, SECOND, comment="Choir\\, sorry")
        await receive(village, APPS[app](counter))
        [(proposal, person)] = await proposed(village)

        assert person.id == (await village.person(BO)).id
        assert (proposal.original, proposal.start) == (SECOND, LATER)
        assert (proposal.minutes, proposal.comment) == (75, "Choir, sorry")
        assert await village.post() == []

    async def test_it_is_shown_in_the_zone_of_the_series(
        self, village: Village, invitation: Delivered
    ) -> None:
        counter = wish(village, invitation, SECOND, zone="Europe/London", minutes=30)
        await receive(village, plain(counter))
        [(proposal, _)] = await proposed(village)

        assert (proposal.start, proposal.minutes) == (LATER + timedelta(hours=2), 30)

    async def test_a_newer_one_replaces_it_an_older_one_does_not(
        self, village: Village, invitation: Delivered
    ) -> None:
        older = plain(wish(village, invitation, SECOND))
        village.clock.forward(timedelta(minutes=1))
        newer = plain(wish(village, invitation, SECOND, to=LATER + timedelta(hours=1)))
        await receive(village, newer)
        await receive(village, older)
        await receive(village, newer)

        [(proposal, _)] = await proposed(village)
        assert proposal.start == LATER + timedelta(hours=1)

    async def test_other_words_at_the_same_time_propose_nothing(
        self, village: Village, invitation: Delivered
    ) -> None:
        before = await everything(village.database)
        await receive(village, plain(wish(village, invitation, SECOND, to=SECOND)))
        after = await everything(village.database)

        assert after["proposal"] == before["proposal"] == []
        assert await village.post() == []

    async def test_declining_for_another_time_declines(
        self, village: Village, invitation: Delivered
    ) -> None:
        """As Outlook has it: “decline and propose new time”."""
        await receive(village, plain(wish(village, invitation, SECOND, partstat="DECLINED")))

        membership = await village.membership(BO)
        async with village.database.read() as db:
            given = await answers.answers_of(db, [membership.id])
        assert given == {(village.planned, SECOND): "no"}
        assert len(await proposed(village)) == 1

    async def test_only_facilitators_see_and_decide(
        self, village: Village, invitation: Delivered
    ) -> None:
        await receive(village, plain(wish(village, invitation, SECOND)))
        [one] = await proposed(village)

        with pytest.raises(NotAllowed):
            await proposed(village, CY)
        for how in ("accept", "decline"):
            with pytest.raises(NotAllowed):
                await decide(village, how, one, CY)
        await village.found("eve@example.org")
        with pytest.raises(NotFound):
            await decide(village, "accept", one, "eve@example.org")


class TestAccepting:
    async def test_moves_the_date_and_tells_everyone(
        self, village: Village, invitation: Delivered
    ) -> None:
        await receive(village, plain(wish(village, invitation, SECOND)))
        [one] = await proposed(village)
        await decide(village, "accept", one)
        await decide(village, "accept", one)
        letters = await village.post()

        assert {letter.to for letter in letters} == {BO, CY}
        for letter in letters:
            assert value(letter.calendar, "METHOD") == "REQUEST"
            assert "DTSTART;TZID=Asia/Jerusalem:20260318T180000" in str(letter.calendar)
        assert await proposed(village) == []

    async def test_what_was_for_the_whole_series_is_changed_elsewhere(
        self, village: Village, invitation: Delivered
    ) -> None:
        to = FIRST + timedelta(hours=1)
        await receive(village, plain(wish(village, invitation, FIRST, date="", to=to)))
        [one] = await proposed(village)

        assert one.proposal.original is None
        with pytest.raises(Conflict, match="proposal_for_all"):
            await decide(village, "accept", one)

    async def test_a_single_meeting_is_moved_by_itself(self, village: Village) -> None:
        await village.invite(BO)
        await village.book(Pattern(FIRST, EVENINGS.zone, 75))
        invitation = (await village.post(BO))[-1]
        await receive(village, plain(wish(village, invitation, FIRST, date="")))
        [one] = await proposed(village)
        await decide(village, "accept", one)
        [letter] = await village.post(BO)

        assert "DTSTART;TZID=Asia/Jerusalem:20260318T180000" in str(letter.calendar)

    async def test_once_decided_it_stays_decided(
        self, village: Village, invitation: Delivered
    ) -> None:
        await receive(village, plain(wish(village, invitation, SECOND)))
        await receive(village, plain(wish(village, invitation, THIRD)))
        one, other = await proposed(village)
        await decide(village, "accept", one)
        await decide(village, "decline", other)

        with pytest.raises(Conflict, match="proposal_decided"):
            await decide(village, "decline", one)
        with pytest.raises(Conflict, match="proposal_decided"):
            await decide(village, "accept", other)


class TestDeclining:
    async def test_the_one_who_asked_hears_that_it_stays(
        self, village: Village, invitation: Delivered
    ) -> None:
        """RFC 5546 - 3.2.8. DECLINECOUNTER: with the sequence that the counter had."""
        counter = plain(wish(village, invitation, SECOND))
        await receive(village, counter)
        [one] = await proposed(village)
        await decide(village, "decline", one)
        await decide(village, "decline", one)
        [letter] = await village.post()
        calendar = unfolded(letter.calendar)

        assert (letter.to, letter.sender) == (BO, invitation.sender)
        assert value(calendar, "METHOD") == "DECLINECOUNTER"
        assert b'method="DECLINECOUNTER"' in letter.message
        assert value(calendar, "UID") == value(invitation.calendar, "UID")
        assert value(calendar, "SEQUENCE") == "0"
        assert b"RECURRENCE-ID;TZID=Asia/Jerusalem:20260317T190000" in calendar
        assert b"Lantern" not in letter.message
        assert b"Evening hour" not in letter.message

        await receive(village, counter)
        assert await village.post() == []
        assert await proposed(village) == []

    @pytest.mark.parametrize(
        ("to", "minutes"),
        [
            (datetime(2026, 3, 1, 19), 75),  # noqa: DTZ001 - wall time
            (datetime(2026, 3, 27, 2, 30), 75),  # noqa: DTZ001 - skipped in Jerusalem
            (datetime(2026, 10, 25, 1, 30), 75),  # noqa: DTZ001 - shown twice there
            (LATER, 2),
            (LATER, -75),
            (LATER, 60 * 24 * 365),
            (datetime(9998, 1, 1), 75),  # noqa: DTZ001
            (LATER + timedelta(seconds=7), 75),
        ],
    )
    async def test_what_cannot_be_is_declined_by_itself(
        self, village: Village, invitation: Delivered, to: datetime, minutes: int
    ) -> None:
        counter = wish(village, invitation, SECOND, to=to, minutes=minutes)
        await receive(village, plain(counter))
        await receive(village, plain(counter))
        letters = await village.post()

        assert [value(letter.calendar, "METHOD") for letter in letters] == ["DECLINECOUNTER"]
        assert await proposed(village) == []

    async def test_so_is_another_time_for_what_is_over(
        self, village: Village, invitation: Delivered
    ) -> None:
        village.clock.forward(timedelta(days=10))
        await receive(village, plain(wish(village, invitation, FIRST)))
        letters = await village.post()

        assert [value(letter.calendar, "METHOD") for letter in letters] == ["DECLINECOUNTER"]


class TestReplanning:
    async def test_it_goes_with_its_date_into_the_series_that_follows(
        self, village: Village, invitation: Delivered
    ) -> None:
        for original in (FIRST, THIRD):
            to = original + timedelta(days=1)
            await receive(village, plain(wish(village, invitation, original, to=to)))
        before = village.planned
        changed = await village.change(before, "following", SECOND, zone="Europe/London")

        [(kept, _)] = await proposed(village)
        village.planned = changed.series
        [one] = await proposed(village)
        assert (kept.original, one.proposal.original) == (FIRST, THIRD)
        assert one.proposal.start == THIRD + timedelta(days=1, hours=-2)
        await village.post()
        await decide(village, "accept", one)
        [letter, _] = await village.post()
        assert value(letter.calendar, "UID") == (await village.series(changed.series)).uid
        assert "DTSTART;TZID=Europe/London:20260325T170000" in str(letter.calendar)

    async def test_it_is_declined_in_the_series_that_has_the_date(
        self, village: Village, invitation: Delivered
    ) -> None:
        await receive(village, plain(wish(village, invitation, THIRD)))
        for hours in (1, 2):
            original = SECOND + timedelta(hours=hours - 1)
            later = SECOND + timedelta(hours=hours)
            changed = await village.change(village.planned, "following", original, to=later)
            village.planned = changed.series
        await village.post()

        [one] = await proposed(village)
        await decide(village, "decline", one)

        [letter] = await village.post()
        series = await village.series(village.planned)
        assert value(letter.calendar, "UID") == series.uid
        assert value(letter.calendar, "SEQUENCE") == str(series.sequence)
        assert value(letter.calendar, "RECURRENCE-ID") == "20260324T210000"

    async def test_what_was_for_all_is_where_the_dates_are(
        self, village: Village, invitation: Delivered
    ) -> None:
        to = FIRST + timedelta(hours=1)
        await receive(village, plain(wish(village, invitation, FIRST, date="", to=to)))

        changed = await village.change(village.planned, "following", SECOND, minutes=60)

        assert await proposed(village) == []
        village.planned = changed.series
        [(proposal, _)] = await proposed(village)
        assert (proposal.original, proposal.start) == (None, to)

    async def test_with_a_date_that_is_no_more_it_is_settled(
        self, village: Village, invitation: Delivered
    ) -> None:
        await receive(village, plain(wish(village, invitation, THIRD)))

        await village.change(village.planned, "all", to=FIRST + timedelta(days=1))

        assert await proposed(village) == []

    async def test_so_it_is_where_the_series_begins_only_after_that_date(
        self, village: Village, invitation: Delivered
    ) -> None:
        series = village.planned
        await receive(village, plain(wish(village, invitation, FIRST)))
        await receive(village, plain(wish(village, invitation, THIRD, to=THIRD + HOUR)))
        for original in (FIRST, SECOND):
            await village.cancel(series, original)

        changed = await village.change(series, "following", THIRD, minutes=60)

        assert changed.series == series
        assert [one.proposal.original for one in await proposed(village)] == [THIRD]


@pytest.mark.parametrize(
    "changes",
    [
        {"uid": "another"},
        {"organizer": "mail+0123456789abcdef01234567@localhost"},
        {"sequence": 3},
        {"start": ""},
        {"start": "DTSTART;VALUE=DATE:20260318"},
        {"start": "DTSTART:00010101T000000Z"},
        {"date": "RECURRENCE-ID:20260318T170000Z"},
    ],
    ids=str,
)
async def test_a_forged_one_changes_nothing(
    village: Village, invitation: Delivered, changes: dict[str, Any]
) -> None:
    before = await everything(village.database)
    await receive(village, plain(wish(village, invitation, SECOND, **changes)))

    if changes == {"start": "DTSTART:00010101T000000Z"}:
        assert await proposed(village) == []
    else:
        assert await everything(village.database) == before


async def test_proposals_are_forgotten_after_30_days(
    village: Village, invitation: Delivered
) -> None:
    await receive(village, plain(wish(village, invitation, SECOND)))
    bo, kept = (await village.membership(BO)).id, []
    for days in (30, 30.01):
        async with village.database.write() as db:
            await proposals.forget_old(db, now=village.clock() + timedelta(days=days))
            kept.append(len(await proposals.of_memberships(db, [bo])))

    assert kept == [1, 0]
    assert "address" not in Proposal.model_fields
