from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from sessions import signin
from sessions.errors import Gone, Invalid, NotFound, NotSignedIn, TooMany
from sessions.keys import Keys
from sessions.people import Person, find_person
from sessions.signin import IDLE, LINK_LIFE, LONGEST, SignedIn, SignInLink
from tests.conftest import SECRET
from tests.house import token_in
from tests.sessions.village import BO, DANA, Village

A_SECOND = timedelta(seconds=1)
HOST = "192.0.2.7"


async def ask(village: Village, address: str, **changes: Any) -> None:
    wanted: dict[str, Any] = {"locale": "he", "zone": "Asia/Jerusalem", "host": HOST}
    wanted |= {"signup": "open", "now": village.clock(), **changes}
    async with village.database.write() as db:
        await signin.send_link(db, village.keys, address, **wanted)


async def link(village: Village, address: str, **changes: Any) -> str:
    await ask(village, address, **changes)
    [letter] = await village.post(address)
    return token_in(letter.mail, "in")


async def use(village: Village, token: str) -> tuple[Person, str]:
    async with village.database.write() as db:
        return await signin.use_link(db, village.keys, token, now=village.clock())


async def who(village: Village, cookie: str) -> Person:
    async with village.database.read() as db:
        person, _ = await signin.who(db, cookie, now=village.clock())
        return person


class TestLinks:
    async def test_a_link_signs_in_once(self, village: Village) -> None:
        token = await link(village, BO)

        person, cookie = await use(village, token)

        assert (await who(village, cookie)).id == person.id
        with pytest.raises(Gone, match="signin_link_expired"):
            await use(village, token)

    async def test_looking_at_it_says_whose_it_is_and_uses_nothing_up(
        self, village: Village
    ) -> None:
        token = await link(village, BO)

        for _ in range(2):
            async with village.database.write() as db:
                seen = await signin.look_at_link(db, village.keys, token, now=village.clock())
            assert seen == BO
        assert await use(village, token)

    async def test_it_is_good_for_15_minutes(self, village: Village) -> None:
        first, second = await link(village, BO), await link(village, DANA)

        village.clock.forward(LINK_LIFE - A_SECOND)
        assert await use(village, first)
        village.clock.forward(A_SECOND)

        assert timedelta(minutes=15) == LINK_LIFE
        with pytest.raises(Gone):
            await use(village, second)

    @pytest.mark.parametrize("token", ["", "x", "A" * 32, "\u05d0" * 200])
    async def test_an_invented_one_is_gone_too(self, village: Village, token: str) -> None:
        with pytest.raises(Gone):
            await use(village, token)

    async def test_the_database_holds_neither_token_nor_address(self, village: Village) -> None:
        token = await link(village, BO)

        async with village.database.read() as db:
            [row] = list(await db.exec(select(SignInLink)))
        stored = repr(row.model_dump())

        assert token not in stored
        assert BO not in stored

    async def test_somebody_unknown_comes_to_be_when_the_link_is_used_not_before(
        self, village: Village
    ) -> None:
        token = await link(village, BO)
        async with village.database.read() as db:
            assert await find_person(db, village.keys, BO) is None

        person, _ = await use(village, token)

        assert (person.locale, person.zone, person.detail) == (
            "he", "Asia/Jerusalem", "discreet",
        )  # fmt: skip

    async def test_who_is_known_keeps_language_and_zone(self, village: Village) -> None:
        person, _ = await use(village, await link(village, DANA, zone="Europe/Kyiv"))

        assert (person.locale, person.zone) == ("en", "Asia/Jerusalem")

    async def test_a_bad_address_is_said_to_be_one(self, village: Village) -> None:
        with pytest.raises(Invalid, match="bad_address"):
            await ask(village, "nobody")


class TestWhatAskingTells:
    async def test_known_and_unknown_get_the_same(self, village: Village) -> None:
        for address in (DANA, "stranger@example.org"):
            await ask(village, address)

        known, unknown = await village.post()

        assert known.mail["Subject"] == unknown.mail["Subject"]
        assert abs(len(known.message) - len(unknown.message)) < 20

    async def test_where_signing_up_is_closed_a_stranger_gets_silence_a_guest_a_link(
        self, village: Village
    ) -> None:
        await village.welcome(BO)
        for address in (BO, "stranger@example.org"):
            await ask(village, address, signup="invited")

        assert [letter.to for letter in await village.post()] == [BO]

    async def test_too_many_for_one_address_are_silent(self, village: Village) -> None:
        for n in range(7):
            await ask(village, BO.upper() if n % 2 else BO, host=f"192.0.2.{n}")

        assert len(await village.post()) == 5
        village.clock.forward(timedelta(hours=1))
        assert await link(village, BO)

    async def test_too_many_from_one_host_are_refused(self, village: Village) -> None:
        for n in range(40):
            await ask(village, f"guest{n}@example.org")

        with pytest.raises(TooMany) as refused:
            await ask(village, BO)
        await ask(village, BO, host="192.0.2.8")

        assert 0 < refused.value.seconds <= 3600


class TestStayingSignedIn:
    async def test_a_cookie_is_made_anew_at_each_sign_in(self, village: Village) -> None:
        cookies = {(await use(village, await link(village, BO)))[1] for _ in range(3)}

        assert len(cookies) == 3
        assert all(len(cookie) >= 32 for cookie in cookies)

    async def test_it_ends_when_it_is_not_used_for_14_days(self, village: Village) -> None:
        _, cookie = await use(village, await link(village, BO))

        village.clock.forward(IDLE)
        assert await who(village, cookie)
        village.clock.forward(A_SECOND)

        with pytest.raises(NotSignedIn):
            await who(village, cookie)

    async def test_used_every_day_it_ends_after_90_days(self, village: Village) -> None:
        _, cookie = await use(village, await link(village, BO))
        begin = village.clock()
        for day in range(1, 91):
            village.clock.now = begin + timedelta(days=day)
            async with village.database.write() as db:
                _, device = await signin.who(db, cookie, now=village.clock())
                assert signin.is_stale(device, now=village.clock())
                await signin.touch(db, device, now=village.clock())

        assert timedelta(days=90) == LONGEST
        village.clock.forward(A_SECOND)
        with pytest.raises(NotSignedIn):
            await who(village, cookie)

    async def test_signing_out_ends_this_device_only(self, village: Village) -> None:
        _, here = await use(village, await link(village, BO))
        _, there = await use(village, await link(village, BO))

        async with village.database.write() as db:
            await signin.sign_out(db, here)

        with pytest.raises(NotSignedIn):
            await who(village, here)
        assert await who(village, there)

    async def test_another_device_can_be_signed_out_but_not_somebody_elses(
        self, village: Village
    ) -> None:
        bo, cookie = await use(village, await link(village, BO))
        dana, _ = await use(village, await link(village, DANA))
        async with village.database.write() as db:
            [device] = await signin.devices(db, bo)
            with pytest.raises(NotFound):
                await signin.sign_out_device(db, dana, device.id)
            await signin.sign_out_device(db, bo, device.id)

        with pytest.raises(NotSignedIn):
            await who(village, cookie)

    async def test_the_database_holds_no_cookie(self, village: Village) -> None:
        _, cookie = await use(village, await link(village, BO))

        async with village.database.read() as db:
            [row] = list(await db.exec(select(SignedIn)))

        assert cookie not in repr(row.model_dump())


class TestKeeping:
    async def test_links_and_devices_that_no_longer_count_are_forgotten(
        self, village: Village
    ) -> None:
        await use(village, await link(village, BO))
        await ask(village, DANA)

        async def left() -> tuple[int, int]:
            async with village.database.write() as db:
                await signin.forget_old(db, now=village.clock())
                links = list(await db.exec(select(SignInLink)))
                return len(links), len(list(await db.exec(select(SignedIn))))

        assert await left() == (2, 1)
        village.clock.forward(timedelta(days=1) + LINK_LIFE + A_SECOND)
        assert await left() == (0, 1)
        village.clock.forward(IDLE)
        assert await left() == (0, 0)


async def test_links_addresses_and_cookies_outlive_a_change_of_secrets(
    village: Village,
) -> None:
    token = await link(village, BO)
    village.keys = Keys(("a newer secret that is long enough", SECRET))

    person, cookie = await use(village, token)
    again, _ = await use(village, await link(village, BO))

    assert person.id == again.id == (await who(village, cookie)).id
