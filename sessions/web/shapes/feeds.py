"""Calendars to subscribe to."""

from datetime import date
from uuid import UUID

from sessions.circles import Role
from sessions.web.shapes.base import View


class FeedView(View, frozen=True, kw_only=True):
    """Without addresses while there is none: not asked for yet, or ended."""

    live: bool
    url: str | None
    webcal: str | None
    google: str | None
    outlook: str | None
    office: str | None
    last_used_on: date | None


class CircleFeedView(FeedView, frozen=True, kw_only=True):
    circle: UUID
    name: str
    role: Role


class FeedsView(View, frozen=True, kw_only=True):
    all: FeedView
    circles: list[CircleFeedView]
