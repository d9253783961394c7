"""A server that we know nothing of: real sockets on loopback, with any manners at all."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpcore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Reply = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Stranger:
    """What it was asked, and what it says to that, in turn; the last word again and again."""

    replies: list[Reply]
    asked: list[bytes] = field(default_factory=list)
    port: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = [
                h for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:")
            ]
            body = (
                await reader.readexactly(int(length[0].partition(b":")[2])) if length else b""
            )
            self.asked.append(head + body)
            reply = self.replies[min(len(self.asked), len(self.replies)) - 1]
            if isinstance(reply, bytes):
                writer.write(reply)
                await writer.drain()
            else:
                await reply(writer)
        writer.close()

    @property
    def heads(self) -> list[str]:
        return [request.split(b"\r\n")[0].decode() for request in self.asked]


@asynccontextmanager
async def stranger(
    *replies: Reply, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Stranger]:
    unknown = Stranger(list(replies))
    guests: list[asyncio.Task[None]] = []

    def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        guests.append(asyncio.create_task(unknown.answer(reader, writer)))

    server = await asyncio.start_server(welcome, "127.0.0.1", 0, ssl=tls)
    unknown.port = server.sockets[0].getsockname()[1]
    try:
        yield unknown
    finally:
        server.close()
        for guest in guests:
            guest.cancel()
        await asyncio.gather(*guests, return_exceptions=True)


def ok(body: bytes, *, headers: Iterable[str] = (), status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return ok(b"", status=status, headers=[f"Location: {to}"])


class Book:
    """A resolver with these entries; several answers to one name are given in turn."""

    def __init__(self, **entries: list[list[str]]) -> None:
        self._entries = {name.replace("_", "."): answers for name, answers in entries.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        answers = self._entries.get(host)
        if answers is None:
            raise OSError(f"nobody is called {host}")
        return answers[min(self.asked.count(host), len(answers)) - 1]


class Wires(httpcore.AsyncNetworkBackend):
    """All of the internet is one port of this machine; notes which address was wanted."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.wanted: list[tuple[str, int]] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature of its base
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.wanted.append((host, port))
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self._port, timeout)


@dataclass(frozen=True)
class Certificate:
    """For two names; whoever trusts `authority` trusts it."""

    server: ssl.SSLContext
    authority: Path

    @property
    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))


def certificate(folder: Path, *names: str) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{names[0]}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    authority = folder / f"{names[0]}.crt"
    authority.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return Certificate(server, authority)
