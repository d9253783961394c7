"""The relay as it is shipped: whom it serves, and where it lets nobody go."""

import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from signaling.turn import credentials
from tests.machine.ports import free_port
from tests.machine.turn import (
    LOOPBACK,
    LOOPBACK_PEERS,
    SCRIPT,
    SECRET,
    TurnServer,
    turn_server,
)
from tests.machine.turn_client import IPV6, TCP, Attribute, TurnClient, turn_client

PUBLIC = "8.8.8.8"
"""Nothing is sent there: a permission is only asked for."""
PRIVATE = (
    "0.0.0.1",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.2",
    "169.254.169.254",
    "172.16.0.1",
    "172.30.77.2",
    "172.31.255.255",
    "192.0.0.1",
    "192.88.99.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "255.255.255.255",
)
FORBIDDEN, UNAUTHORIZED = 403, 401
FAMILY_NOT_SUPPORTED, TRANSPORT_NOT_SUPPORTED, FAMILY_MISMATCH = 440, 442, 443
QUOTA_REACHED = 486


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TurnServer]:
    with turn_server(tmp_path_factory.mktemp("turn")) as server:
        yield server


@pytest.fixture
def client(server: TurnServer) -> Iterator[TurnClient]:
    with turn_client(_where(server), *_fresh()) as client:
        yield client


def test_our_credentials_open_it(client: TurnClient) -> None:
    answer = client.allocate()

    assert answer.error == 0
    assert answer.relayed[0] == LOOPBACK
    assert 49152 <= answer.relayed[1] <= 50175
    assert Attribute.FINGERPRINT in answer.attributes
    assert Attribute.SOFTWARE not in answer.attributes


def test_a_wrong_password_does_not(server: TurnServer) -> None:
    with turn_client(_where(server), _fresh()[0], "guessed") as client:
        assert client.allocate().error == UNAUTHORIZED


def test_credentials_end_with_their_time(server: TurnServer) -> None:
    old = credentials(SECRET, now=time.time() - 601)

    with turn_client(_where(server), *old) as client:
        assert client.allocate().error == UNAUTHORIZED


def test_credentials_of_another_house_do_not_open_it(server: TurnServer) -> None:
    with turn_client(_where(server), *credentials("another", now=time.time())) as client:
        assert client.allocate().error == UNAUTHORIZED


def test_it_leads_to_the_internet(client: TurnClient) -> None:
    client.allocate()

    assert client.permit(PUBLIC) == 0


@pytest.mark.parametrize("peer", PRIVATE)
def test_it_leads_to_no_private_network(client: TurnClient, peer: str) -> None:
    client.allocate()

    assert client.permit(peer) == FORBIDDEN


@pytest.mark.parametrize("peer", ["::1", "fd00::1", "::ffff:10.0.0.1", "2606:4700::1111"])
def test_it_leads_to_no_ipv6_address_at_all(client: TurnClient, peer: str) -> None:
    client.allocate()

    assert client.permit(peer) == FAMILY_MISMATCH


def test_it_has_no_ipv6_address_to_give(client: TurnClient) -> None:
    assert client.allocate(family=IPV6).error == FAMILY_NOT_SUPPORTED


def test_it_relays_nothing_but_udp(client: TurnClient) -> None:
    assert client.allocate(transport=TCP).error == TRANSPORT_NOT_SUPPORTED


def test_it_tells_strangers_nothing(client: TurnClient) -> None:
    with pytest.raises(TimeoutError):
        client.ask_for_own_address()


def test_one_stay_has_its_measure(server: TurnServer) -> None:
    name = _fresh()
    with ExitStack() as stack:
        clients = [stack.enter_context(turn_client(_where(server), *name)) for _ in range(49)]
        errors = [client.allocate().error for client in clients]

    assert errors == [0] * 48 + [QUOTA_REACHED]


@pytest.mark.parametrize("public", ["", "203.0.113.7"])
def test_two_who_hide_meet_inside_it(tmp_path: Path, public: str) -> None:
    nat = {"RONDA_TURN_ADDRESS": public or LOOPBACK, "RONDA_TURN_LOCAL_ADDRESS": LOOPBACK}
    with (
        turn_server(tmp_path, settings=nat, arguments=LOOPBACK_PEERS) as server,
        turn_client(_where(server), *_fresh()) as ada,
        turn_client(_where(server), *_fresh()) as bo,
    ):
        to_ada, to_bo = ada.allocate().relayed, bo.allocate().relayed
        assert ada.permit(to_bo[0]) == bo.permit(to_ada[0]) == 0

        ada.send(b"hello", to=to_bo)

        assert bo.receive() == b"hello"
        assert to_bo[0] == (public or LOOPBACK)


def test_further_ranges_can_be_denied(tmp_path: Path) -> None:
    denied = {"RONDA_TURN_DENY": "8.8.8.0-8.8.8.255 9.9.9.9-9.9.9.9"}
    with (
        turn_server(tmp_path, settings=denied) as server,
        turn_client(_where(server), *_fresh()) as client,
    ):
        client.allocate()

        assert client.permit(PUBLIC) == FORBIDDEN
        assert client.permit("9.9.9.9") == FORBIDDEN
        assert client.permit("9.9.9.8") == 0


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_it_speaks_no_tls_older_than_1_2(tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    port = free_port()
    settings = {
        "RONDA_TURN_CERTIFICATE": str(certificate),
        "RONDA_TURN_KEY": str(key),
        "RONDA_TURN_TLS_PORT": str(port),
        "OPENSSL_CONF": str(_permissive(tmp_path)),
    }
    with turn_server(tmp_path, settings=settings):
        assert _tls_version(port, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
        with pytest.raises(OSError, match=r"timed out|reset|alert"):
            _tls_version(port, ssl.TLSVersion.TLSv1_1)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"RONDA_TURN_SECRET": SECRET}, "RONDA_TURN_ADDRESS"),
        ({"RONDA_TURN_SECRET": SECRET, "RONDA_TURN_ADDRESS": "fd00::1"}, "RONDA_TURN_ADDRESS"),
        ({"RONDA_TURN_ADDRESS": LOOPBACK}, "RONDA_TURN_SECRET"),
        ({"RONDA_TURN_ADDRESS": LOOPBACK, "RONDA_TURN_SECRET": "short"}, "RONDA_TURN_SECRET"),
    ],
)
def test_it_does_not_start_half_configured(settings: dict[str, str], name: str) -> None:
    environment = {"PATH": os.environ["PATH"], **settings}
    done = subprocess.run(
        [SCRIPT], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert name in done.stderr


def test_the_secret_is_not_among_its_arguments(tmp_path: Path) -> None:
    with turn_server(tmp_path):
        [written] = tmp_path.glob("turn.*/turnserver.conf")

        assert SECRET in written.read_text()
        assert written.stat().st_mode & 0o077 == 0
        assert SECRET not in _arguments_of("turnserver")


def test_nobody_is_written_down(tmp_path: Path) -> None:
    name = _fresh()
    with turn_server(tmp_path) as server, turn_client(_where(server), *name) as client:
        client.allocate()
        client.permit(PUBLIC)

    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert SECRET.encode() in written
    assert PUBLIC.encode() not in written
    assert name[0].encode() not in written


def _where(server: TurnServer) -> tuple[str, int]:
    return server.address, server.port


def _fresh() -> tuple[str, str]:
    return credentials(SECRET, now=time.time())


def _arguments_of(program: str) -> str:
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    return " ".join(line.decode() for line in lines if program.encode() in line)


def _tls_version(port: int, version: ssl.TLSVersion) -> str | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")  # or our own side would refuse what is old
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection((LOOPBACK, port), timeout=1) as plain,
        context.wrap_socket(plain) as wire,
    ):
        return wire.version()


def _permissive(folder: Path) -> Path:
    """Debian refuses old TLS for all programs; here coturn has to do it by itself."""
    path = folder / "openssl.cnf"
    path.write_text(
        "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n"
        "[c]\nMinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n"
    )
    return path


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
