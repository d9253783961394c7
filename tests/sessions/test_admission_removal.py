from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from sessions import admission
from sessions.admission import HeadCount, Removal, room_id
from sessions.errors import NotAllowed
from tests.sessions.door import come_back, enter, look, read
from tests.sessions.village import CY, FIRST, Village


async def remove(village: Village, seat: str, device: str = "", *, room: str) -> None:
    async with village.database.write() as db:
        await admission.note_removal(db, room, seat, device, now=village.clock())


class TestRemoval:
    async def test_the_seat_is_refused_on_every_device(self, evening: Village) -> None:
        entry = await enter(evening)
        seat = read(evening, entry)
        await remove(evening, seat.seat, room=seat.room)

        assert (await look(evening)).state == "removed"
        with pytest.raises(NotAllowed, match="removed"):
            await enter(evening)
        with pytest.raises(NotAllowed, match="removed"):
            await come_back(evening, entry.seat)

    async def test_the_device_is_refused_with_every_ticket(self, evening: Village) -> None:
        entry = await enter(evening)
        seat = read(evening, entry)
        await remove(evening, "", seat.device, room=seat.room)

        assert (await look(evening, CY, device=seat.device)).state == "removed"
        with pytest.raises(NotAllowed, match="removed"):
            await enter(evening, CY, seat_cookie=entry.seat)
        assert (await look(evening, CY)).state == "open", "another device of somebody else"

    async def test_it_is_for_this_date_only(self, evening: Village) -> None:
        seat = read(evening, await enter(evening))
        await remove(evening, seat.seat, seat.device, room=seat.room)

        evening.clock.forward(timedelta(weeks=1))

        assert (await look(evening, device=seat.device)).state == "open"

    async def test_hearing_of_it_twice_is_hearing_of_it_once_and_it_is_forgotten(
        self, evening: Village
    ) -> None:
        for _ in range(2):
            await remove(evening, "s", "d", room="r")

        async with evening.database.write() as db:
            [row] = list(await db.exec(select(Removal)))
            await admission.forget_old(db, now=row.removed_at + timedelta(days=1))
            assert list(await db.exec(select(Removal)))
            await admission.forget_old(db, now=row.removed_at + timedelta(days=1.1))
            assert not list(await db.exec(select(Removal)))


class TestHeads:
    async def test_only_a_number_is_kept_and_the_last_one_counts(
        self, evening: Village
    ) -> None:
        room = room_id(await evening.series(evening.planned), FIRST)
        for heads in (3, 4):
            async with evening.database.write() as db:
                await admission.note_heads(db, room, heads)

        async with evening.database.read() as db:
            [row] = list(await db.exec(select(HeadCount)))
        assert row.model_dump() == {
            "series_id": evening.planned, "original": FIRST, "heads": 4,
        }  # fmt: skip

    async def test_a_room_of_a_series_that_was_deleted_meanwhile_is_no_trouble(
        self, evening: Village
    ) -> None:
        async with evening.database.write() as db:
            await admission.note_heads(db, f"{uuid4().hex}.20260310T190000", 3)
            assert not list(await db.exec(select(HeadCount)))
