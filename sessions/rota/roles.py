"""Who facilitates a circle, and what becomes of their dates."""

from contextlib import AsyncExitStack
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, outbox, schedule
from sessions.circles import Belonging, Role
from sessions.keys import Keys
from sessions.rota.telling import told


async def change_role(
    db: AsyncSession,
    keys: Keys,
    mine: Belonging,
    membership_id: UUID,
    role: Role,
    *,
    now: datetime,
) -> None:
    """Dates of somebody who facilitates no more stay without anybody until they are filled."""
    async with AsyncExitStack() as stack:
        for booking in await schedule.bookings(db, [mine]):
            if schedule.has_dates(booking, now=now):
                await stack.enter_async_context(told(db, keys, booking, now=now))
        changed = await circles.set_role(db, mine, membership_id, role)
    if changed is not None and changed.id != mine.membership.id:
        letter = outbox.RoleChanged(changed.id, role == "facilitator", uuid4())
        outbox.post(db, keys, letter, now=now)
