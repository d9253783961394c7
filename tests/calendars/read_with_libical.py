"""
What libical reads, the library of Evolution and GNOME Calendar. The system's own python runs
this, as only that one has the bindings: Debian's `gir1.2-ical-3.0` and `python3-gi`.

On stdin, as JSON, a list of calendars, each with the instant up to which it is to be expanded.
Prints, as JSON, one list for each.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import gi  # type: ignore[import-not-found, import-untyped, unused-ignore]

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # type: ignore[import-not-found, unused-ignore] # noqa: E402

EVENT = ICalGLib.ComponentKind.VEVENT_COMPONENT


def read(text: str, until: datetime) -> list[dict[str, Any]]:
    calendar = ICalGLib.Component.new_from_string(text)
    events = list(components(calendar))
    masters = [event for event in events if not name_of(event)]
    overrides = {(event.get_uid(), name_of(event)): event for event in events if name_of(event)}
    rows = [row(event, *times(event)) for event in overrides.values()]
    for event in masters:
        # libical leaves it to the app to put the overrides in their places.
        rows += [
            row(event, *span)
            for span in expand(event, until)
            if (event.get_uid(), span[0]) not in overrides
        ]
    return rows


def components(calendar: Any) -> Iterator[Any]:
    event = calendar.get_first_component(EVENT)
    while event:
        yield event
        event = calendar.get_next_component(EVENT)


def expand(event: Any, until: datetime) -> list[tuple[int, int]]:
    if not event.get_first_property(ICalGLib.PropertyKind.RRULE_PROPERTY):
        return [times(event)]
    found: list[tuple[int, int]] = []
    utc = ICalGLib.Timezone.get_utc_timezone()
    first, _ = times(event)
    # From a day earlier: what begins with the window is not taken to lie in it.
    window = (
        ICalGLib.Time.new_from_timet_with_zone(at, 0, utc)
        for at in (first - 86400, int(until.timestamp()))
    )
    event.foreach_recurrence(
        *window, lambda _, span, __: found.append((span.get_start(), span.get_end())), None
    )
    return found


def times(event: Any) -> tuple[int, int]:
    return instant(event.get_dtstart()), instant(event.get_dtend())


def name_of(event: Any) -> int | None:
    name = event.get_first_property(ICalGLib.PropertyKind.RECURRENCEID_PROPERTY)
    if not name:
        return None
    time = name.get_recurrenceid()
    tzid = name.get_first_parameter(ICalGLib.ParameterKind.TZID_PARAMETER)
    if tzid:  # Alone of all times, it comes without its zone.
        time.set_timezone(event.get_parent().get_timezone(tzid.get_tzid()))
    return instant(time)


def instant(time: Any) -> int:
    zone = time.get_timezone()
    if zone is None:
        raise ValueError(f"{time.as_ical_string()} has lost its zone")
    seconds: int = time.as_timet_with_zone(zone)
    return seconds


def row(event: Any, start: int, end: int) -> dict[str, Any]:
    starts_at, ends_at = (datetime.fromtimestamp(at, UTC).isoformat() for at in (start, end))
    return {
        "uid": event.get_uid(),
        "summary": event.get_summary(),
        "cancelled": event.get_status() == ICalGLib.PropertyStatus.CANCELLED,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump([read(text, datetime.fromisoformat(until)) for text, until in given], sys.stdout)
