"""Signing in and out: by mail, by passkey, and out by the quick exit."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from sessions.passkeys import CHALLENGE_LIFE
from sessions.signin import IDLE, LINK_LIFE, LONGEST
from sessions.web.cookies import SEAT, SESSION
from tests.conftest import SetClock
from tests.house import Browser, House, token_in
from tests.web.authenticator import Authenticator
from tests.web.tables import everything

DANA = "dana@example.org"


async def link_for(browser: Browser, address: str = DANA) -> str:
    await browser.post("/api/signin", {"address": address})
    return token_in((await browser.house.letters(to=address))[-1], "in")


async def who(browser: Browser) -> dict[str, Any] | None:
    person: dict[str, Any] | None = (await browser.get("/api/me")).json()["person"]
    return person


async def test_asking_for_a_link_tells_nobody_who_has_an_account(house: House) -> None:
    async with house.browser() as browser:
        await browser.sign_in(DANA)
        browser.client.cookies.clear()

        known = await browser.post("/api/signin", {"address": DANA})
        unknown = await browser.post("/api/signin", {"address": "nobody@example.org"})

    assert known.status_code == unknown.status_code == 202
    assert known.content == unknown.content
    assert known.headers == unknown.headers


async def test_asking_too_often_for_one_address_looks_no_different(house: House) -> None:
    async with house.browser() as browser:
        answers = [await browser.post("/api/signin", {"address": DANA}) for _ in range(7)]

    assert {(a.status_code, a.text) for a in answers} == {(202, "{}")}
    assert len(await house.letters(to=DANA)) == 5


async def test_asking_too_often_from_one_place_says_when_to_come_back(house: House) -> None:
    async with house.browser(language="ar") as browser:
        answers = [
            await browser.post("/api/signin", {"address": f"{n}@example.org"})
            for n in range(41)
        ]

    assert [a.status_code for a in answers] == [202] * 40 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[-1].headers["content-language"] == "ar"


async def test_looking_at_a_link_shows_a_masked_address_and_uses_nothing_up(
    house: House,
) -> None:
    async with house.browser() as browser:
        token = await link_for(browser)
        before = await everything(house.inside.database)

        looks = [await browser.post("/api/signin/look", {"token": token}) for _ in range(3)]
        after = await everything(house.inside.database)
        used = await browser.post("/api/signin/link", {"token": token})

    assert {look.text for look in looks} == {'{"address":"d…@e….org"}'}
    assert after == before
    assert used.status_code == 200


async def test_a_link_works_once_and_for_a_quarter_of_an_hour(
    house: House, clock: SetClock
) -> None:
    async with house.browser() as browser:
        first, second = await link_for(browser), await link_for(browser)
        assert (await browser.post("/api/signin/link", {"token": first})).status_code == 200

        again = await browser.post("/api/signin/link", {"token": first})
        clock.forward(LINK_LIFE)
        late = await browser.post("/api/signin/link", {"token": second})

    assert again.status_code == late.status_code == 410
    assert again.json() == late.json()


async def test_a_cookie_that_was_planted_before_signing_in_is_worth_nothing(
    house: House,
) -> None:
    async with house.browser() as victim, house.browser() as attacker:
        for browser in (victim, attacker):
            browser.client.cookies.set(SESSION, "planted", domain="ronda.test", path="/")

        await victim.sign_in(DANA)

        assert await who(victim) is not None
        assert await who(attacker) is None
        assert victim.client.cookies[SESSION] != "planted"


async def test_signing_in_again_ends_the_sign_in_of_before(house: House) -> None:
    async with house.browser() as browser, house.browser() as thief:
        await browser.sign_in(DANA)
        before = browser.client.cookies[SESSION]
        thief.client.cookies.set(SESSION, before, domain="ronda.test", path="/")

        await browser.sign_in(DANA)

        assert browser.client.cookies[SESSION] != before
        assert await who(thief) is None
        assert len((await browser.get("/api/me/signins")).json()) == 1


@pytest.mark.parametrize("path", ["/api/signout", "/api/exit"])
async def test_leaving_ends_the_sign_in_on_the_server_too(house: House, path: str) -> None:
    async with house.browser() as browser:
        await browser.sign_in(DANA)
        kept = dict(browser.client.cookies)

        left = await browser.post(path)

        assert left.status_code == 204
        assert SESSION not in browser.client.cookies
        browser.client.cookies.set(SESSION, kept[SESSION], domain="ronda.test", path="/")
        assert await who(browser) is None


async def test_the_quick_exit_clears_what_the_browser_holds(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.post("/api/exit")

    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    ended = answer.headers.get_list("set-cookie")
    assert {line.partition("=")[0] for line in ended} == {SESSION, SEAT}
    assert all("Max-Age=0" in line for line in ended)


async def test_a_sign_in_ends_when_it_is_idle_or_old(house: House, clock: SetClock) -> None:
    async with house.browser() as browser:
        await browser.sign_in(DANA)
        clock.forward(IDLE)
        assert await who(browser) is not None
        clock.forward(IDLE + timedelta(seconds=1))
        assert await who(browser) is None

        await browser.sign_in(DANA)
        for _ in range(LONGEST // IDLE):
            clock.forward(IDLE)
            assert await who(browser) is not None
        clock.forward(LONGEST % IDLE + timedelta(seconds=1))
        assert await who(browser) is None


class Keyring:
    """A person's browser with a passkey device."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def begin(self, path: str) -> dict[str, Any]:
        answer = await self.browser.post(path)
        assert answer.status_code == 200, answer.text
        begun: dict[str, Any] = answer.json()
        return begun

    async def add(self, device: Authenticator, begun: dict[str, Any]) -> httpx.Response:
        return await self.browser.post(
            "/api/me/passkeys",
            {
                "challenge_id": begun["challenge_id"],
                "credential": device.create(begun["options"]),
                "label": "Phone",
            },
        )

    async def sign_in(self, device: Authenticator, begun: dict[str, Any]) -> httpx.Response:
        return await self.browser.post(
            "/api/signin/passkey",
            {
                "challenge_id": begun["challenge_id"],
                "credential": device.sign(begun["options"]),
            },
        )


ADD, ENTER = "/api/me/passkeys/options", "/api/signin/passkey/options"


async def with_passkey(browser: Browser, device: Authenticator) -> Keyring:
    """Dana, signed out again, with a passkey."""
    await browser.sign_in(DANA)
    ring = Keyring(browser)
    added = await ring.add(device, await ring.begin(ADD))
    assert added.status_code == 201, added.text
    await browser.post("/api/signout")
    return ring


async def test_a_passkey_signs_in(house: House) -> None:
    device = Authenticator()
    async with house.browser() as browser:
        ring = await with_passkey(browser, device)

        answer = await ring.sign_in(device, await ring.begin(ENTER))

        person = answer.json()["person"]
        [key] = (await browser.get("/api/me/passkeys")).json()
    assert (person["address"], person["passkeys"]) == ("d…@e….org", 1)
    assert (key["label"], key["last_used_on"]) == ("Phone", "2026-03-02")


async def test_the_options_name_nobody(house: House) -> None:
    async with house.browser() as browser:
        ring = await with_passkey(browser, Authenticator())
        begun = await ring.begin(ENTER)

    assert begun["options"].get("allowCredentials", []) == []
    assert begun["options"]["rpId"] == "ronda.test"


@pytest.mark.parametrize(
    "device",
    [
        Authenticator(origin="https://ronda.test.evil.example"),
        Authenticator(host="evil.example"),
    ],
    ids=["origin", "host"],
)
async def test_a_passkey_of_another_site_is_refused(
    house: House, device: Authenticator
) -> None:
    good = Authenticator(id=device.id, key=device.key)
    async with house.browser() as browser:
        await browser.sign_in(DANA)
        ring = Keyring(browser)
        added = await ring.add(device, await ring.begin(ADD))
        await ring.add(good, await ring.begin(ADD))
        await browser.post("/api/signout")
        entered = await ring.sign_in(device, await ring.begin(ENTER))

    assert added.status_code == entered.status_code == 400
    assert added.json()["type"] == entered.json()["type"] == "/problems/passkey"


async def test_a_challenge_is_good_once(house: House) -> None:
    device = Authenticator()
    async with house.browser() as browser:
        ring = await with_passkey(browser, device)
        begun = await ring.begin(ENTER)
        body = {
            "challenge_id": begun["challenge_id"],
            "credential": device.sign(begun["options"]),
        }

        first = await browser.post("/api/signin/passkey", body)
        again = await browser.post("/api/signin/passkey", body)

    assert (first.status_code, again.status_code) == (200, 400)


async def test_a_challenge_is_good_for_five_minutes(house: House, clock: SetClock) -> None:
    device = Authenticator()
    async with house.browser() as browser:
        ring = await with_passkey(browser, device)
        begun = await ring.begin(ENTER)
        clock.forward(CHALLENGE_LIFE)

        assert (await ring.sign_in(device, begun)).status_code == 400


async def test_a_challenge_for_somebody_else_adds_no_passkey(house: House) -> None:
    async with house.browser() as dana, house.browser() as mallory:
        await dana.sign_in(DANA)
        await mallory.sign_in("mallory@example.org")
        begun = await Keyring(dana).begin(ADD)

        stolen = await Keyring(mallory).add(Authenticator(), begun)

        assert stolen.status_code == 400
        assert (await mallory.get("/api/me/passkeys")).json() == []


async def test_a_challenge_for_adding_does_not_sign_in(house: House) -> None:
    device = Authenticator()
    async with house.browser() as browser:
        ring = await with_passkey(browser, device)
        await browser.sign_in(DANA)
        begun = await ring.begin(ADD)

        assert (await ring.sign_in(device, begun)).status_code == 400


async def test_an_unknown_passkey_is_refused_like_a_bad_one(house: House) -> None:
    known = Authenticator()
    async with house.browser() as browser:
        ring = await with_passkey(browser, known)
        unknown = await ring.sign_in(Authenticator(), await ring.begin(ENTER))
        forged = await ring.sign_in(Authenticator(id=known.id), await ring.begin(ENTER))

    assert unknown.status_code == forged.status_code == 400
    assert unknown.content == forged.content


async def test_a_passkey_whose_counter_went_back_is_refused(house: House) -> None:
    device = Authenticator(count=7)
    async with house.browser() as browser:
        ring = await with_passkey(browser, device)
        await ring.sign_in(device, await ring.begin(ENTER))
        clone = Authenticator(id=device.id, key=device.key, count=1)

        assert (await ring.sign_in(clone, await ring.begin(ENTER))).status_code == 400


async def test_a_counter_may_be_as_large_as_the_standard_says(house: House) -> None:
    device = Authenticator(count=2**32 - 2)
    async with house.browser() as browser:
        ring = await with_passkey(browser, device)

        assert (await ring.sign_in(device, await ring.begin(ENTER))).status_code == 200


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"rawId": 1, "id": [], "response": None, "type": {}},
        {"rawId": "\x00", "id": "\x00", "response": {}, "type": "public-key"},
        {"rawId": "é", "id": "é", "response": {"clientDataJSON": "é"}, "type": "public-key"},
        {
            "rawId": "AAAA",
            "id": "AAAA",
            "type": "public-key",
            "response": {"clientDataJSON": "AAAA", "attestationObject": "_____w"},
        },
    ],
    ids=range(5),
)
async def test_a_credential_that_is_none_is_refused_kindly(
    house: House, credential: dict[str, Any]
) -> None:
    async with house.browser() as browser:
        await browser.sign_in(DANA)
        ring = Keyring(browser)
        for options, path in ((ADD, "/api/me/passkeys"), (ENTER, "/api/signin/passkey")):
            begun = await ring.begin(options)
            answer = await browser.post(
                path, {"challenge_id": begun["challenge_id"], "credential": credential}
            )
            assert answer.json()["type"] == "/problems/passkey", answer.text


async def test_tokens_may_stand_in_no_address(house: House) -> None:
    """A GET is what mail scanners do: it signs nobody in."""
    async with house.browser() as browser:
        token = await link_for(browser)
        for path in ("/api/signin/link", "/api/signin/look", "/in"):
            await browser.get(f"{path}?token={quote(token)}")
        assert await who(browser) is None
        used = await browser.post("/api/signin/link", {"token": token})

    assert used.status_code == 200
