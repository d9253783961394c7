"""What visitors ask the house over HTTP, as the bytes of requests."""

from collections.abc import Callable, Iterator, Sequence

import httpx

from tests.bench.furnish import Visitor
from tests.bench.measures import HttpJob, HttpResult, in_a_process
from tests.bench.servers import Running

CONNECTIONS = 16
RUSH_SECONDS = 20.0
PREVIEW = (
    b'{"start":"2027-03-02T19:00:00","zone":"Asia/Jerusalem","minutes":75,'
    b'"rule":{"weekdays":["TU"],"interval":2},"zones":["Europe/Berlin","America/New_York"]}'
)

Ask = Callable[[Running, Visitor], list[bytes]]


def load(
    server: Running,
    visitors: Sequence[Visitor],
    ask: Ask,
    *,
    seconds: float,
    once: bool = False,
) -> HttpResult:
    """The visitors share the connections, as they would share a proxy's."""
    requests: list[list[bytes]] = [[] for _ in range(CONNECTIONS)]
    for number in range(max(len(visitors), CONNECTIONS)):
        requests[number % CONNECTIONS] += ask(server, visitors[number % len(visitors)])
    job = HttpJob(port=server.port, seconds=seconds, requests=requests, once=once)
    return in_a_process("tests.bench.http_load", job, HttpResult)


def health(_server: Running, visitor: Visitor) -> list[bytes]:
    return [_get(visitor, "/healthz")]


def circle(_server: Running, visitor: Visitor) -> list[bytes]:
    return [_get(visitor, f"/api/circles/{visitor.circle}")]


def answer(server: Running, visitor: Visitor) -> list[bytes]:
    """Each time another one, so that each time something is written."""
    bodies = (
        f'{{"series":"{visitor.series}","original":null,"answer":"{word}"}}'
        for word in ("yes", "no")
    )
    return [_post(server, visitor, "/api/me/answers", body.encode()) for body in bodies]


def preview(server: Running, visitor: Visitor) -> list[bytes]:
    return [_post(server, visitor, "/api/preview", PREVIEW)]


def feed(_server: Running, visitor: Visitor) -> list[bytes]:
    return [_get(visitor, visitor.feed)]


def feed_again(server: Running, visitor: Visitor) -> list[bytes]:
    # Asked for in the same way, or it would be the tag of another copy.
    url = f"http://127.0.0.1:{server.port}{visitor.feed}"
    tag = httpx.get(url, headers={"Accept-Encoding": "identity"}).headers["etag"]
    return [_get(visitor, visitor.feed, f"If-None-Match: {tag}\r\n")]


def _get(visitor: Visitor, path: str, more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\n{_head(visitor)}{more}\r\n".encode()


def _post(server: Running, visitor: Visitor, path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\n{_head(visitor)}Origin: {server.url}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _head(visitor: Visitor) -> str:
    return f"Host: localhost\r\nCookie: __Host-session={visitor.cookie}\r\n"


ASKED: Sequence[tuple[str, Ask]] = (
    ("GET a circle", circle),
    ("POST an answer (writes)", answer),
    ("POST a preview of dates", preview),
    ("feed, whole (200)", feed),
    ("feed, unchanged (304)", feed_again),
)


def ask_everything(
    server: Running, visitors: Sequence[Visitor], *, seconds: float
) -> Iterator[tuple[str, HttpResult]]:
    """The first row is the full hour, when all calendars ask for the first time today."""
    rush = load(server, visitors, feed, seconds=RUSH_SECONDS, once=True)
    yield "feed, everybody's first today", rush
    for name, ask in ASKED:
        yield name, load(server, visitors, ask, seconds=seconds)
