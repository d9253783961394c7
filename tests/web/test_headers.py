"""What every answer tells browsers, and what a request that changes something must bring."""

from pathlib import Path

import httpx
import pytest
from litestar.routes import HTTPRoute

from sessions.app import create_app
from sessions.keys import Keys
from sessions.settings import Settings
from sessions.web.cookies import SEAT, SESSION
from sessions.web.headers import SafeHeaders
from tests.conftest import SECRET
from tests.house import PUBLIC_URL, House
from tests.web.tables import everything

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ALWAYS = {
    "permissions-policy",
    "referrer-policy",
    "x-content-type-options",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "content-security-policy",
    "strict-transport-security",
    "x-robots-tag",
}
EVERY_KIND = (
    ("GET", "/", 200),
    ("GET", "/bye", 200),
    ("GET", "/no/such/page", 404),
    ("GET", "/healthz", 200),
    ("GET", "/api/me", 200),
    ("GET", "/api/circles", 401),
    ("GET", "/api/nothing", 404),
    ("GET", "/feed/unknown.ics", 404),
    ("GET", "/assets/nothing.js", 404),
    ("GET", "/dev/mail", 404),
    ("GET", "/api/schema/openapi.json", 200),
    ("HEAD", "/", 200),
    ("HEAD", "/api/nothing", 404),
    ("OPTIONS", "/api/me", 204),
    ("PUT", "/api/me", 405),
    ("POST", "/api/signin", 400),
    ("POST", "/api/signout", 204),
)


@pytest.mark.parametrize(("method", "path", "status"), EVERY_KIND)
async def test_every_answer_has_the_safe_headers_and_is_never_stored(
    house: House, method: str, path: str, status: int
) -> None:
    async with house.browser() as browser:
        body: object = {} if method == "POST" else None
        answer = await browser.client.request(method, path, json=body)

    assert answer.status_code == status
    assert answer.headers.keys() >= ALWAYS
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


async def test_nothing_from_elsewhere_and_nothing_inline_may_run(house: House) -> None:
    async with house.browser() as browser:
        policy = (await browser.get("/")).headers["content-security-policy"]

    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["connect-src"] == "'self' wss://ronda.test"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize(
    ("public_url", "said"), [("https://ronda.test", True), ("http://localhost:8000", False)]
)
async def test_only_an_encrypted_site_insists_on_encryption(
    house: House, public_url: str, said: bool
) -> None:
    headers = SafeHeaders(Settings(public_url=public_url))
    message = {"type": "http.response.start", "status": 200, "headers": []}

    await headers(message, {})  # type: ignore[arg-type]

    names = {name for name, _ in message["headers"]}  # type: ignore[attr-defined]
    assert (b"strict-transport-security" in names) == said


def changes(tmp_path: Path) -> list[tuple[str, str]]:
    """Every method and path that may change something."""
    app = create_app(Settings(data=tmp_path, database_url="sqlite://"), Keys((SECRET,)))
    return [
        (method, route.path_format.format_map(Anything()))
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in sorted(handler.http_methods - {"GET", "OPTIONS"})
    ]


class Anything(dict[str, str]):
    def __missing__(self, _key: str) -> str:
        return "00000000-0000-0000-0000-000000000000"


FOREIGN = (
    "https://evil.example",
    "null",
    "http://ronda.test",
    "https://ronda.test.evil.example",
    "https://ronda.test:8443",
    "https://RONDA.test",
    "",
)


async def test_another_site_can_change_nothing(house: House, tmp_path: Path) -> None:
    async with house.browser() as browser:
        await browser.sign_in("dana@example.org")
        before = await everything(house.inside.database)
        for method, path in changes(tmp_path):
            for origin in FOREIGN:
                answer = await browser.client.request(
                    method, path, json={}, headers={"Origin": origin}
                )
                assert answer.status_code == 403, (method, path, origin)
                assert answer.json()["type"] == "/problems/foreign_origin"

    assert await everything(house.inside.database) == before


@pytest.mark.parametrize("name", [SESSION, SEAT])
async def test_a_cookie_without_an_origin_changes_nothing(house: House, name: str) -> None:
    async with house.browser() as browser:
        del browser.client.headers["Origin"]
        browser.client.cookies.set(name, "any", domain="ronda.test", path="/")

        answer = await browser.post("/api/exit")

    assert answer.status_code == 403


async def test_a_program_without_cookies_needs_no_origin(house: House) -> None:
    async with house.browser() as browser:
        del browser.client.headers["Origin"]
        answer = await browser.post("/api/signin", {"address": "dana@example.org"})

    assert answer.status_code == 202


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; application/json",
        "application/json-seq",
        None,
    ],
)
async def test_what_any_page_could_send_is_no_body_of_ours(
    house: House, kind: str | None
) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    async with house.browser() as browser:
        answer = await browser.client.post(
            "/api/signin", content=b'{"address": "dana@example.org"}', headers=headers
        )

    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON"]
)
async def test_json_is_taken_however_it_is_named(house: House, kind: str) -> None:
    async with house.browser() as browser:
        answer = await browser.client.post(
            "/api/signin",
            content=b'{"address": "dana@example.org"}',
            headers={"Content-Type": kind},
        )

    assert answer.status_code == 202


async def test_an_unknown_host_changes_no_link(house: House) -> None:
    async with house.browser() as browser:
        await browser.client.post(
            "/api/signin",
            json={"address": "dana@example.org"},
            headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
        )
    [letter] = await house.letters()

    assert "evil" not in letter.as_string()
    assert PUBLIC_URL in str(letter.get_body(("plain",)))


async def test_other_origins_are_told_nothing_by_cors(house: House) -> None:
    async with house.browser() as browser:
        asked: httpx.Response = await browser.client.request(
            "OPTIONS",
            "/api/me",
            headers={
                "Origin": "https://evil.example",
                "Access-Control-Request-Method": "PATCH",
            },
        )

    assert not [name for name in asked.headers if name.startswith("access-control")]
