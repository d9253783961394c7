"""The pages and their assets."""

import gzip
from pathlib import Path

import pytest

from sessions.web import pages
from tests.house import Browser, House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SHELL = (
    '<!doctype html><html lang="en" dir="ltr"><meta name="exit-url" content="" />'
    "<title>Ronda</title>"
)
SCRIPT = "export const words = 'again and again';\n" * 200


@pytest.fixture(autouse=True)
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a build leaves behind."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(SHELL)
    (folder / "start.he.html").write_text(SHELL + "<h1>שלום</h1>")
    (folder / "assets" / "main-1a2b.js").write_text(SCRIPT)
    (folder / "assets" / "tiny-3c4d.css").write_text("a{}")
    (folder / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("the keys")
    monkeypatch.setattr(pages, "STATIC", folder)
    return folder


async def test_a_page_is_written_for_the_language_that_was_asked_for(house: House) -> None:
    async with house.browser(language="ar-EG, en;q=0.5") as browser:
        arabic = await browser.get("/signin")
        browser.client.cookies.set("language", "he", domain="ronda.test")
        hebrew = await browser.get("/")

    assert '<html lang="ar" dir="rtl">' in arabic.text
    assert '<html lang="he" dir="rtl">' in hebrew.text
    assert "שלום" in hebrew.text
    assert arabic.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/nothing", "/circles/1/2/3", "/%00", "/%ff", "/signin/now", "/index.html"]
)
async def test_an_unknown_page_is_a_page_that_says_so(house: House, path: str) -> None:
    async with house.browser() as browser:
        answer = await browser.get(f"https://ronda.test{path}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Ronda</title>" in answer.text


@pytest.mark.parametrize(
    "path", ["/api", "/api/nothing", "/api/circles/1", "/assets/x", "/feed/a/b", "/dev/x"]
)
async def test_an_unknown_address_for_programs_is_a_problem(house: House, path: str) -> None:
    async with house.browser() as browser:
        answer = await browser.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_changing_a_page_is_a_problem(house: House) -> None:
    async with house.browser() as browser:
        assert (await browser.post("/home")).status_code == 405
        unknown = await browser.post("/nothing")

    assert unknown.status_code == 404
    assert unknown.headers["content-type"] == "application/problem+json"


async def test_the_blank_page_is_blank(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.get("/bye")

    assert answer.text == '<!doctype html><meta charset="utf-8"><title></title>'


async def ask(browser: Browser, path: str, encodings: str) -> bytes:
    """The body as it went over the line."""
    request = browser.client.build_request("GET", path, headers={"Accept-Encoding": encodings})
    answer = await browser.client.send(request, stream=True)
    assert answer.status_code == 200
    packed = "gzip" in answer.headers.get("content-encoding", "")
    body = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert body.startswith(b"\x1f\x8b") == packed
    return body


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "GZIP", "deflate, gzip, br"])
async def test_an_asset_is_sent_compressed_to_whoever_takes_it(
    house: House, accepted: str
) -> None:
    async with house.browser() as browser:
        body = await ask(browser, "/assets/main-1a2b.js", accepted)

    assert gzip.decompress(body).decode() == SCRIPT
    assert len(body) < len(SCRIPT) / 10


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzipped"])
async def test_an_asset_is_sent_plain_to_everybody_else(house: House, accepted: str) -> None:
    async with house.browser() as browser:
        assert (await ask(browser, "/assets/main-1a2b.js", accepted)).decode() == SCRIPT


async def test_what_would_grow_is_not_compressed(house: House) -> None:
    async with house.browser() as browser:
        assert await ask(browser, "/assets/tiny-3c4d.css", "gzip") == b"a{}"


@pytest.mark.parametrize("path", ["/", "/home", "/api/me", "/healthz", "/feed/x.ics"])
async def test_only_assets_are_compressed(house: House, path: str) -> None:
    """A length that depends on a secret and on what somebody else chose gives it away."""
    async with house.browser() as browser:
        answer = await browser.get(path, headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in answer.headers


async def test_assets_stay_for_ever_and_only_they(house: House) -> None:
    async with house.browser() as browser:
        asset = await browser.get("/assets/main-1a2b.js")
        icon = await browser.get("/favicon.svg")
        page = await browser.get("/home")

    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["vary"] == "Accept-Encoding"
    assert asset.headers["content-type"].startswith("text/javascript")
    assert icon.headers["cache-control"] == "no-cache"
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/assets/..%5c..%5csecret.txt",
        "/assets/%2e%2e",
        "/assets/%2e",
        "/assets/%00",
        "/assets/main-1a2b.js%00",
        "/assets/%2fetc%2fpasswd",
        "/assets/..%2findex.html",
    ],
)
async def test_no_path_leads_out_of_the_assets(house: House, path: str) -> None:
    async with house.browser() as browser:
        answer = await browser.get(path)

    assert answer.status_code == 404
    assert "the keys" not in answer.text


async def test_asking_for_what_is_not_there_costs_no_memory(house: House, static: Path) -> None:
    async with house.browser() as browser:
        for number in range(50):
            assert (await browser.get(f"/assets/{number}.js")).status_code == 404

    assert len(pages.files(static)) == 5


async def test_before_the_pages_are_built_it_says_what_to_do(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "STATIC", tmp_path / "nowhere")
    async with house.browser() as browser:
        answer = await browser.get("/")

    assert "make build" in answer.text
