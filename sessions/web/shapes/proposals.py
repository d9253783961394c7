"""Other times that people have proposed."""

from datetime import datetime
from uuid import UUID

from sessions.web.shapes.base import View, WallTime


class ProposalView(View, frozen=True, kw_only=True):
    id: UUID
    name: str
    """Or, of somebody without one, the masked address."""
    original: datetime | None
    """`None`: for the whole series."""
    start: WallTime
    minutes: int
    comment: str
    at: datetime
