"""A circle that several people facilitate, and who has which of its dates."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sessions import rota
from sessions.rota import RotaSwap
from sessions.schedule import Booking
from sessions.zones import resolve
from tests.sessions.village import BO, CY, DANA, EVENINGS, Village

NAMES = {DANA: "D", BO: "B", CY: "C"}
WEEKS = [EVENINGS.start + timedelta(weeks=week) for week in range(12)]


class Team:
    def __init__(self, village: Village) -> None:
        self.village = village

    async def leads(self, address: str, *, who: str = DANA) -> None:
        """Asked, and said yes."""
        await self.offer(address, who=who)
        await self.says_yes(address)

    async def offer(self, address: str, *, who: str = DANA) -> None:
        asked = await self.id(address)
        async with self.village.acting(who) as (db, mine):
            await rota.offer_role(db, self.village.keys, mine, asked, now=self.village.clock())

    async def says_yes(self, address: str) -> None:
        async with self.village.acting(address) as (db, mine):
            await rota.accept_role(db, self.village.keys, mine, now=self.village.clock())

    async def says_no(self, address: str) -> None:
        async with self.village.acting(address) as (_, mine):
            rota.decline_role(mine)

    async def leads_no_more(self, address: str, *, who: str = DANA) -> None:
        ended = await self.id(address)
        async with self.village.acting(who) as (db, mine):
            await rota.end_role(db, self.village.keys, mine, ended, now=self.village.clock())

    async def withdraws(self, address: str, *, who: str = DANA) -> None:
        asked = await self.id(address)
        async with self.village.acting(who) as (db, mine):
            await rota.withdraw_offer(db, mine, asked)

    async def take_turns(self, *order: str, every: int = 1, who: str = DANA) -> None:
        ids = [await self.id(address) for address in order]
        async with self.village.planning(self.village.planned, who) as (db, booking):
            await rota.set_order(
                db, self.village.keys, booking, ids, every=every, now=self.village.clock()
            )

    async def give(self, week: int, to: str | None, *, who: str = DANA) -> None:
        to_id = await self.id(to) if to else None
        async with self.village.planning(self.village.planned, who) as (db, booking):
            await rota.set_date(
                db, self.village.keys, booking, WEEKS[week], to_id, now=self.village.clock()
            )

    async def free(self, week: int) -> None:
        async with self.village.planning(self.village.planned) as (db, booking):
            await rota.free_date(
                db, self.village.keys, booking, WEEKS[week], now=self.village.clock()
            )

    async def skip(self, week: int, *, who: str = DANA) -> None:
        async with self.village.planning(self.village.planned, who) as (db, booking):
            await rota.skip(
                db, self.village.keys, booking, WEEKS[week], now=self.village.clock()
            )

    async def ask(self, mine: int, theirs: int, *, who: str) -> None:
        async with self.village.planning(self.village.planned, who) as (db, booking):
            await rota.ask_swap(
                db,
                self.village.keys,
                booking,
                WEEKS[mine],
                WEEKS[theirs],
                now=self.village.clock(),
            )

    async def agree(self, one: int, other: int, *, who: str = DANA) -> None:
        async with self.village.planning(self.village.planned, who) as (db, booking):
            await rota.swap_agreed(
                db,
                self.village.keys,
                booking,
                WEEKS[one],
                WEEKS[other],
                now=self.village.clock(),
            )

    async def accept(self, *, who: str) -> None:
        [swap] = await self.swaps()
        async with self.village.planning(self.village.planned, who) as (db, booking):
            await rota.accept_swap(
                db, self.village.keys, booking, swap.id, now=self.village.clock()
            )

    async def decline(self, *, who: str) -> None:
        [swap] = await self.swaps()
        async with self.village.planning(self.village.planned, who) as (db, booking):
            await rota.decline_swap(db, booking, swap.id)

    async def swaps(self) -> Sequence[RotaSwap]:
        async with self.village.planning(self.village.planned) as (db, booking):
            standing = await rota.rota_of(db, booking)
            return await rota.open_swaps(db, booking, standing, now=self.village.clock())

    async def told(self) -> str:
        """Who has which date: "DBC-"."""
        names = {await self.id(address): NAMES[address] for address in NAMES}
        async with self.village.planning(self.village.planned) as (db, booking):
            standing = await rota.rota_of(db, booking)
            found = rota.duties(
                booking, standing.kept, standing.facilitators, **_all_of(booking)
            )
        return "".join(names[duty.who] if duty.who else "-" for duty in found.values())

    async def id(self, address: str) -> UUID:
        return (await self.village.membership(address)).id


def _all_of(booking: Booking) -> dict[str, datetime]:
    zone = booking.series.zone
    end = resolve(WEEKS[-1], zone) + timedelta(days=1)
    return {"after": resolve(booking.series.start, zone), "before": end}
