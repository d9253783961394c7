import base64
import json

import pytest

from signaling.passes import BadPass, ExpiredPass, Spent, mint, verify
from tests.signaling.fakes import KEY, NOW, a_pass


def test_a_pass_says_what_was_put_into_it() -> None:
    pass_ = a_pass("ann", name="אן")

    assert verify(mint(pass_, KEY), KEY, NOW) == pass_


def test_a_pass_travels_in_plain_letters() -> None:
    token = mint(a_pass("ann", name="أن"), KEY)

    assert token.replace("-", "").replace("_", "").replace(".", "").isalnum()
    assert token.isascii()


def test_a_pass_ends_at_its_time() -> None:
    token = mint(a_pass("ann", expires_at=NOW), KEY)

    with pytest.raises(ExpiredPass):
        verify(token, KEY, NOW)


def test_another_key_is_not_ours() -> None:
    with pytest.raises(BadPass):
        verify(mint(a_pass("ann"), b"another key"), KEY, NOW)


def test_a_member_cannot_make_themselves_facilitator() -> None:
    body, _, signature = mint(a_pass("ann"), KEY).partition(".")
    fields = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    fields["role"] = "facilitator"
    forged = base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()

    with pytest.raises(BadPass):
        verify(f"{forged}.{signature}", KEY, NOW)


@pytest.mark.parametrize("token", ["", ".", "a", "a.b", "ä.ö", "...", "e30.e30", "\ud800.x"])
def test_noise_is_a_bad_pass(token: str) -> None:
    with pytest.raises(BadPass):
        verify(token, KEY, NOW)


def test_a_pass_is_good_for_one_use() -> None:
    spent, pass_ = Spent(), a_pass("ann")
    spent.spend(pass_, NOW)

    with pytest.raises(BadPass):
        spent.spend(pass_, NOW)


def test_the_memory_of_spent_passes_is_bounded_and_clears_itself() -> None:
    spent = Spent(at_most=2)
    spent.spend(a_pass("ann"), NOW)
    spent.spend(a_pass("bob"), NOW)

    with pytest.raises(BadPass):
        spent.spend(a_pass("cid"), NOW)
    spent.spend(a_pass("dan", expires_at=NOW + 300), NOW + 121)
