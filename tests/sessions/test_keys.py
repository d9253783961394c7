import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.keys import InvalidSeal, Keys, MissingKey, digest_of, load_keys, random_token

OLD, NEW = "the older secret, which is long enough", "the newer secret, which is long enough"


class TestLinks:
    def test_each_purpose_owner_and_generation_has_an_own_token(self) -> None:
        keys, first, second = Keys((OLD,)), uuid4(), uuid4()

        tokens = {
            keys.token(purpose, owner, generation)
            for purpose in ("ticket", "answer", "feed")
            for owner in (first, second)
            for generation in range(3)
        }

        assert len(tokens) == 18
        assert all(len(token) == 32 and token.isascii() for token in tokens)

    @given(st.uuids(), st.integers(0, 5))
    def test_an_old_link_can_be_printed_again_after_a_new_secret_came(
        self, owner: UUID, generation: int
    ) -> None:
        token = Keys((OLD,)).token("ticket", owner, generation)

        again = Keys((NEW, OLD)).token_again("ticket", owner, generation, digest_of(token))

        assert again == token != Keys((NEW, OLD)).token("ticket", owner, generation)

    def test_when_its_secret_is_gone_that_is_said(self) -> None:
        owner = uuid4()
        digest = digest_of(Keys((OLD,)).token("ticket", owner, 0))

        with pytest.raises(MissingKey, match="RONDA_SECRETS"):
            Keys((NEW,)).token_again("ticket", owner, 0, digest)

    def test_random_ones_differ(self) -> None:
        assert len({random_token() for _ in range(100)}) == 100


class TestSeals:
    @given(st.binary())
    def test_what_was_sealed_is_opened_with_any_of_the_secrets(self, data: bytes) -> None:
        old, both = Keys((OLD,)), Keys((NEW, OLD))

        assert both.open(old.seal(data)) == both.open(both.seal(data)) == data

    def test_the_newest_secret_seals(self) -> None:
        assert Keys((NEW,)).open(Keys((NEW, OLD)).seal(b"x")) == b"x"

    def test_equal_things_are_sealed_differently(self) -> None:
        assert len({Keys((OLD,)).seal(b"x") for _ in range(5)}) == 5

    @pytest.mark.parametrize("sealed", [b"", b"x", b"gAAAAA" + b"A" * 100, "ב".encode()])
    def test_what_is_not_ours_does_not_open(self, sealed: bytes) -> None:
        with pytest.raises(InvalidSeal):
            Keys((OLD,)).open(sealed)
        with pytest.raises(InvalidSeal):
            Keys((OLD,)).open(Keys((NEW,)).seal(b"x"))


class TestFingerprints:
    def test_the_newest_comes_first_and_all_old_ones_follow(self) -> None:
        [old] = Keys((OLD,)).fingerprints("address", "bo@example.org")
        newest, oldest = Keys((NEW, OLD)).fingerprints("address", "bo@example.org")

        assert oldest == old != newest

    def test_purposes_are_kept_apart(self) -> None:
        keys = Keys((OLD,))

        assert keys.fingerprints("address", "x") != keys.fingerprints("limit", "x")

    def test_one_cannot_be_made_without_the_secret(self) -> None:
        assert Keys((OLD,)).fingerprints("a", "x") != Keys((NEW,)).fingerprints("a", "x")


def test_organizers_stay_and_passes_change_with_a_new_secret() -> None:
    old, both = Keys((OLD,)), Keys((NEW, OLD))

    assert both.organizers == old.organizers
    assert both.passes != old.passes
    assert len({old.passes, old.organizers}) == 2


class TestFile:
    def test_it_is_made_once_for_its_owner_alone(self, tmp_path: Path) -> None:
        first = load_keys(tmp_path / "data", (), database_exists=False)
        again = load_keys(tmp_path / "data", (), database_exists=True)

        path = tmp_path / "data" / "keys"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert first.passes == again.passes
        assert len(path.read_text().strip()) >= 43, "256 bit and more"

    def test_a_database_without_its_key_stops_the_start(self, tmp_path: Path) -> None:
        with pytest.raises(MissingKey) as missing:
            load_keys(tmp_path, (), database_exists=True)

        assert str(tmp_path / "keys") in str(missing.value)
        assert not (tmp_path / "keys").exists()

    def test_several_secrets_in_it_are_newest_first(self, tmp_path: Path) -> None:
        (tmp_path / "keys").write_text(f"{NEW}\n".replace(" ", "-") + OLD.replace(" ", "-"))

        keys = load_keys(tmp_path, (), database_exists=True)

        assert keys.passes == Keys((NEW.replace(" ", "-"),)).passes
        assert keys.organizers == Keys((OLD.replace(" ", "-"),)).organizers

    def test_an_empty_file_is_as_good_as_none(self, tmp_path: Path) -> None:
        (tmp_path / "keys").write_text("\n")

        with pytest.raises(MissingKey):
            load_keys(tmp_path, (), database_exists=True)

    def test_with_secrets_of_the_operators_no_file_is_made(self, tmp_path: Path) -> None:
        keys = load_keys(tmp_path, (NEW, OLD), database_exists=True)

        assert keys.passes == Keys((NEW,)).passes
        assert list(tmp_path.iterdir()) == []
