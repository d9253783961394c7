"""How a stranger is asked."""

import re
import ssl
from pathlib import Path

import httpcore
import pytest

import sessions
import signaling
from sessions.outgoing import Login, Outgoing, Trouble
from tests.sessions.stranger import (
    Book,
    Certificate,
    Wires,
    certificate,
    ok,
    redirect,
    stranger,
)

PUBLIC = "93.184.216.34"
ABLE = re.compile(
    r"^\s*(?:import|from) (?:httpx|httpcore|requests|niquests|aiohttp|urllib3|urllib\.request"
    r"|http\.client|caldav\.(?!elements)|caldav import)",
    re.MULTILINE,
)
LOGIN = Login("dana", "a secret")


@pytest.fixture
def named(tmp_path: Path) -> Certificate:
    return certificate(tmp_path, "calendar.example", "other.example")


async def test_the_answer_comes_whole(named: Certificate) -> None:
    async with stranger(ok(b"BEGIN", headers=["ETag: x"]), tls=named.server) as unknown:
        wires = Wires(unknown.port)
        outgoing = Outgoing(
            resolve=Book(calendar_example=[[PUBLIC]]), dial=wires, tls=named.client
        )
        answer = await outgoing.ask("https://calendar.example/a?b=c")
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"BEGIN", "x")
    assert answer.url == "https://calendar.example/a?b=c"
    assert unknown.heads == ["GET /a?b=c HTTP/1.1"]
    assert wires.wanted == [(PUBLIC, 443)]


async def test_the_request_says_nothing_about_us() -> None:
    async with stranger(ok(b"")) as unknown:
        await _trusting(unknown.port).ask(f"http://calendar.lan:{unknown.port}/")
    [request] = unknown.asked
    names = [line.partition(b":")[0].lower() for line in request.split(b"\r\n")[1:] if line]
    usual = b"accept accept-encoding connection host user-agent"
    assert sorted(names) == usual.split()
    assert b"ronda" not in request.lower()
    assert b"python" not in request.lower()
    assert b"accept-encoding: identity" in request.lower()


async def test_the_name_is_kept_for_the_certificate_and_the_host(named: Certificate) -> None:
    seen: list[str] = []
    named.server.sni_callback = lambda _socket, name, _context: seen.append(name)
    async with stranger(ok(b""), tls=named.server) as unknown:
        outgoing = Outgoing(
            resolve=Book(calendar_example=[[PUBLIC]]),
            dial=Wires(unknown.port),
            tls=named.client,
        )
        await outgoing.ask("https://calendar.example./")
    assert seen == ["calendar.example"]
    assert b"Host: calendar.example\r\n" in unknown.asked[0]


@pytest.mark.parametrize("name", ["wrong.example", "calendar.example"])
async def test_a_certificate_for_another_name_is_not_taken(
    named: Certificate, name: str
) -> None:
    authority = named.client if name == "wrong.example" else ssl.create_default_context()
    async with stranger(ok(b"secret"), tls=named.server) as unknown:
        outgoing = Outgoing(
            resolve=Book(wrong_example=[[PUBLIC]], calendar_example=[[PUBLIC]]),
            dial=Wires(unknown.port),
            tls=authority,
        )
        with pytest.raises(Trouble, match="outgoing_unreachable"):
            await outgoing.ask(f"https://{name}/")
    assert unknown.asked == []


async def test_login_data_go_to_the_host_they_are_for(named: Certificate) -> None:
    replies = [redirect("/there"), redirect("https://other.example/x"), ok(b"")]
    async with stranger(*replies, tls=named.server) as unknown:
        outgoing = Outgoing(
            resolve=Book(calendar_example=[[PUBLIC]], other_example=[[PUBLIC]]),
            dial=Wires(unknown.port),
            tls=named.client,
        )
        await outgoing.ask("https://calendar.example/", login=LOGIN)
    assert [b"authorization: basic" in request.lower() for request in unknown.asked] == [
        True,
        True,
        False,
    ]


async def test_login_data_do_not_come_back_after_a_detour(named: Certificate) -> None:
    replies = [
        redirect("https://other.example/"),
        redirect("https://calendar.example/open-redirect"),
        ok(b""),
    ]
    async with stranger(*replies, tls=named.server) as unknown:
        outgoing = Outgoing(
            resolve=Book(calendar_example=[[PUBLIC]], other_example=[[PUBLIC]]),
            dial=Wires(unknown.port),
            tls=named.client,
        )
        await outgoing.ask("https://calendar.example/", login=LOGIN)
    assert [b"authorization" in request.lower() for request in unknown.asked] == [
        True,
        False,
        False,
    ]


async def test_no_cookie_is_kept() -> None:
    replies = [ok(b"", headers=["Set-Cookie: who=dana"]), ok(b"")]
    async with stranger(*replies) as unknown:
        outgoing = _trusting(unknown.port)
        for _ in range(2):
            await outgoing.ask(f"http://calendar.lan:{unknown.port}/")
    assert b"cookie" not in unknown.asked[1].lower()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
async def test_a_report_is_asked_again_where_it_moved(status: str) -> None:
    async with stranger(redirect("/new", status), ok(b"done")) as unknown:
        answer = await _trusting(unknown.port).ask(
            f"http://calendar.lan:{unknown.port}/", method="REPORT", body=b"<x/>"
        )
    assert answer.body == b"done"
    assert unknown.heads[1] == "REPORT /new HTTP/1.1"
    assert unknown.asked[1].endswith(b"<x/>")


async def test_see_other_answers_a_get_and_not_a_report() -> None:
    async with stranger(redirect("/new", "303 See Other"), ok(b"done")) as unknown:
        outgoing = _trusting(unknown.port)
        at = f"http://calendar.lan:{unknown.port}/"
        assert (await outgoing.ask(at, method="REPORT")).status == 303
        assert (await outgoing.ask(at)).body == b"done"


async def test_a_host_the_operator_trusts_may_be_private_and_without_tls() -> None:
    async with stranger(ok(b"at home")) as unknown:
        answer = await _trusting(unknown.port).ask(f"http://calendar.lan:{unknown.port}/")
    assert answer.body == b"at home"


async def test_trust_is_for_the_port_that_was_named() -> None:
    outgoing = Outgoing(["calendar.lan:8443"], resolve=Book(calendar_lan=[["127.0.0.1"]]))
    for address in ("http://calendar.lan/", "https://calendar.lan:8444/"):
        with pytest.raises(Trouble):
            await outgoing.ask(address)


async def test_trust_without_a_port_is_for_the_usual_ones() -> None:
    outgoing = Outgoing(["calendar.lan", "[fd00::1]"], resolve=Book())
    assert outgoing.check("http://calendar.lan/x") == "calendar.lan"
    assert outgoing.check("https://calendar.lan:443/x") == "calendar.lan"
    assert outgoing.check("http://[fd00::1]/") == "fd00::1"
    with pytest.raises(Trouble, match="outgoing_not_secure"):
        outgoing.check("http://calendar.lan:8080/x")


async def test_the_next_address_is_tried_where_the_first_is_dead() -> None:
    async with stranger(ok(b"here")) as unknown:
        outgoing = Outgoing(
            [f"calendar.lan:{unknown.port}"],
            resolve=Book(calendar_lan=[["127.0.0.9", "127.0.0.1"]]),
            dial=FirstIsDead(),
        )
        answer = await outgoing.ask(f"http://calendar.lan:{unknown.port}/")
    assert answer.body == b"here"


async def test_an_unknown_host_is_said_to_be_unknown() -> None:
    with pytest.raises(Trouble, match="outgoing_unknown_host"):
        await Outgoing(resolve=Book()).ask("https://nobody.example/")


async def test_a_port_where_nobody_listens_is_unreachable() -> None:
    async with stranger(ok(b"")) as unknown:
        port = unknown.port
    with pytest.raises(Trouble, match="outgoing_unreachable"):
        await _trusting(port).ask(f"http://calendar.lan:{port}/")


def test_nothing_else_of_ours_can_ask_by_http() -> None:
    houses = (Path(sessions.__file__).parent, Path(signaling.__file__).parent)
    asking = {
        path.relative_to(house.parent).parts[:2]
        for house in houses
        for path in house.rglob("*.py")
        if ABLE.search(path.read_text())
    }
    assert asking == {("sessions", "outgoing")}


class FirstIsDead(httpcore.AnyIOBackend):
    async def connect_tcp(  # type: ignore[no-untyped-def]
        self, host: str, port: int, *options
    ) -> httpcore.AsyncNetworkStream:
        if host == "127.0.0.9":
            raise httpcore.ConnectError
        return await super().connect_tcp(host, port, *options)


def _trusting(port: int) -> Outgoing:
    return Outgoing(
        [f"calendar.lan:{port}"],
        resolve=Book(calendar_lan=[["127.0.0.1"]]),
        most_bytes=1000,
        most_seconds=5,
    )
