"""What a CalDAV server answered (RFC 4918 - 13. Multi-Status Response). Pure."""

from typing import NamedTuple
from xml.etree import ElementTree

from sessions.busy.pruning import Unreadable

DAV = "{DAV:}"
CAL = "{urn:ietf:params:xml:ns:caldav}"
MOST_CALENDARS = 20


class Found(NamedTuple):
    """What is known of one address, and of those beneath it."""

    principal: str | None = None
    home: str | None = None
    calendars: tuple[str, ...] = ()


def calendar_data(xml: bytes) -> bytes:
    """All objects of a calendar-query, one after the other; raises `Unreadable`."""
    texts = [element.text or "" for element in _tree(xml).iter(f"{CAL}calendar-data")]
    return "\n".join(["BEGIN:VCALENDAR\nEND:VCALENDAR", *texts]).encode()


def found(xml: bytes) -> Found:
    """The answer to a PROPFIND; raises `Unreadable`."""
    tree = _tree(xml)
    calendars = [
        _href(response)
        for response in tree.iter(f"{DAV}response")
        if response.find(f".//{DAV}resourcetype/{CAL}calendar") is not None
        and _holds_events(response)
    ]
    return Found(
        principal=_inside(tree, f"{DAV}current-user-principal"),
        home=_inside(tree, f"{CAL}calendar-home-set"),
        calendars=tuple(href for href in calendars if href)[:MOST_CALENDARS],
    )


def _tree(xml: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(xml)  # noqa: S314 - see above
    except ElementTree.ParseError as error:
        raise Unreadable("calendar_not_caldav") from error


def _holds_events(response: ElementTree.Element) -> bool:
    """RFC 4791 - 5.2.3. CALDAV:supported-calendar-component-set Property: unsaid is any."""
    kinds = [comp.get("name") for comp in response.iter(f"{CAL}comp")]
    return not kinds or "VEVENT" in kinds


def _href(response: ElementTree.Element) -> str | None:
    return (response.findtext(f"{DAV}href") or "").strip() or None


def _inside(tree: ElementTree.Element, name: str) -> str | None:
    element = tree.find(f".//{name}/{DAV}href")
    return None if element is None else (element.text or "").strip() or None
