"""CalDAV accounts, on a real server and on such as know less."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sessions.busy.child import Reader
from sessions.busy.dav import Account, free_busy_query
from sessions.busy.pruning import Unreadable
from sessions.busy.spans import Span
from sessions.outgoing import Login, Outgoing, Trouble
from tests.calendars.hostile import a_thousand_laughs, calendar, event
from tests.machine.radicale import LOGIN, CalDav, radicale
from tests.sessions.stranger import Book, Reply, Stranger, ok, stranger

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MULTI = "207 Multi-Status"
SPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
IS_CALENDAR = f"""<D:multistatus {SPACES}><D:response><D:href>/cal/</D:href><D:propstat><D:prop>
<D:resourcetype><D:collection/><C:calendar/></D:resourcetype></D:prop></D:propstat>
</D:response></D:multistatus>""".encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalDav]:
    with radicale(tmp_path_factory.mktemp("radicale")) as server:
        once = event("DURATION:PT1H", "SUMMARY:A secret", uid="once")
        weekly = event(
            "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3", start="20260311T090000Z", uid="weekly"
        )
        free = event(
            "DURATION:PT1H", "TRANSP:TRANSPARENT", start="20260320T090000Z", uid="free"
        )
        for name, part in (("once", once), ("weekly", weekly), ("free", free)):
            server.put(name, calendar(part))
        yield server


DANA = Login(*LOGIN)


async def busy(address: str, outgoing: Outgoing, login: Login = DANA) -> list[Span]:
    account = Account(outgoing, Reader(most_seconds=20), address, login)
    return await account.busy(after=MARCH, before=MARCH + timedelta(days=731), zone="UTC")


def trusting(port: int) -> Outgoing:
    return Outgoing(
        [f"127.0.0.1:{port}", f"calendar.lan:{port}"],
        resolve=Book(calendar_lan=[["127.0.0.1"]], **{"127_0_0_1": [["127.0.0.1"]]}),
        most_seconds=10,
    )


@pytest.mark.parametrize("path", ["/dana/work/", "/dana/", "/", ""])
async def test_any_address_of_the_account_leads_to_its_calendars(
    server: CalDav, path: str
) -> None:
    spans = await busy(server.origin + path, trusting(server.port))
    days = [TUESDAY + timedelta(days=n) for n in (0, 1, 8, 15)]
    assert spans == [(day, day + HOUR) for day in days]


async def test_a_wrong_password_is_said_to_be_wrong(server: CalDav) -> None:
    with pytest.raises(Trouble, match="calendar_login"):
        await busy(server.calendar, trusting(server.port), Login("dana", "wrong"))


async def test_what_is_not_there_is_gone(server: CalDav) -> None:
    with pytest.raises((Trouble, Unreadable), match=r"calendar_(gone|not_caldav)"):
        await busy(f"{server.origin}/dana/nothing/", trusting(server.port))


async def test_a_server_that_the_operator_does_not_trust_is_not_asked(server: CalDav) -> None:
    with pytest.raises(Trouble):
        await busy(server.calendar, Outgoing())


async def test_a_real_server_tells_free_and_busy_alone(server: CalDav) -> None:
    answer = await trusting(server.port).ask(
        server.calendar,
        method="REPORT",
        headers={"Depth": "1"},
        body=str(free_busy_query(MARCH, MARCH + timedelta(days=731))).encode(),
        login=DANA,
    )
    assert answer.status == 200
    assert b"BEGIN:VFREEBUSY" in answer.body
    assert b"A secret" not in answer.body


async def _ask(*replies: Reply, path: str = "/cal/") -> tuple[list[Span], Stranger]:
    async with stranger(*replies) as unknown:
        address = f"http://calendar.lan:{unknown.port}{path}"
        return await busy(address, trusting(unknown.port)), unknown


async def test_free_busy_is_asked_for_first_so_that_no_title_travels() -> None:
    free_busy = calendar(
        "BEGIN:VFREEBUSY\r\nFREEBUSY:20260310T090000Z/PT1H\r\nEND:VFREEBUSY\r\n"
    )
    spans, unknown = await _ask(ok(IS_CALENDAR, status=MULTI), ok(free_busy))
    assert spans == [(TUESDAY, TUESDAY + HOUR)]
    assert len(unknown.asked) == 2
    assert b"free-busy-query" in unknown.asked[1]


@pytest.mark.parametrize("status", ["400 Bad Request", "403 Forbidden", "501 Not Implemented"])
async def test_a_server_without_free_busy_is_asked_for_its_events(status: str) -> None:
    answer = (
        f"<D:multistatus {SPACES}><D:response><D:href>/cal/1.ics</D:href><D:propstat><D:prop>"
        f"<C:calendar-data><![CDATA[{calendar(event('DURATION:PT1H')).decode()}]]>"
        "</C:calendar-data></D:prop></D:propstat></D:response></D:multistatus>"
    )
    spans, unknown = await _ask(
        ok(IS_CALENDAR, status=MULTI), ok(b"", status=status), ok(answer.encode(), status=MULTI)
    )
    assert spans == [(TUESDAY, TUESDAY + HOUR)]
    assert b"<C:expand" in unknown.asked[2]


async def test_what_several_calendars_take_is_taken_once() -> None:
    two = IS_CALENDAR.replace(b"</D:multistatus>", b"")
    two += IS_CALENDAR[IS_CALENDAR.index(b"<D:response>") :].replace(b"/cal/", b"/two/")
    long, short = (
        ok(
            calendar(
                f"BEGIN:VFREEBUSY\r\nFREEBUSY:20260310T090000Z/{length}\r\nEND:VFREEBUSY\r\n"
            )
        )
        for length in ("PT3H", "PT1H")
    )
    spans, _ = await _ask(ok(two, status=MULTI), long, short)
    assert spans == [(TUESDAY, TUESDAY + 3 * HOUR)]


async def test_the_login_does_not_follow_to_another_host() -> None:
    elsewhere = IS_CALENDAR.replace(b"/cal/", b"https://evil.example/cal/")
    with pytest.raises(Unreadable, match="calendar_elsewhere"):
        await _ask(ok(elsewhere, status=MULTI))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"<D:multistatus/>", a_thousand_laughs(), b"<x>" * 100_000],
    ids=["nothing", "html", "no namespace", "laughs", "deep"],
)
async def test_nonsense_is_no_account(body: bytes) -> None:
    with pytest.raises(Unreadable, match=r"calendar_(not_caldav|too_complex)"):
        await _ask(ok(body, status=MULTI))


async def test_a_file_of_the_machine_is_not_read_into_an_answer(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("/cal/")
    body = IS_CALENDAR.replace(b"/cal/", b"&x;")
    entity = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    with pytest.raises(Unreadable, match="calendar_not_caldav"):
        await _ask(ok(entity + body, status=MULTI))


async def test_principals_that_lead_in_a_circle_come_to_an_end() -> None:
    answer = f"""<D:multistatus {SPACES}><D:response><D:href>/</D:href><D:propstat><D:prop>
    <D:current-user-principal><D:href>/cal/</D:href></D:current-user-principal>
    </D:prop></D:propstat></D:response></D:multistatus>""".encode()
    with pytest.raises(Unreadable, match="calendar_not_caldav"):
        await _ask(ok(answer, status=MULTI))


def test_the_http_library_of_the_package_is_not_even_imported() -> None:
    probe = (
        "import sys, sessions.app;"
        "print([m for m in ('niquests', 'requests', 'caldav.davclient') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", probe], capture_output=True, check=True)
    assert said.stdout.strip() == b"[]"
