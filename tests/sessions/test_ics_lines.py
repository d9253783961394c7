"""Lines are folded as icalendar folds them, to the byte."""

from dataclasses import replace

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.ics import Event
from sessions.ics.lines import written
from sessions.ics.vevents import master
from tests.calendars import golden

EVENT = golden.event(golden.TUESDAYS, conference=True)
TEXTS = st.text(max_size=200) | st.text("ab\\^,;é", min_size=60, max_size=160)


@given(st.builds(replace, st.just(EVENT), summary=TEXTS, description=TEXTS))
def test_any_words_give_the_same_bytes(event: Event) -> None:
    vevent = master(event)

    assert written(vevent) == vevent.to_ical()


class Careless:
    """A value that icalendar lets through."""

    params = icalendar.Parameters()

    def to_ical(self) -> bytes:
        return b"a\r\nATTENDEE:mailto:x@example.org"


def test_no_value_begins_another_line() -> None:
    vevent = icalendar.Event()
    vevent["url"] = Careless()

    with pytest.raises(AssertionError):
        written(vevent)
