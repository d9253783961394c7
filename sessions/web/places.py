"""What a person's yes came to, as JSON."""

from datetime import datetime
from uuid import UUID

from sessions.answers import OpenHall, Said
from sessions.circles import Belonging
from sessions.web.shapes.answers import PlaceView
from sessions.web.shapes.base import utc


def place_of(
    mine: Belonging,
    said: Said,
    series: UUID,
    original: datetime | None,
    *,
    opened: OpenHall | None = None,
) -> PlaceView:
    """Without a place for whoever facilitates: they are there anyway."""
    if mine.leads:
        return PlaceView(place=None, offered_until=None, can_take=False)
    place, wait = said.place(series, original), said.wait(series, original)
    until = wait.until if wait and place == "offered" else None
    return PlaceView(
        place=place,
        offered_until=utc(until) if until else None,
        can_take=opened is not None and opened.hall.can_take(mine.membership.id, original),
    )
