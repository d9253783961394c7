"""What an operator runs, as far as it can be run here: without containers."""

import json
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import yaml  # type: ignore[import-untyped]
from websockets.sync.client import connect
from websockets.typing import Origin

from sessions.settings import Settings, WrongSetting
from tests.machine.caddy import Proxy, caddy
from tests.machine.ports import free_port
from tests.machine.programs import running
from tests.machine.redis import redis_server
from tests.machine.waiting import PATIENCE

ROOT = Path(__file__).parents[1]
RONDA = Path(sys.executable).with_name("ronda")
SECRETS = ("RONDA_SECRETS", "RONDA_DATABASE_PASSWORD", "RONDA_TURN_SECRET")
Service = dict[str, Any]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its secrets made, as the README tells."""
    path = tmp_path_factory.mktemp("env") / ".env"
    path.write_text((ROOT / ".env.example").read_text())
    _run(ROOT / ".deploy" / "secrets", path)
    return path


@pytest.fixture(scope="module")
def services(filled: Path) -> dict[str, Service]:
    """As Debian's docker-compose reads them."""
    text = _compose("--env-file", filled, "config")
    services: dict[str, Service] = yaml.safe_load(text)["services"]
    return services


def test_the_compose_file_is_valid_even_before_anything_is_set() -> None:
    _compose("config", "-q")
    _compose("--env-file", ROOT / ".env.example", "config", "-q")


def test_secrets_are_made_once_and_kept(filled: Path) -> None:
    before = _values(filled)
    _run(ROOT / ".deploy" / "secrets", filled)

    assert _values(filled) == before
    assert all(len(before[name]) == 64 for name in SECRETS)
    assert len({before[name] for name in SECRETS}) == len(SECRETS)
    assert filled.stat().st_mode & 0o077 == 0


def test_the_app_takes_what_compose_gives_it(services: dict[str, Service]) -> None:
    settings = Settings.from_env(_container(services["app"]))

    assert settings.public_url == "https://circles.example.org"
    assert settings.can_hide_addresses
    assert settings.secrets
    assert not settings.is_local
    assert settings.mail_folder is None


def test_the_app_does_not_start_without_secrets() -> None:
    text = _compose("--env-file", ROOT / ".env.example", "config")
    app = yaml.safe_load(text)["services"]["app"]

    with pytest.raises(WrongSetting, match="RONDA_TURN_SECRET"):
        Settings.from_env(_container(app))


def test_app_and_relay_share_their_secret(services: dict[str, Service]) -> None:
    app, turn = services["app"]["environment"], services["turn"]["environment"]

    assert app["RONDA_TURN_SECRET"] == turn["RONDA_TURN_SECRET"]


def test_only_the_proxy_has_ports_outside(services: dict[str, Service]) -> None:
    outside = {name: each["ports"] for name, each in services.items() if "ports" in each}
    on_the_machine = {n for n, each in services.items() if each.get("network_mode") == "host"}

    assert set(outside) == {"proxy"}
    assert {port["published"] for port in outside["proxy"]} == {80, 443}
    assert on_the_machine == {"turn"}


def test_every_service_has_as_few_powers_as_it_needs(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert set(service.get("cap_add", [])) <= {"NET_BIND_SERVICE"}, name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_every_service_is_watched_and_started_again(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"][0] == "CMD", name


def test_every_image_has_a_version(services: dict[str, Service]) -> None:
    images = [service["image"] for service in services.values()]
    images += re.findall(r"^FROM (\S+)", _dockerfile(), re.MULTILINE)

    assert [image for image in images if not re.search(r":\d+\.\d+\.?\d*", image)] == []


def test_everything_the_image_is_made_of_is_there() -> None:
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    sources = [
        source
        for words in re.findall(r"^COPY (?!--from)(.+)", _dockerfile(), re.MULTILINE)
        for source in words.split()[:-1]
    ]

    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(fnmatch(source, f"{line[1:]}*") for line in allowed if line[0] == "!"), (
            source
        )


def test_the_image_runs_the_app_as_nobody_special() -> None:
    last_stage = _dockerfile().rpartition("\nFROM ")[2]

    assert re.search(r"^USER ronda$", last_stage, re.MULTILINE)
    assert "pip install" not in last_stage
    assert "npm" not in last_stage


def test_mounted_files_are_there(services: dict[str, Service]) -> None:
    mounted = [str(volume) for each in services.values() for volume in each.get("volumes", [])]
    paths = [Path(volume.partition(":")[0]) for volume in mounted if volume[0] in "./"]

    assert paths
    assert [path for path in paths if not path.exists()] == []


class Deployed(NamedTuple):
    proxy: Proxy
    client: httpx.Client


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="module")
def deployed(
    services: dict[str, Service],
    postgres_url: str,
    redis_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Deployed]:
    """The compose file's app and proxy, with PostgreSQL and Redis; only the places differ."""
    folder = tmp_path_factory.mktemp("deployed")
    port, https = free_port(), free_port()
    environment = {
        **os.environ,
        **_container(services["app"]),
        "RONDA_DATA": str(folder / "data"),
        "RONDA_HOST": "127.0.0.1",
        "RONDA_PORT": str(port),
        "RONDA_PUBLIC_URL": f"https://localhost:{https}",
        "RONDA_DATABASE_URL": postgres_url,
        "RONDA_REDIS_URL": redis_url,
        "RONDA_SMTP_URL": f"smtp://127.0.0.1:{free_port()}",
        "RONDA_TRUSTED_PROXIES": "127.0.0.0/8",
    }
    _run(RONDA, "migrate", environment=environment)

    def is_well() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    with (
        running([RONDA, "serve"], environment, log=folder / "app.log", ready=is_well),
        caddy(folder, upstream=f"127.0.0.1:{port}", port=https) as proxy,
        httpx.Client(base_url=proxy.https, verify=_trusting(proxy)) as client,
    ):
        yield Deployed(proxy, client)


def test_people_reach_the_app_through_tls(deployed: Deployed) -> None:
    answer = deployed.client.get("/healthz")

    assert answer.json() == {"status": "ok"}
    assert "strict-transport-security" in answer.headers
    assert "server" not in answer.headers


def test_who_comes_without_tls_is_led_to_it(deployed: Deployed) -> None:
    answer = httpx.get(f"{deployed.proxy.http}/signin")

    assert answer.status_code == 308
    assert answer.headers["location"].startswith("https://localhost")


def test_the_socket_goes_through_the_proxy(deployed: Deployed) -> None:
    url = deployed.proxy.https.replace("https", "wss") + "/socket"
    tls = _trusting(deployed.proxy)
    origin = Origin(deployed.proxy.https)
    with connect(url, origin=origin, ssl=tls, open_timeout=PATIENCE) as socket:
        socket.send(json.dumps({"type": "hello", "version": 1, "token": "forged"}))

        assert json.loads(socket.recv(timeout=5)) == {"type": "bye", "reason": "bad_pass"}


def test_pages_are_compressed_and_secrets_are_not(deployed: Deployed) -> None:
    page = deployed.client.get("/", headers={"Accept-Encoding": "gzip"})
    answer = deployed.client.get("/api/schema", headers={"Accept-Encoding": "gzip"})

    assert page.headers.get("content-encoding") == "gzip"
    assert "content-encoding" not in answer.headers


def test_letters_are_never_shown_outside(deployed: Deployed) -> None:
    assert deployed.client.get("/dev/mail").status_code == 404


def test_nobody_can_pretend_to_be_many(deployed: Deployed) -> None:
    codes = [
        deployed.client.post(
            "/api/signin",
            json={"address": f"somebody{number}@example.org"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        ).status_code
        for number in range(41)
    ]

    assert codes[-1] == 429
    assert codes[0] == 202


def test_a_failed_request_leaves_no_secret_in_the_proxys_log(tmp_path: Path) -> None:
    dead = f"127.0.0.1:{free_port()}"
    with caddy(tmp_path, upstream=dead) as proxy:
        answer = httpx.get(f"{proxy.https}/feed/canary.ics", verify=_trusting(proxy))

    assert answer.status_code == 502
    assert "canary" not in proxy.log.read_text()


def _trusting(proxy: Proxy) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(proxy.authority))


def _container(app: Service) -> dict[str, str]:
    """What the process sees: the image's environment, then that of the service."""
    from_image = dict(re.findall(r"(RONDA_\w+)=(\S+)", _dockerfile()))
    return {**from_image, **app["environment"]}


def _dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def _values(env: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\w+)=(.*)$", env.read_text(), re.MULTILINE))


def _compose(*arguments: str | Path) -> str:
    return _run("docker-compose", "--project-directory", ROOT, *arguments)


def _run(*command: str | Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
