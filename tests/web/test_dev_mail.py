"""Letters can be read in a browser on this machine only: each condition by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from litestar import Litestar

from sessions.keys import Keys
from sessions.settings import Settings
from tests.conftest import SetClock
from tests.house import open_house

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HERE = "http://localhost:8000"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data=tmp_path, public_url=HERE, database_url=database_url)


@asynccontextmanager
async def browser(
    app: Litestar, *, client: str = "127.0.0.1", base_url: str = HERE
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, client=(client, 50000))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=base_url) as opened:
        yield opened


async def status(
    settings: Settings,
    *,
    client: str = "127.0.0.1",
    base_url: str = HERE,
    headers: dict[str, str] | None = None,
) -> int:
    async with (
        open_house(settings, Keys(("k" * 40,)), SetClock()) as house,
        browser(house.app, client=client, base_url=base_url) as opened,
    ):
        return (await opened.get("/dev/mail", headers=headers or {})).status_code


@pytest.mark.parametrize("base_url", [HERE, "http://127.0.0.1:8000", "http://[::1]:8000"])
async def test_it_is_shown_on_this_machine(settings: Settings, base_url: str) -> None:
    assert await status(settings, base_url=base_url) == 200


async def test_not_when_there_is_a_mail_server(settings: Settings) -> None:
    assert await status(msgspec.structs.replace(settings, smtp_url="smtp://localhost")) == 404


async def test_not_under_a_public_address(settings: Settings) -> None:
    public = msgspec.structs.replace(settings, public_url="https://ronda.test")

    assert await status(public) == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104
async def test_not_when_other_machines_can_reach_the_server(
    settings: Settings, host: str
) -> None:
    assert await status(msgspec.structs.replace(settings, host=host)) == 404


@pytest.mark.parametrize("client", ["192.0.2.7", "10.0.0.1", "fe80::1"])
async def test_not_to_another_machine(settings: Settings, client: str) -> None:
    assert await status(settings, client=client) == 404


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "localhost@evil.example", "[", "", "a:b:c"],
)
async def test_not_under_a_name_that_another_site_lets_point_here(
    settings: Settings, host: str
) -> None:
    assert await status(settings, headers={"Host": host}) == 404


@pytest.mark.parametrize(
    "name",
    [
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "Via",
    ],
)
async def test_not_through_a_proxy(settings: Settings, name: str) -> None:
    assert await status(settings, headers={name: "127.0.0.1"}) == 404


async def test_a_letter_is_shown_with_its_link_and_nothing_of_it_runs(
    settings: Settings,
) -> None:
    async with (
        open_house(settings, Keys(("k" * 40,)), SetClock()) as house,
        browser(house.app) as opened,
    ):
        await opened.post("/api/signin", json={"address": "a<b&c'd@example.org"})
        address = "dana&amp;co@example.org"
        await opened.post("/api/signin", json={"address": address.replace("&amp;", "&")})
        await house.letters()
        listed = await opened.get("/dev/mail")
        [name] = {p.name for p in (settings.data / "mail").glob("*.eml")}
        shown = await opened.get(f"/dev/mail/{name}")

    assert address in listed.text
    assert f'<a href="{HERE}/in#' in shown.text
    assert "<script" not in shown.text


@pytest.mark.parametrize(
    "name", ["..%2f..%2fronda.db", "ronda.db", "..%2fkeys", "x.eml", "%00.eml", "a.eml%00"]
)
async def test_nothing_but_letters_is_shown(settings: Settings, name: str) -> None:
    async with (
        open_house(settings, Keys(("k" * 40,)), SetClock()) as house,
        browser(house.app) as opened,
    ):
        assert (await opened.get(f"/dev/mail/{name}")).status_code == 404
