import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from sessions import passkeys
from sessions.errors import Invalid, NotFound
from sessions.passkeys import CHALLENGE_LIFE, Challenge, Passkey, PasskeyChallenge
from sessions.people import Person
from tests.sessions.village import BO, DANA, Village
from tests.web.authenticator import Authenticator


async def begin(village: Village, who: str = DANA) -> Challenge:
    person = await village.person(who)
    async with village.database.write() as db:
        return await passkeys.begin_adding(db, village.settings, person, now=village.clock())


async def finish(
    village: Village, challenge: str, credential: dict[str, Any], who: str = DANA
) -> Passkey:
    person = await village.person(who)
    async with village.database.write() as db:
        return await passkeys.finish_adding(
            db,
            village.settings,
            person,
            challenge,
            credential,
            label=" My\u202e phone ",
            now=village.clock(),
        )


async def add(village: Village, device: Authenticator, who: str = DANA) -> Passkey:
    challenge = await begin(village, who)
    return await finish(village, challenge.id, device.create(challenge.options), who)


async def begin_sign_in(village: Village) -> Challenge:
    async with village.database.write() as db:
        return await passkeys.begin_sign_in(
            db, village.keys, village.settings, host="192.0.2.1", now=village.clock()
        )


async def finish_sign_in(
    village: Village, challenge: str, credential: dict[str, Any]
) -> Person:
    async with village.database.write() as db:
        return await passkeys.finish_sign_in(
            db, village.settings, challenge, credential, now=village.clock()
        )


async def sign_in(village: Village, device: Authenticator) -> Person:
    challenge = await begin_sign_in(village)
    return await finish_sign_in(village, challenge.id, device.sign(challenge.options))


class TestAdding:
    async def test_a_device_that_was_added_signs_its_person_in(self, village: Village) -> None:
        device = Authenticator()

        key = await add(village, device)

        assert key.label == "My phone"
        assert (await sign_in(village, device)).id == (await village.person(DANA)).id
        async with village.database.read() as db:
            [stored] = await passkeys.of(db, await village.person(DANA))
        assert stored.last_used_on == village.clock().date()

    async def test_a_device_that_is_known_is_not_offered_again(self, village: Village) -> None:
        device = Authenticator()
        await add(village, device)

        options = (await begin(village)).options

        assert len(options["excludeCredentials"]) == 1

    async def test_what_the_device_shows_holds_no_address(self, village: Village) -> None:
        assert DANA not in json.dumps((await begin(village)).options)

    async def test_a_challenge_is_for_the_person_it_was_made_for(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        challenge = await begin(village, DANA)

        with pytest.raises(Invalid, match="passkey"):
            await finish(village, challenge.id, Authenticator().create(challenge.options), BO)

    @pytest.mark.parametrize(
        "device", [Authenticator(origin="https://evil.example"), Authenticator(host="evil")]
    )
    async def test_another_site_cannot_add_one(
        self, village: Village, device: Authenticator
    ) -> None:
        with pytest.raises(Invalid, match="passkey"):
            await add(village, device)


class TestSigningIn:
    async def test_nothing_is_told_about_who_has_passkeys(self, village: Village) -> None:
        await add(village, Authenticator())

        assert (await begin_sign_in(village)).options.get("allowCredentials", []) == []

    async def test_an_unknown_device_is_refused(self, village: Village) -> None:
        with pytest.raises(Invalid, match="passkey"):
            await sign_in(village, Authenticator())

    async def test_a_challenge_is_good_once(self, village: Village) -> None:
        device = Authenticator()
        await add(village, device)
        challenge = await begin_sign_in(village)
        credential = device.sign(challenge.options)
        await finish_sign_in(village, challenge.id, credential)

        with pytest.raises(Invalid):
            await finish_sign_in(village, challenge.id, credential)

    async def test_and_for_five_minutes(self, village: Village) -> None:
        device = Authenticator()
        await add(village, device)
        challenge = await begin_sign_in(village)
        village.clock.forward(CHALLENGE_LIFE)

        with pytest.raises(Invalid):
            await finish_sign_in(village, challenge.id, device.sign(challenge.options))

    async def test_one_for_adding_does_not_sign_in(self, village: Village) -> None:
        device = Authenticator()
        await add(village, device)
        challenge = await begin(village)

        with pytest.raises(Invalid):
            await finish_sign_in(village, challenge.id, device.sign(challenge.options))

    async def test_an_answer_to_another_challenge_is_refused(self, village: Village) -> None:
        device = Authenticator()
        await add(village, device)
        first, second = await begin_sign_in(village), await begin_sign_in(village)

        with pytest.raises(Invalid):
            await finish_sign_in(village, second.id, device.sign(first.options))

    async def test_a_copied_device_is_noticed_by_its_count(self, village: Village) -> None:
        device = Authenticator()
        await add(village, device)
        for _ in range(3):
            await sign_in(village, device)
        device.count = 1

        with pytest.raises(Invalid):
            await sign_in(village, device)

    async def test_another_site_cannot_pass_an_answer_on(self, village: Village) -> None:
        device = Authenticator()
        await add(village, device)
        device.origin = "https://ronda.test.evil.example"

        with pytest.raises(Invalid):
            await sign_in(village, device)

    @settings(
        max_examples=25,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(data=st.data())
    async def test_a_spoilt_answer_is_refused_and_never_a_crash(
        self, village: Village, data: st.DataObject
    ) -> None:
        device = Authenticator()
        await add(village, device)
        challenge = await begin_sign_in(village)
        credential = device.sign(challenge.options)
        spoilt = st.none() | st.integers() | st.text() | st.just("AAAA") | st.lists(st.none())
        part = data.draw(st.sampled_from(["id", "rawId", "type", "response", *RESPONSE]))
        value = data.draw(spoilt)
        target = credential["response"] if part in RESPONSE else credential
        target[part] = value

        with pytest.raises(Invalid):
            await finish_sign_in(village, challenge.id, credential)


RESPONSE = ("clientDataJSON", "authenticatorData", "signature")


class TestLookingAfter:
    async def test_a_passkey_can_be_removed_by_its_person_only(self, village: Village) -> None:
        await village.invite(BO)
        device = Authenticator()
        key = await add(village, device)
        async with village.database.write() as db:
            with pytest.raises(NotFound):
                await passkeys.remove(db, await village.person(BO), key.id)
            await passkeys.remove(db, await village.person(DANA), key.id)

        with pytest.raises(Invalid):
            await sign_in(village, device)

    async def test_challenges_that_ended_are_forgotten(self, village: Village) -> None:
        await begin_sign_in(village)

        async with village.database.write() as db:
            for age, left in ((CHALLENGE_LIFE, 1), (CHALLENGE_LIFE + timedelta(seconds=1), 0)):
                await passkeys.forget_old(db, now=village.clock() + age)
                assert len(list(await db.exec(select(PasskeyChallenge)))) == left
