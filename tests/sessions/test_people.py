from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions import people
from sessions.errors import Invalid
from sessions.keys import Keys
from sessions.people import change_person, checked_address, masked, new_person
from tests.conftest import NOON, SECRET
from tests.sessions.village import BO, DANA, Village

NEWER = "a newer secret that is long enough"


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "bo@example.org", " bo@example.org ", "b.o+circle@mail.example.co.uk", "a@b.c",
            "o'neil@example.org", "root@localhost", "x_1@sub-domain.example.org",
            "a" * 64 + "@example.org", "bo@xn--wgv71a.example",
        ],
    )  # fmt: skip
    def test_ordinary_ones_are_taken(self, address: str) -> None:
        assert checked_address(address) == address.strip()

    @pytest.mark.parametrize(
        "address",
        [
            "", "bo", "@example.org", "bo@", "bo@example", "bo@@example.org", "b o@example.org",
            "bo@exa mple.org", "bo@example..org", "bo@.example.org", "bo@example.org.",
            ".bo@example.org", "bo.@example.org", "b..o@example.org", "bo@-example.org",
            "bo@example-.org", "bo@[192.0.2.1]", "<bo@example.org>", '"b o"@example.org',
            "bo@example.org\r\nBcc: all@example.org", "bo@example.org\0", "bo,cy@example.org",
            "bo@example.org;cy@example.org", "ב@example.org", "bo@דוגמה.org", "bo@exam_ple.org",
            "=?utf-8?q?bo?=@example.org", "a" * 65 + "@example.org",
            "bo@" + "a" * 64 + ".org", "bo@" + "a." * 126 + "org",
            "bo@example.org\u202e", "bo%0d%0a@example.org\n.",
        ],
    )  # fmt: skip
    def test_others_are_refused(self, address: str) -> None:
        with pytest.raises(Invalid, match="bad_address"):
            checked_address(address)

    @given(st.from_regex(people.ADDRESS, fullmatch=True))
    def test_what_is_taken_can_stand_in_a_header_as_it_is(self, address: str) -> None:
        try:
            taken = checked_address(address)
        except Invalid:
            return
        assert Address(addr_spec=taken).addr_spec == taken

    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("bo@example.org", "b…@e….org"),
            ("dana@mail.example.co.uk", "d…@m….uk"),
            ("root@localhost", "r…@localhost"),
            (None, ""),
        ],
    )
    def test_masked_it_is_recognised_but_not_learned(
        self, address: str | None, shown: str
    ) -> None:
        assert masked(address) == shown


class TestPersons:
    async def test_a_person_is_found_however_the_address_is_spelled(
        self, village: Village
    ) -> None:
        first = await village.person(DANA)

        assert (await village.person("Dana@EXAMPLE.org")).id == first.id

    async def test_the_address_lies_sealed(self, village: Village) -> None:
        person = await village.person(DANA)

        assert person.address is not None
        assert b"dana" not in person.address
        assert people.address_of(village.keys, person) == DANA

    async def test_a_change_of_secrets_makes_nobody_a_stranger(self, village: Village) -> None:
        before = await village.person(DANA)
        token = await village.feed_token(DANA)
        village.keys = Keys((NEWER, SECRET))

        async with village.database.write() as db:
            after = await people.find_or_add(
                db, village.keys, DANA, locale="en", zone="UTC", now=NOON
            )

        assert after.id == before.id
        assert people.address_of(village.keys, after) == DANA
        assert await village.feed_token(DANA) == token

    async def test_an_instance_is_in_use_as_soon_as_there_is_one_person(
        self, village: Village
    ) -> None:
        async with village.database.write() as db:
            assert await people.has_people(db)
            await db.delete(await village.person(DANA))
            await db.flush()
            assert not await people.has_people(db)


class TestChanging:
    def person(self, keys: Keys) -> people.Person:
        return new_person(keys, BO, locale="en", zone="Asia/Jerusalem", now=NOON)

    def test_discreet_is_the_beginning(self, keys: Keys) -> None:
        assert self.person(keys).detail == "discreet"

    def test_only_what_is_given_changes(self, keys: Keys) -> None:
        person = self.person(keys)

        change_person(person, now=NOON, name=" Bo\u202e \n B ", detail="full")

        assert (person.name, person.detail) == ("Bo B", "full")
        assert (person.locale, person.zone, person.summary) == ("en", "Asia/Jerusalem", None)

    def test_an_empty_word_goes_back_to_the_neutral_one(self, keys: Keys) -> None:
        person = self.person(keys)
        change_person(person, now=NOON, summary="Dentist")
        change_person(person, now=NOON, summary=" ")

        assert person.summary is None

    def test_a_zone_that_does_not_exist_is_refused_and_nothing_changes(
        self, keys: Keys
    ) -> None:
        person = self.person(keys)

        with pytest.raises(Invalid, match="unknown_zone"):
            change_person(person, now=NOON, name="Bo", zone="Asia/Atlantis")

        assert (person.name, person.zone) == ("", "Asia/Jerusalem")

    def test_somebody_new_with_an_odd_zone_gets_utc(self, keys: Keys) -> None:
        assert new_person(keys, None, locale="en", zone="../x", now=NOON).zone == "UTC"
