from pathlib import Path

import pytest

from sessions.settings import Settings, WrongSetting

GOOD = {
    "RONDA_DATA": "/srv/ronda",
    "RONDA_PUBLIC_URL": "https://circles.example.org",
    "RONDA_SMTP_URL": "smtps://ronda:secret@mail.example.org",
    "RONDA_MAIL_FROM": "box@example.org",
}


def test_nothing_has_to_be_set_to_try_it_on_one_machine() -> None:
    settings = Settings.from_env({})

    assert settings.public_url == "http://localhost:8000"
    assert settings.database_url == f"sqlite:///{settings.data}/ronda.db"
    assert settings.data.is_absolute()
    assert settings.is_local
    assert settings.mail_folder == settings.data / "mail"


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    names = [f"RONDA_{name.upper()}" for name in Settings.__struct_fields__ if name != "port"]

    assert Settings.from_env(dict.fromkeys(names, "")) == Settings.from_env({})


def test_everything_can_be_set() -> None:
    settings = Settings.from_env(
        GOOD
        | {
            "RONDA_HOST": "0.0.0.0",  # noqa: S104
            "RONDA_PORT": "80",
            "RONDA_DATABASE_URL": "postgresql://ronda@db/ronda",
            "RONDA_REDIS_URL": "redis://cache:6379/0",
            "RONDA_TURN_URLS": "turn:turn.example.org:3478, turns:turn.example.org",
            "RONDA_TURN_SECRET": "s3cret",
            "RONDA_SECRETS": f"{'n' * 32} {'o' * 32}",
            "RONDA_SIGNUP": "invited",
            "RONDA_EXIT_URL": "https://www.example.org/weather",
            "RONDA_TRUSTED_PROXIES": "10.0.0.1",
            "RONDA_TRUSTED_HOSTS": "Calendar.lan, [fd00::1]:8443",
        }
    )

    assert settings.data == Path("/srv/ronda")
    assert settings.turn_urls == ("turn:turn.example.org:3478", "turns:turn.example.org")
    assert settings.trusted_hosts == ("calendar.lan", "[fd00::1]:8443")
    assert settings.secrets == ("n" * 32, "o" * 32), "newest first"
    assert (settings.mail_folder, settings.mail_host) == (None, "example.org")
    assert settings.can_hide_addresses
    assert not settings.is_local


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RONDA_PORT", "0"), ("RONDA_PORT", "65536"), ("RONDA_PORT", "http"),
        ("RONDA_PORT", "-1"), ("RONDA_PORT", "²"),
        ("RONDA_PUBLIC_URL", "circles.example.org"),
        ("RONDA_PUBLIC_URL", "ftp://circles.example.org"),
        ("RONDA_PUBLIC_URL", "http://circles.example.org"),
        ("RONDA_PUBLIC_URL", "https://circles.example.org/ronda"),
        ("RONDA_PUBLIC_URL", "https://circles.example.org?x"),
        ("RONDA_PUBLIC_URL", "https://user@circles.example.org"),
        ("RONDA_PUBLIC_URL", "https://circles.example.org:port"),
        ("RONDA_PUBLIC_URL", "https://[::1"), ("RONDA_PUBLIC_URL", "https://"),
        ("RONDA_PUBLIC_URL", "https://מעגל.example.org"),
        ("RONDA_DATABASE_URL", "mysql://x"), ("RONDA_DATABASE_URL", "ronda.db"),
        ("RONDA_DATABASE_URL", "postgresql://x:port"),
        ("RONDA_REDIS_URL", "http://cache"),
        ("RONDA_TRUSTED_HOSTS", "https://calendar.lan"),
        ("RONDA_TRUSTED_HOSTS", "calendar.lan/x"),
        ("RONDA_TRUSTED_HOSTS", "*"),
        ("RONDA_SMTP_URL", "mail.example.org"), ("RONDA_SMTP_URL", "smtp://"),
        ("RONDA_SMTP_URL", "smtp://mail.example.org:x"),
        ("RONDA_MAIL_FROM", ""), ("RONDA_MAIL_FROM", "box"), ("RONDA_MAIL_FROM", "@b.org"),
        ("RONDA_MAIL_FROM", "Box <box@example.org>"), ("RONDA_MAIL_FROM", "a@b.c,d@e.f"),
        ("RONDA_MAIL_FROM", "box+x@example.org"), ("RONDA_MAIL_FROM", "box@b.org\r\nX: y"),
        ("RONDA_MAIL_FROM", "box@exa@mple.org"), ("RONDA_MAIL_FROM", "תיבה@example.org"),
        ("RONDA_MAIL_FROM", "=?utf-8?q?x?=@example.org"),
        ("RONDA_TURN_URLS", "stun:stun.example.org"), ("RONDA_TURN_SECRET", ""),
        ("RONDA_SECRETS", "short"), ("RONDA_SECRETS", f"{'n' * 32} short"),
        ("RONDA_SIGNUP", "closed"),
        ("RONDA_EXIT_URL", "http://example.org"), ("RONDA_EXIT_URL", "javascript:alert(1)"),
    ],
)  # fmt: skip
def test_a_wrong_setting_stops_the_start_with_a_sentence_that_names_it(
    name: str, value: str
) -> None:
    turn = {"RONDA_TURN_URLS": "turn:turn.example.org", "RONDA_TURN_SECRET": "s3cret"}

    with pytest.raises(WrongSetting) as wrong:
        Settings.from_env(GOOD | turn | {name: value})

    sentence = str(wrong.value)
    assert wrong.value.name == name
    assert sentence.startswith(f"{name} ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://circles.example.org/", "https://circles.example.org"),
        ("HTTPS://Circles.Example.org", "https://circles.example.org"),
        ("https://circles.example.org:443", "https://circles.example.org"),
        ("https://circles.example.org:8443", "https://circles.example.org:8443"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_public_address_is_what_browsers_send_as_origin(written: str, origin: str) -> None:
    """RFC 6454 - 6.2. ASCII Serialization of an Origin"""
    assert Settings.from_env({"RONDA_PUBLIC_URL": written}).public_url == origin


@pytest.mark.parametrize(
    ("public_url", "host", "local"),
    [
        ("http://localhost:8000", "127.0.0.1", True),
        ("http://localhost:8000", "0.0.0.0", False),  # noqa: S104
        ("https://circles.example.org", "127.0.0.1", False),
    ],
)
def test_only_what_nobody_else_can_reach_is_local(
    public_url: str, host: str, local: bool
) -> None:
    settings = Settings.from_env({"RONDA_PUBLIC_URL": public_url, "RONDA_HOST": host})

    assert settings.is_local is local


def test_an_unknown_field_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        Settings(datta=Path())  # type: ignore[call-arg]
