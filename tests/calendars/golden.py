"""
Calendars kept as files, named by what happens in them, so that a reviewer sees what a change
does to the bytes that people's apps receive. `python -m tests.calendars.golden` writes them.
"""

# ruff: noqa: DTZ001 - wall time has no zone

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from sessions import ics
from sessions.recurrence import Change, Pattern, Rule, remap, split

HERE = Path(__file__).parent
WRITTEN_AT = datetime(2026, 1, 20, 12, tzinfo=UTC)

TUESDAYS = Pattern(
    datetime(2026, 3, 10, 19),
    "Asia/Jerusalem",
    75,
    Rule(("TU",), interval=2, until=date(2026, 6, 30)),
)
MOVED = datetime(2026, 4, 7, 19)
CANCELLED = datetime(2026, 4, 21, 19)
CHANGES = {MOVED: Change(datetime(2026, 4, 9, 20, 30)), CANCELLED: Change(cancelled=True)}

OPEN_IN_CAIRO = Pattern(datetime(2026, 2, 5, 19), "Africa/Cairo", 90, Rule(("MO", "TH")))
ALL_NIGHT = Pattern(datetime(2026, 10, 24, 22), "America/New_York", 480, Rule(("SA",), count=3))
ONCE = Pattern(datetime(2026, 7, 1, 18, 30), "Asia/Kolkata", 60)
SECOND_TUESDAYS = Pattern(
    datetime(2026, 2, 10, 18),
    "America/New_York",
    90,
    Rule(("TU",), frequency="monthly", position=2, count=12, week_start="SU"),
)
LAST_WORKING_DAYS = Pattern(
    datetime(2026, 1, 29, 20),
    "Asia/Jerusalem",
    60,
    Rule(("SU", "MO", "TU", "WE", "TH"), frequency="monthly", position=-1, week_start="SU"),
)
FIFTEENTHS = Pattern(
    datetime(2026, 1, 15, 12),
    "Europe/London",
    60,
    Rule(frequency="monthly", day=15, interval=2, until=date(2026, 12, 31)),
)
HOLIDAY = datetime(2026, 3, 24, 19)
LONGER = datetime(2026, 5, 5, 19)
SKIPPED = {HOLIDAY: Change(skipped=True)}
LATER = Pattern(
    datetime(2026, 3, 10, 20, 30),
    "Asia/Jerusalem",
    75,
    Rule(("TU",), until=date(2026, 6, 30)),
)


def event(
    pattern: Pattern,
    changes: Mapping[datetime, Change] | None = None,
    *,
    uid: str = "6f1d0a9c",
    summary: str = "Meeting",
    description: str = "",
    url: str = "https://meet.example/j#k3Jq",
    organizer: str | None = None,
    attendee: str | None = None,
    conference: bool = False,
    cancelled: bool = False,
) -> ics.Event:
    return ics.Event(
        uid=uid,
        sequence=2,
        summary=summary,
        description=description,
        url=url,
        pattern=pattern,
        changes=changes or {},
        changed_at=datetime(2026, 1, 19, 18, tzinfo=UTC),
        stamped_at=WRITTEN_AT,
        organizer=organizer,
        attendee=attendee,
        conference=conference,
        cancelled=cancelled,
    )


def invited(pattern: Pattern, changes: Mapping[datetime, Change] | None = None) -> ics.Event:
    return event(
        pattern,
        changes,
        summary="מפגש",
        description="נתראה, בזמן",
        organizer="box+81f3@meet.example",
        attendee="noa@mail.example",
    )


def feed(*events: ics.Event) -> bytes:
    return ics.feed(events, name="Meetings, mine", refresh_hours=6)


def calendars() -> dict[str, bytes]:
    series = invited(TUESDAYS, CHANGES)
    ended, begun = split(TUESDAYS, CANCELLED)
    assert ended
    worded = replace(
        series,
        words={
            LONGER: ics.Words(summary="מפגש מיוחד", description="בהנחייתך"),
            HOLIDAY: ics.Words(partstat="DECLINED"),
        },
    )
    return {
        "monthly_on_the_second_tuesday": feed(event(SECOND_TUESDAYS)),
        "monthly_on_the_last_working_day_of_an_israeli_week": feed(event(LAST_WORKING_DAYS)),
        "every_second_month_on_the_fifteenth": feed(event(FIFTEENTHS)),
        "a_holiday_is_skipped": feed(event(TUESDAYS, SKIPPED)),
        "invitation_with_a_skipped_holiday": ics.request(invited(TUESDAYS, SKIPPED)),
        "one_date_is_longer": feed(event(TUESDAYS, {LONGER: Change(minutes=120)})),
        "one_date_has_words_and_another_an_answer_of_its_own": ics.request(worded),
        "the_rule_is_changed_and_a_moved_date_stays_where_it_was_put": feed(
            event(LATER, remap(CHANGES, TUESDAYS, LATER).changes)
        ),
        "a_series_is_ended_and_another_follows": feed(
            event(ended, {MOVED: CHANGES[MOVED]}, uid="ended"),
            event(replace(begun, minutes=90), uid="begun"),
        ),
        "all_in_utc": feed(
            event(
                replace(TUESDAYS, zone="UTC"),
                CHANGES | SKIPPED,
            )
        ),
        "another_time_is_declined_for_one_date": ics.decline_counter(series, LONGER),
        "another_time_is_declined_for_a_series": ics.decline_counter(series),
        "one_date_moved_and_one_cancelled": feed(event(TUESDAYS, CHANGES)),
        "open_series_where_each_clock_change_is_written": feed(event(OPEN_IN_CAIRO)),
        "the_clock_changes_during_a_meeting": feed(event(ALL_NIGHT)),
        "several_zones": feed(
            event(ONCE, uid="once", conference=True),
            event(TUESDAYS, uid="tuesdays"),
            event(ALL_NIGHT, uid="nights", cancelled=True),
        ),
        "nothing_planned": feed(),
        "invitation_to_a_changed_series": ics.request(series),
        "invitation_to_one_moved_date": ics.request_one(series, MOVED),
        "cancellation_of_one_date": ics.cancel_one(series, CANCELLED),
        "cancellation_of_a_series": ics.cancel(series),
    }


def path(name: str) -> Path:
    return HERE / f"{name}.ics"


if __name__ == "__main__":
    for name, calendar in calendars().items():
        path(name).write_bytes(calendar)
