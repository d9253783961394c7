"""What people and servers may try, to make us ask where nobody should, or for too long."""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from sessions.outgoing import Outgoing, Trouble
from tests.sessions.stranger import (
    Book,
    Certificate,
    Stranger,
    Wires,
    certificate,
    ok,
    redirect,
    stranger,
)

PUBLIC = "93.184.216.34"
INSIDE = [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "100.100.100.200",
    "192.168.1.1",
    "0.0.0.0",  # noqa: S104 - not bound
    "224.0.0.1",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fd00:ec2::254",
    "fe80::1%eth0",
]


@pytest.fixture
def named(tmp_path: Path) -> Certificate:
    return certificate(tmp_path, "calendar.example", "inside.example")


def _written(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize("address", INSIDE)
async def test_an_address_of_the_own_network_is_not_asked(address: str) -> None:
    wires = Wires(1)
    outgoing = Outgoing(resolve=_itself, dial=wires)
    with pytest.raises(Trouble, match=r"outgoing_(private|bad_address)"):
        await outgoing.ask(f"https://{_written(address)}/")
    assert wires.wanted == []


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_of_the_own_network_is_not_asked(address: str) -> None:
    wires = Wires(1)
    outgoing = Outgoing(resolve=Book(inside_example=[[address]]), dial=wires)
    with pytest.raises(Trouble, match="outgoing_private"):
        await outgoing.ask("https://inside.example/")
    assert wires.wanted == []


@pytest.mark.parametrize("address", INSIDE)
async def test_one_private_address_among_public_ones_spoils_all(address: str) -> None:
    wires = Wires(1)
    outgoing = Outgoing(resolve=Book(inside_example=[[PUBLIC, address]]), dial=wires)
    with pytest.raises(Trouble, match="outgoing_private"):
        await outgoing.ask("https://inside.example/")
    assert wires.wanted == []


async def test_a_name_that_is_bound_anew_gains_nothing(named: Certificate) -> None:
    """First public, then 127.0.0.1: it is looked up once, and that address is used."""
    async with stranger(ok(b"public"), tls=named.server) as unknown:
        book, wires = Book(calendar_example=[[PUBLIC], ["127.0.0.1"]]), Wires(unknown.port)
        outgoing = Outgoing(resolve=book, dial=wires, tls=named.client)
        await outgoing.ask("https://calendar.example/")
        assert book.asked == ["calendar.example"]
        assert wires.wanted == [(PUBLIC, 443)]
        with pytest.raises(Trouble, match="outgoing_private"):
            await outgoing.ask("https://calendar.example/")
    assert wires.wanted == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    ("there", "trouble"),
    [
        ("https://127.0.0.1/", "outgoing_private"),
        ("https://169.254.169.254/latest/meta-data/", "outgoing_private"),
        ("https://inside.example/", "outgoing_private"),
        ("//inside.example/", "outgoing_private"),
        ("https://[::ffff:7f00:1]/", "outgoing_private"),
        ("https://calendar.example:22/", "outgoing_port"),
        ("https://calendar.example:8443/", "outgoing_port"),
        ("http://calendar.example/", "outgoing_not_secure"),
        ("http://trusted.lan/", "outgoing_not_secure"),
        ("https://calendar.example@127.0.0.1/", "outgoing_login_in_address"),
        ("https://2130706433/", "outgoing_bad_address"),
        ("file:///etc/passwd", "outgoing_bad_address"),
        ("gopher://calendar.example/", "outgoing_bad_address"),
        ("https://[::1", "outgoing_bad_address"),
        ("https://calendar.example\\@inside.example/", "outgoing_login_in_address"),
    ],
)
async def test_a_redirect_leads_nowhere_else(
    named: Certificate, there: str, trouble: str
) -> None:
    async with stranger(redirect(there), tls=named.server) as unknown:
        wires = Wires(unknown.port)
        outgoing = Outgoing(["trusted.lan"], resolve=_example, dial=wires, tls=named.client)
        with pytest.raises(Trouble, match=trouble):
            await outgoing.ask("https://calendar.example/")
    assert len(unknown.asked) == 1
    assert wires.wanted == [(PUBLIC, 443)]


async def test_a_redirect_that_comes_back_for_ever_is_left() -> None:
    async with stranger(redirect("/again")) as unknown:
        with pytest.raises(Trouble, match="outgoing_redirects"):
            await _trusting(unknown).ask(f"http://calendar.lan:{unknown.port}/")
    assert len(unknown.asked) == 4


@pytest.mark.parametrize(
    "address",
    [
        "",
        "calendar.example",
        "//calendar.example/",
        "ftp://calendar.example/",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://:443/",
        "https://calendar.example:0x1bb/",
        "https://calendar.example:99999999/",
        "https://calendar .example/",
        "https://calendar.example\r\nHost: x/",
        "https://calendar.example/\x00",
        "https://calendar.example/a\tb",
        "https://calendar\\.example/",
        "https://%31%32%37.0.0.1/",
        "https://calendar%2eexample/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.1/",
        "https://1.2.3.4.5/",
        "https://256.0.0.1/",
        "https://[fe80::1%25eth0]/",
        "https://[::1",
        "https://[1.2.3.4]/",
        "https://a..example/",
        "https://.example/",
        "https://calendar.example../",
        "https://-calendar.example/",
        f"https://{'a' * 64}.example/",
        "https://xn--a/",
        "https://\u202eelpmaxe.radnelac/",
        "https://calendar.example/" + "a" * 2000,
    ],
)
async def test_what_is_no_plain_address_is_refused(address: str) -> None:
    book = Book()
    with pytest.raises(Trouble, match=r"outgoing_(bad_address|port|unknown_host)"):
        await Outgoing(resolve=book).ask(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://dana@calendar.example/",
        "https://dana:secret@calendar.example/",
        "https://calendar.example:443@127.0.0.1/",
        "https://calendar.example%2f@127.0.0.1/",
        "https://@127.0.0.1:x@calendar.example/",
    ],
)
async def test_an_address_with_a_login_in_it_is_refused(address: str) -> None:
    with pytest.raises(Trouble, match=r"outgoing_(login_in_address|bad_address)"):
        await Outgoing(resolve=_example).ask(address)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://localhost./", "localhost"),
        ("https://LOCALHOST/", "localhost"),
        ("https://127\u30020\u30020\u30021/", "127.0.0.1"),
        ("https://\uff11\uff12\uff17.0.0.1/", "127.0.0.1"),
        ("https://[0:0:0:0:0:0:0:1]/", "0:0:0:0:0:0:0:1"),
        ("https://[::FFFF:127.0.0.1]/", "::FFFF:127.0.0.1"),
        ("https://inside.example#@calendar.example/", "inside.example"),
        ("https://inside.example?@calendar.example/", "inside.example"),
    ],
)
async def test_whatever_it_looks_like_the_host_that_is_meant_is_checked(
    address: str, asked: str
) -> None:
    hosts: list[str] = []

    async def note(host: str, port: int) -> list[str]:
        hosts.append(host)
        return await _example(host, port)

    with pytest.raises(Trouble, match=r"outgoing_(private|bad_address)"):
        await Outgoing(resolve=note, dial=Wires(1)).ask(address)
    assert hosts in ([asked], [])


async def test_a_body_that_drips_is_given_up() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.02)

    await _expect("outgoing_too_slow", drip)


async def test_headers_that_drip_are_given_up() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X: y\r\n")
            await writer.drain()
            await asyncio.sleep(0.02)

    await _expect("outgoing_too_slow", drip)


async def test_a_server_that_says_nothing_is_given_up() -> None:
    async def silence(writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    await _expect("outgoing_too_slow", silence)


async def test_a_name_server_that_says_nothing_is_given_up() -> None:
    async def silence(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(Trouble, match="outgoing_too_slow"):
        await Outgoing(resolve=silence, most_seconds=0.1).ask("https://calendar.example/")


async def test_a_body_without_end_is_left() -> None:
    sent = 0

    async def pour(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()
            sent += 0x10000

    await _expect("outgoing_too_large", pour)
    assert sent < 20_000_000  # what the sockets between hold, not the whole


async def test_a_body_longer_than_it_says_is_left() -> None:
    await _expect("outgoing_too_large", ok(b"x" * 1001))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "GZIP", "identity, gzip"])
async def test_a_bomb_is_not_even_unpacked(coding: str) -> None:
    bomb = gzip.compress(zlib.compress(bytes(1_000_000)))
    await _expect("outgoing_packed", ok(bomb, headers=[f"Content-Encoding: {coding}"]))


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: x\r\n" * 20_000 + b"\r\n",
        b"HTTP/1.1 200 " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00" * 1000,
        b"",
    ],
)
async def test_nonsense_instead_of_an_answer_is_left(head: bytes) -> None:
    await _expect("outgoing_unreachable", head)


async def test_interim_answers_without_end_are_given_up() -> None:
    async def interim(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
            await writer.drain()

    await _expect("outgoing_too_slow", interim)


async def _expect(
    trouble: str, reply: bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]
) -> None:
    async with stranger(reply) as unknown:
        with pytest.raises(Trouble, match=trouble):
            await _trusting(unknown).ask(f"http://calendar.lan:{unknown.port}/")


def _trusting(unknown: Stranger) -> Outgoing:
    return Outgoing(
        [f"calendar.lan:{unknown.port}"],
        resolve=Book(calendar_lan=[["127.0.0.1"]]),
        most_bytes=1000,
        most_seconds=0.5,
    )


async def _itself(host: str, port: int) -> list[str]:
    return [host]


async def _example(host: str, port: int) -> list[str]:
    if host == "calendar.example":
        return [PUBLIC]
    return ["127.0.0.1"] if host.endswith(("example", "localhost", "lan")) else [host]
