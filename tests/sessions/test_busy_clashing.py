"""Who has no time on which date of a plan."""

# ruff: noqa: DTZ001 - wall time has no zone

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sessions.busy.clashing import clashes
from sessions.busy.overlaps import Clashes
from sessions.busy.tables import BusyTime, ExternalCalendar
from sessions.effort import Effort
from sessions.recurrence import Change, Pattern, Rule
from tests.sessions.village import BO, CY, DANA, EVENINGS, FIRST, SECOND, Village

PLAN = replace(EVENINGS, rule=Rule(("TU",)))
"""Without an end, at the same hour as the twelve evenings."""


async def look(
    village: Village,
    who: str = DANA,
    plan: Pattern = PLAN,
    *,
    changes: Mapping[datetime, Change] | None = None,
    circle: UUID | None = None,
    but_not: Iterable[UUID] = (),
) -> Clashes:
    person = await village.person(who)
    async with village.database.read() as db:
        return await clashes(
            db,
            village.keys,
            Effort(),
            person,
            plan,
            changes or {},
            now=village.clock(),
            circle=circle,
            but_not=but_not,
        )


async def is_busy(village: Village, who: str, *times: datetime, label: str = "Work") -> None:
    person = await village.person(who)
    async with village.database.write() as db:
        kept = ExternalCalendar(
            person_id=person.id,
            kind="ics",
            access=b"",
            label=label,
            next_at=village.clock() + timedelta(days=900),
            created_at=village.clock(),
        )
        db.add(kept)
        await db.flush()
        for at in times:
            end = at + timedelta(hours=1)
            db.add(BusyTime(calendar_id=kept.id, starts_at=at, ends_at=end))


async def lead_together(village: Village, who: str, name: str = "") -> None:
    await village.invite(who)
    await village.choose(who, name=name)
    membership = await village.membership(who)
    async with village.database.write() as db:
        membership.role = "facilitator"
        membership.shows_busy = True
        db.add(membership)


def at(day: int, hour: int = 17, month: int = 3, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


async def test_nothing_planned_is_no_clash(village: Village) -> None:
    assert await look(village) == Clashes([], 0)


async def test_the_whole_series_is_compared_with_ones_other_circles(village: Village) -> None:
    await village.book()
    other = await village.found(name="Harbour")
    found = await look(village, circle=other)
    assert found.total == 12
    assert {(clash.kind, clash.label) for clash in found.first} == {("circle", "Lantern")}
    assert found.first[0].original == FIRST


async def test_clocks_that_change_on_different_days_are_seen(village: Village) -> None:
    """In March, New York is an hour nearer to Jerusalem for three Tuesdays."""
    await village.book()
    noon = Pattern(datetime(2026, 3, 10, 12), "America/New_York", 30, Rule(("TU",), count=12))
    found = await look(village, plan=noon)
    assert found.total == 9
    assert found.first[0].original == datetime(2026, 3, 31, 12)


async def test_what_is_cancelled_or_moved_away_is_no_clash(village: Village) -> None:
    series = await village.book()
    await village.cancel(series, FIRST)
    await village.move(series, SECOND, to=SECOND + timedelta(days=1))
    assert (await look(village)).total == 10
    await village.cancel_series(series)
    assert (await look(village)).total == 0


async def test_dates_that_are_skipped_are_no_clash(village: Village) -> None:
    await village.book()
    found = await look(village, changes={FIRST: Change(skipped=True)})
    assert found.total == 11
    assert FIRST not in {clash.original for clash in found.first}


async def test_the_series_that_is_replaced_does_not_stand_in_its_own_way(
    village: Village,
) -> None:
    series = await village.book()
    assert (await look(village, but_not=[series])).total == 0


async def test_an_own_calendar_is_named_and_the_taken_part_told(village: Village) -> None:
    await is_busy(village, DANA, at(10, 17), at(24, 18))
    found = await look(village)
    assert [(c.kind, c.label) for c in found.first] == [("calendar", "Work")] * 2
    # 19:00 in Jerusalem is 17:00 UTC, on 24 March too; it takes 75 minutes.
    assert (found.first[0].starts_at, found.first[0].ends_at) == (at(10, 17), at(10, 18))
    ends = at(24, 18) + timedelta(minutes=15)
    assert (found.first[1].starts_at, found.first[1].ends_at) == (at(24, 18), ends)


async def test_of_a_colleague_only_the_name_is_told(village: Village) -> None:
    await lead_together(village, BO, "Noa")
    circle = village.circle
    await is_busy(village, BO, at(10, 18), label="Clinic")
    await village.found(BO, name="Secret circle")
    await village.book(replace(EVENINGS, start=SECOND, rule=Rule(("TU",), count=1)), who=BO)
    found = await look(village, circle=circle)
    assert [(c.kind, c.label) for c in found.first] == [("colleague", "Noa")] * 2
    assert "Clinic" not in repr(found)
    assert "Secret" not in repr(found)
    first = found.first[0]
    assert (first.starts_at, first.ends_at) == (at(10, 17), at(10, 18) + timedelta(minutes=15))


async def test_a_colleague_without_a_name_is_known_by_the_masked_address(
    village: Village,
) -> None:
    await lead_together(village, BO)
    await is_busy(village, BO, at(10))
    [clash] = (await look(village, circle=village.circle)).first
    assert clash.label == "b…@e….org"


async def test_members_and_those_who_left_are_not_looked_at(village: Village) -> None:
    await village.invite(BO)
    await lead_together(village, CY, "Cy")
    await is_busy(village, BO, at(10))
    await is_busy(village, CY, at(10))
    await village.let_go(CY)
    assert (await look(village, circle=village.circle)).total == 0


async def test_nobody_is_looked_at_who_did_not_agree_to_it(village: Village) -> None:
    await lead_together(village, BO, "Noa")
    await is_busy(village, BO, at(10))
    async with village.database.write() as db:
        membership = await village.membership(BO)
        membership.shows_busy = False
        db.add(membership)

    assert (await look(village, circle=village.circle)).total == 0


async def test_who_is_only_asked_to_facilitate_is_nobodys_colleague(village: Village) -> None:
    await village.invite(BO)
    await is_busy(village, BO, at(10))
    async with village.database.write() as db:
        membership = await village.membership(BO)
        membership.offered_at = village.clock()
        membership.shows_busy = True
        db.add(membership)

    assert (await look(village, circle=village.circle)).total == 0


async def test_nobody_learns_of_colleagues_without_leading_the_circle(
    village: Village,
) -> None:
    await is_busy(village, DANA, at(10))
    await village.invite(BO)
    assert (await look(village, BO, circle=village.circle)).total == 0
    assert (await look(village, DANA)).total == 1


async def test_twenty_are_told_and_all_within_two_years_are_counted(village: Village) -> None:
    plan = replace(PLAN, rule=Rule(("MO", "TU", "WE", "TH", "FR", "SA", "SU")))
    every_day = [at(10) + timedelta(days=n) for n in range(1000)]
    await is_busy(village, DANA, *every_day)
    found = await look(village, plan=plan)
    assert len(found.first) == 20
    assert 700 < found.total < 731
