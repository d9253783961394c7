import base64
import hashlib
import hmac

from signaling.turn import credentials


def test_the_server_that_shares_the_secret_computes_the_same() -> None:
    made = credentials("secret", now=1_790_000_000, opaque="x")

    expected = hmac.new(b"secret", b"1790000600:x", hashlib.sha1).digest()
    assert made.username == "1790000600:x"
    assert base64.b64decode(made.credential) == expected


def test_no_credentials_live_longer_than_ten_minutes() -> None:
    assert credentials("s", now=0, seconds=86_400).username.startswith("600:")


def test_user_names_do_not_repeat() -> None:
    assert credentials("s", now=0).username != credentials("s", now=0).username
