"""Who wants something else to be seen: the calendar follows, and is cleared at the end."""

# ruff: noqa: DTZ001 - wall time has no zone

from datetime import datetime, timedelta
from uuid import UUID

from sessions import circles, export, people, schedule
from sessions.letters.farewell import say_farewell
from sessions.people import Person
from tests.calendars.app import App, unfolded, value
from tests.fakes import Delivered, Pigeon
from tests.house import House
from tests.sessions.village import BO, CY, DANA, FIRST, Village

THURSDAY = datetime(2026, 3, 12, 20, 30)


def said(letter: Delivered) -> tuple[str, int, str]:
    text = unfolded(letter.calendar)
    return value(text, "METHOD"), int(value(text, "SEQUENCE")), value(text, "SUMMARY")


async def redraw(village: Village, who: str, **changes: str) -> None:
    async with village.database.write() as db:
        person = await people.find_person(db, village.keys, who)
        assert person is not None
        before = schedule.look_of(person)
        people.change_person(person, now=village.clock(), **changes)  # type: ignore[arg-type]
        if schedule.look_of(person) != before:
            await schedule.redraw(db, village.keys, person, now=village.clock())


async def forget(village: Village, who: str) -> None:
    async with village.database.write() as db:
        person = await people.find_person(db, village.keys, who)
        assert person is not None
        await say_farewell(db, village.keys, village.settings, person, now=village.clock())
        await export.forget(db, person)


class TestRedrawn:
    async def test_the_entries_are_written_anew_for_that_person_alone(
        self, village: Village, weekly: UUID
    ) -> None:
        await redraw(village, BO, detail="full")
        await redraw(village, BO, detail="discreet", summary="Dentist")

        letters = await village.post()

        assert [(letter.to, said(letter)) for letter in letters] == [
            (BO, ("REQUEST", 2, "Dentist"))
        ]
        body = letters[0].mail.get_body(("plain",))
        assert body is not None
        assert "Mails that came before stay" in body.get_content().replace("\n", " ")

    async def test_what_is_not_seen_in_an_entry_redraws_nothing(
        self, village: Village, weekly: UUID
    ) -> None:
        await redraw(village, BO, name="Bo", zone="Asia/Tokyo")
        await redraw(village, CY, detail="full")
        await village.post()
        await redraw(village, CY, summary="Unseen", locale="he")

        assert await village.post() == []

    async def test_who_was_never_mailed_has_nothing_to_be_redrawn(
        self, village: Village, weekly: UUID
    ) -> None:
        await redraw(village, DANA, detail="full")

        assert await village.post() == []
        assert (await village.series(weekly)).sequence == 0

    async def test_a_change_is_not_lost_beside_it(self, village: Village, weekly: UUID) -> None:
        app = App()
        await village.cancel(weekly, FIRST)
        await redraw(village, BO, summary="Dentist")

        letters = await village.post(BO)

        assert [said(letter)[0] for letter in letters] == ["CANCEL", "REQUEST"]
        assert b"EXDATE;TZID=Asia/Jerusalem:20260310T190000" in letters[1].calendar
        app.take(letters[1])

    async def test_a_renamed_circle_is_renamed_for_those_who_see_its_name(
        self, village: Village, weekly: UUID
    ) -> None:
        await redraw(village, BO, detail="full")
        await village.post()
        async with village.acting() as (db, mine):
            plan = circles.plan_of(mine.circle)._replace(name="Harbour")
            circles.change_circle(mine.circle, plan, can_hide=True, now=village.clock())
            await schedule.redraw_circle(db, village.keys, mine.circle, now=village.clock())

        [letter] = await village.post()

        assert letter.to == BO
        assert "Harbour" in unfolded(letter.calendar).decode()


class TestFarewell:
    async def test_who_deletes_themself_has_their_calendar_cleared(
        self, village: Village, weekly: UUID
    ) -> None:
        person = await village.person(BO)

        await forget(village, BO)

        [letter] = await village.post()
        assert letter.to == BO
        assert said(letter) == ("CANCEL", 1, "Appointment")
        assert "#" not in str(letter.mail.get_body(("plain",)))
        async with village.database.read() as db:
            assert await db.get(Person, person.id) is None
        [farewell] = [entry for entry in await village.box() if entry.membership_id is None]
        assert (farewell.letter, farewell.outcome) == (b"", "sent")

    async def test_it_leaves_though_the_post_is_away_for_long(
        self, village: Village, weekly: UUID
    ) -> None:
        await forget(village, BO)
        pigeon = Pigeon(["put off", "put off"])
        for _ in range(3):
            await village.courier(pigeon).deliver_everything()
            village.clock.forward(timedelta(hours=1))

        assert [said(letter)[0] for letter in pigeon.delivered] == ["CANCEL"]

    async def test_who_never_heard_of_it_gets_none(self, village: Village) -> None:
        await village.welcome(BO)
        await village.book()

        await forget(village, BO)

        assert await village.post() == []

    async def test_who_was_let_go_before_is_not_written_to_twice(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.let_go(BO)
        await village.post()
        await village.let_go(CY)

        await forget(village, BO)
        await forget(village, CY)

        assert [(letter.to, said(letter)[0]) for letter in await village.post()] == [
            (CY, "CANCEL")
        ]


async def test_over_http_both_happen_by_themselves(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        await dana.book(circle)
        await dana.invite(circle, BO)
        await house.letters()
        await bo.sign_in(BO)
        before = len(await house.letters(to=BO))

        await bo.patch("/api/me", {"summary": "Tea"})
        redrawn = (await house.letters(to=BO))[before:]
        await bo.delete("/api/me")
        farewell = (await house.letters(to=BO))[before + 1 :]

    assert [letter["Subject"][:3] for letter in redrawn] == ["Tea"]
    assert [letter["Subject"] for letter in farewell] == ["Cancelled: Tea"]
