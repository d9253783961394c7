"""The socket, on a real server, seen from outside."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from signaling import websocket
from signaling.messages import (
    Away,
    Back,
    Described,
    Hands,
    Joined,
    Knocked,
    Left,
    Refused,
    Said,
    Waiting,
    Welcome,
)
from signaling.passes import Pass, mint
from signaling.rooms import Rooms
from tests.signaling.browsers import Browser, browser, serving
from tests.signaling.fakes import ICE, KEY, NOW, Clock, Store, a_pass


@pytest.fixture
async def url(rooms: Rooms, clock: Clock) -> AsyncIterator[str]:
    async with serving(rooms, clock) as url:
        yield url


@pytest.fixture
async def tabs() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


class Door:
    """Opens tabs that are closed when the test ends."""

    def __init__(self, url: str, tabs: AsyncExitStack) -> None:
        self._url = url
        self._tabs = tabs

    async def open(self) -> Browser:
        return await self._tabs.enter_async_context(browser(self._url))

    async def bring(self, pass_: Pass, *, page: str = "") -> Browser:
        tab = await self.open()
        await tab.hello(pass_, page=page)
        return tab

    async def enter(self, seat: str, *, page: str = "", **changes: object) -> Browser:
        tab = await self.bring(a_pass(seat, lobby=False, **changes), page=page)
        await tab.until(Welcome)
        return tab

    async def host(self, seat: str = "fay") -> Browser:
        return await self.enter(seat, role="facilitator")


@pytest.fixture
def door(url: str, tabs: AsyncExitStack) -> Door:
    return Door(url, tabs)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "https://ronda.example.evil.example",
        "http://ronda.example",
        "https://ronda.example/",
        "https://RONDA.example",
        "https://ronda.example:8443",
    ],
)
async def test_another_origin_is_refused_before_the_socket_opens(
    url: str, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(url, origin=None if origin is None else Origin(origin)):
            pass

    assert refused.value.response.status_code == 403


async def test_a_pass_opens_the_room_with_its_own_ice(door: Door) -> None:
    tab = await door.bring(a_pass("fay", role="facilitator"))

    welcome = await tab.next()

    assert isinstance(welcome, Welcome)
    assert welcome.ice == ICE
    assert (welcome.you, welcome.title, welcome.closes_at) == (
        "fay",
        "Tuesday circle",
        NOW + 3600,
    )


@pytest.mark.parametrize(
    "token",
    [
        "",
        "no pass at all",
        mint(a_pass("ann"), b"somebody else's key"),
        mint(a_pass("ann", expires_at=NOW - 1), KEY),
    ],
)
async def test_without_a_good_pass_nobody_enters(door: Door, token: str) -> None:
    tab = await door.open()

    await tab.send("hello", version=1, token=token)

    assert await tab.bye() == ("bad_pass", 4006)


async def test_a_pass_is_good_for_one_socket(door: Door) -> None:
    pass_ = a_pass("ann", lobby=False)
    first = await door.bring(pass_)
    await first.until(Welcome)

    second = await door.bring(pass_)

    assert await second.bye() == ("bad_pass", 4006)
    await first.send("chat", text="still here")
    assert (await first.until(Said)).text == "still here"


async def test_another_version_is_told_so(door: Door) -> None:
    tab = await door.open()

    await tab.hello(a_pass("ann"), version=2)

    assert await tab.bye() == ("old_version", 4007)


@pytest.mark.parametrize("first", ['{"type":"chat","text":"hello"}', "{", "[" * 50_000])
async def test_the_first_message_is_a_pass_or_the_last(door: Door, first: str) -> None:
    tab = await door.open()

    await tab.send_raw(first)

    assert await tab.bye() == ("bad_pass", 4006)


async def test_who_says_nothing_for_five_seconds_is_sent_away(door: Door, clock: Clock) -> None:
    tab = await door.open()
    await clock.somebody_waits(5)

    clock.pass_by(5)

    assert await tab.bye() == ("bad_pass", 4006)


async def test_before_admission_not_a_byte_tells_of_the_others(door: Door) -> None:
    fay = await door.host("seat-of-fay")
    ann = await door.enter("seat-of-ann", name="Annabel")
    bob = await door.bring(a_pass("seat-of-bob", name="Bobby"))
    await fay.until(Knocked)
    for tab in (fay, ann):
        await tab.send("chat", text="we talk about Bobby")
        await tab.send("hand", up=True)
        await tab.send("devices", microphone=True, camera=True)
        await tab.send("describe", to="seat-of-bob", kind="offer", sdp="v=0")
    await bob.send("chat", text="hello?")
    await bob.send("describe", to="seat-of-ann", kind="offer", sdp="v=0")
    await ann.until(Hands)
    late = await door.bring(a_pass("seat-of-cid", name="Cid"))
    await fay.until(Knocked)
    await fay.send("remove", seat="seat-of-bob")

    assert await bob.bye() == ("removed", 4001)
    told = "".join(bob.frames)
    assert '"waiting"' in told
    for word in ("seat-of", "Annabel", "Fay", "Cid", "talk", "Tuesday", "peers", "hands"):
        assert word not in told
    assert [type(each) for each in [await late.next()]] == [Waiting]


async def test_what_is_refused_in_the_lobby_says_why(door: Door) -> None:
    await door.host()
    bob = await door.bring(a_pass("bob"))
    await bob.send("chat", text="hello?")

    assert await bob.next() == Waiting()
    assert await bob.next() == Refused("chat", "not_admitted")


async def test_all_observers_see_the_same_order_of_hands(door: Door) -> None:
    tabs = [await door.host(), await door.enter("ann"), await door.enter("bob")]
    _, ann, bob = tabs

    for _ in range(10):
        await asyncio.gather(ann.send("hand", up=True), bob.send("hand", up=True))
        await asyncio.gather(ann.send("hand", up=False), bob.send("hand", up=False))
    await bob.send("chat", text="done")
    await ann.send("chat", text="done")

    seen = [await hands_until_done(tab) for tab in tabs]
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == 40
    assert seen[0][-1] == ()


async def hands_until_done(tab: Browser) -> list[tuple[str, ...]]:
    orders: list[tuple[str, ...]] = []
    done = 0
    while done < 2:
        message = await tab.next()
        done += isinstance(message, Said)
        if isinstance(message, Hands):
            orders.append(message.order)
    return orders


async def test_a_description_reaches_the_other_browser(door: Door) -> None:
    ann, bob = await door.enter("ann"), await door.enter("bob")

    await ann.send("describe", to="bob", kind="offer", sdp="v=0")

    assert await bob.until(Described) == Described("ann", "offer", "v=0")


async def test_a_lost_socket_is_away_and_comes_back(door: Door) -> None:
    fay, ann = await door.host(), await door.enter("ann")

    ann.vanish()
    assert await fay.until(Away) == Away("ann")
    await door.enter("ann")

    assert await fay.until(Back) == Back("ann")


async def test_the_newer_tab_wins(door: Door) -> None:
    older = await door.enter("ann")

    await door.enter("ann")

    assert await older.bye() == ("replaced", 4002)


async def test_a_page_on_a_new_network_is_not_missed_by_anybody(door: Door) -> None:
    fay, older = await door.host(), await door.enter("ann", page="one")
    await older.send("chat", text="before")
    await fay.until(Said)

    newer = await door.enter("ann", page="one")
    await newer.send("chat", text="after")

    assert await older.bye() == ("resumed", 4011)
    said = await fay.next()
    assert isinstance(said, Said)
    assert said.text == "after"


async def test_fresh_ice_is_had_for_the_asking_and_only_inside(door: Door) -> None:
    fay, ann = await door.host(), await door.enter("ann")
    bob = await door.bring(a_pass("bob"))

    for tab in (ann, bob):
        await tab.send("renew")

    assert await ann.next() == ICE
    assert await bob.next() == Waiting()
    assert await bob.next() == Refused("renew", "not_admitted")
    assert isinstance(await fay.next(), Joined)
    assert isinstance(await fay.next(), Knocked)


async def test_who_was_removed_does_not_get_in_again(door: Door) -> None:
    fay, ann = await door.host(), await door.enter("ann")
    await fay.send("remove", seat="ann")
    assert await ann.bye() == ("removed", 4001)
    assert await fay.until(Left) == Left("ann")

    again = await door.bring(a_pass("ann"))
    mask = await door.bring(a_pass("mask", device="device-of-ann"))

    assert await again.bye() == ("removed", 4001)
    assert await mask.bye() == ("removed", 4001)


async def test_leaving_is_answered(door: Door) -> None:
    ann = await door.enter("ann")

    await ann.send("leave")

    assert await ann.bye() == ("left", 4005)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "null",
        "{",
        '{"type":"unheard"}',
        '{"type":["chat"]}',
        '{"type":"chat","text":"\\ud800"}',
        '{"type":"chat","text":{"a":' * 1000,
        "[" * 1000 + "]" * 1000,
        "[" * 60_000,
        '{"type":"welcome","you":"ann"}',
        '{"type":"hello","version":1,"token":"t"}',
    ],
)
async def test_noise_is_refused_and_the_line_stays(door: Door, frame: str) -> None:
    ann = await door.enter("ann")

    await ann.send_raw(frame)
    await ann.send("chat", text="still here")

    assert isinstance(await ann.next(), Refused)
    assert (await ann.until(Said)).text == "still here"


@pytest.mark.parametrize("frame", [b"\x00\x01", b'{"type":"leave"}', b""])
async def test_bytes_end_the_line_and_nothing_else(door: Door, frame: bytes) -> None:
    fay, ann = await door.host(), await door.enter("ann")

    await ann.send_raw(frame)

    assert await ann.closed() == 1008
    assert await fay.until(Away) == Away("ann")


async def test_a_huge_frame_ends_the_line_and_nothing_else(door: Door) -> None:
    fay, ann = await door.host(), await door.enter("ann")

    await ann.send_raw("x" * 70_000)

    assert await ann.closed() == 1009
    assert await fay.until(Away) == Away("ann")


async def test_a_frame_in_many_parts_is_not_smaller(door: Door) -> None:
    ann = await door.enter("ann")

    await ann.send_raw(["x" * 1000] * 70)

    assert await ann.closed() == 1009


async def test_too_long_a_text_is_refused(door: Door) -> None:
    ann = await door.enter("ann")

    await ann.send("chat", text="x" * 2001)

    assert await ann.next() == Refused("chat", "too_long")


async def test_who_talks_too_fast_is_told_and_then_hung_up_on(door: Door) -> None:
    fay, ann = await door.host(), await door.enter("ann")

    for _ in range(10 + 51):
        await ann.send("chat", text="hello")

    heard: list[object] = []
    while len(heard) < 10 + 51:
        heard.append(type(await ann.next()))
    assert heard.count(Said) == 10
    assert heard.count(Refused) == 51
    assert await ann.closed() == 1008
    assert await fay.until(Away) == Away("ann")


async def test_a_slow_reader_holds_nobody_up(
    door: Door, url: str, tabs: AsyncExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "SEND_SECONDS", 0.2)
    monkeypatch.setattr(websocket, "CLOSE_SECONDS", 0.2)
    fay, ann, cid = await door.host(), await door.enter("ann"), await door.enter("cid")
    slow = await tabs.enter_async_context(browser(url, sock=narrow(url), max_queue=1))
    await slow.hello(a_pass("bob", lobby=False))
    await slow.until(Welcome)

    for tab in (ann, cid):
        for _ in range(190):
            await tab.send("describe", to="bob", kind="offer", sdp="x" * 48_000)
        await tab.send("describe", to="fay", kind="offer", sdp="v=0")

    missing: set[object] = {
        Described("ann", "offer", "v=0"),
        Described("cid", "offer", "v=0"),
        Away("bob"),
    }
    while missing:
        missing.discard(await fay.next())
    await ann.send("chat", text="still here")
    assert (await fay.until(Said)).text == "still here"
    slow.vanish()


def narrow(url: str) -> socket.socket:
    """A connection that takes little before it is full."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", int(url.rsplit(":", 1)[1].split("/")[0])))
    sock.setblocking(False)
    return sock


async def test_a_restart_is_announced(door: Door, rooms: Rooms) -> None:
    ann = await door.enter("ann")

    rooms.say_restarting()

    assert await ann.bye() == ("restarting", 4010)


async def test_after_a_restart_a_new_server_has_everyone_back(
    clock: Clock, store: Store
) -> None:
    async def nowhere(_: object) -> None: ...

    for expected in ([], ["fay"]):
        rooms = Rooms(clock=clock, store=store, report=nowhere, wait=clock.wait)
        async with rooms, serving(rooms, clock) as url, AsyncExitStack() as tabs:
            door = Door(url, tabs)
            ann = await door.bring(a_pass("ann", lobby=False))
            welcome = await ann.until(Welcome)
            assert [peer.seat for peer in welcome.peers] == expected
            await door.host()


async def test_no_pass_name_or_text_is_logged(
    door: Door, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    # Below INFO the web server itself writes frames to the log: it must not run like that.
    caplog.set_level("INFO")
    pass_ = a_pass("ann", lobby=False, name="Canary-name")
    ann = await door.bring(pass_)
    await ann.until(Welcome)
    await ann.send("chat", text="canary-text")
    await ann.send_raw('{"type":"chat","text":["canary-text"]}')
    await ann.until(Refused)
    tab = await door.bring(pass_)
    await tab.bye()

    out = capsys.readouterr()
    ours = [each for each in caplog.records if not each.name.startswith("websockets")]
    logged = out.out + out.err + "".join(each.getMessage() for each in ours)

    for word in ("anary", mint(pass_, KEY)[:20], pass_.id):
        assert word not in logged
