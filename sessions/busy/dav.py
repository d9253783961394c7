"""
When a CalDAV account is busy (RFC 4791 - 7.10. CALDAV:free-busy-query REPORT).

The requests are built with the `caldav` package. It does not send them: its client has an
HTTP library of its own, reads the answer in this process and expands series here, all of
which a stranger must not get. So they leave through `outgoing`, and the answers are read by
the process that may be killed.
"""

from datetime import datetime
from urllib.parse import urljoin, urlsplit

from caldav.elements import cdav, dav
from caldav.elements.base import BaseElement

from sessions.busy.child import Found, Reader
from sessions.busy.pruning import Unreadable
from sessions.busy.spans import Span, merged
from sessions.outgoing import Answer, Login, Outgoing, Trouble

WELL_KNOWN = "/.well-known/caldav"
"""RFC 6764 - 5. CalDAV and CardDAV Service Well-Known URIs"""
REFUSED = frozenset({401, 403})
GONE = frozenset({404, 410})
MULTI_STATUS = 207


class Account:
    """Somebody's calendars on a server, as far as one address leads to them."""

    def __init__(
        self, outgoing: Outgoing, reader: Reader, address: str, login: Login | None
    ) -> None:
        self._outgoing = outgoing
        self._reader = reader
        self._address = address
        self._login = login

    async def busy(self, *, after: datetime, before: datetime, zone: str) -> list[Span]:
        """Raises `Trouble` or `Unreadable`."""
        spans: list[Span] = []
        for calendar in await self.calendars():
            answer = await self._ask(calendar, "REPORT", free_busy_query(after, before), 1)
            kind = "ics"
            if answer.status != 200:  # servers need not know it; some say 403 then
                answer = await self._ask(calendar, "REPORT", calendar_query(after, before), 1)
                kind = "multistatus"
                _check(answer, MULTI_STATUS)
            spans += await self._reader.busy(
                answer.body, kind, after=after, before=before, zone=zone
            )
        return merged(spans)

    async def calendars(self) -> list[str]:
        """The address itself, or what lies behind the principal that it leads to."""
        address, found = await self._look(self._address, depth=0)
        if found == Found() and urlsplit(address).path in ("", "/"):
            address, found = await self._look(self._near(address, WELL_KNOWN), depth=0)
        if found.principal and not found.home and not found.calendars:
            address, found = await self._look(self._near(address, found.principal), depth=0)
        if found.home and not found.calendars:
            address, found = await self._look(self._near(address, found.home), depth=1)
        if not found.calendars:
            raise Unreadable("calendar_not_caldav")
        return [self._near(address, href) for href in found.calendars]

    async def _look(self, address: str, *, depth: int) -> tuple[str, Found]:
        answer = await self._ask(address, "PROPFIND", PROPERTIES, depth)
        if answer.status in GONE and address == self._address:
            return answer.url, Found()  # the well-known address may know better
        _check(answer, MULTI_STATUS)
        return answer.url, await self._reader.found(answer.body)

    async def _ask(self, address: str, method: str, body: BaseElement, depth: int) -> Answer:
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": str(depth)}
        return await self._outgoing.ask(
            address, method=method, headers=headers, body=str(body).encode(), login=self._login
        )

    def _near(self, address: str, href: str) -> str:
        """The login is for the host that was given, whatever the server names."""
        there = urljoin(address, href)
        if self._login and urlsplit(there)[:2] != urlsplit(self._address)[:2]:
            raise Unreadable("calendar_elsewhere")
        return there


def free_busy_query(after: datetime, before: datetime) -> BaseElement:
    return cdav.FreeBusyQuery() + cdav.TimeRange(after, before)


def calendar_query(after: datetime, before: datetime) -> BaseElement:
    """RFC 4791 - 9.6.5. CALDAV:expand XML Element: the server works its series out."""
    events = cdav.CompFilter("VEVENT") + cdav.TimeRange(after, before)
    within = cdav.Filter() + (cdav.CompFilter("VCALENDAR") + events)
    wanted = dav.Prop() + (cdav.CalendarData() + cdav.Expand(after, before))
    return cdav.CalendarQuery() + wanted + within


PROPERTIES = dav.Propfind() + (
    dav.Prop()
    + dav.ResourceType()
    + dav.CurrentUserPrincipal()
    + cdav.CalendarHomeSet()
    + cdav.SupportedCalendarComponentSet()
)


def _check(answer: Answer, wanted: int) -> None:
    """Raises `Trouble` for any other status."""
    if answer.status == wanted:
        return
    if answer.status in REFUSED:
        raise Trouble("calendar_login")
    raise Trouble("calendar_gone" if answer.status in GONE else "calendar_not_caldav")
