"""What the operator decides, read once from the environment (prefix `RONDA_`)."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import msgspec

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
DATABASES = ("sqlite", "postgresql")
DEFAULT_PORT = 8000
MAILBOX = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")
"""No plus sign: what follows one tells people and series apart, see `entries`."""
TRUSTED_HOST = re.compile(r"([a-z0-9][a-z0-9._-]*|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
USUAL_PORTS = {"http": ":80", "https": ":443"}


class WrongSetting(Exception):
    """Stops the start; its sentence names the variable."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}")
        self.name = name


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    data: Path = Path("var")
    """The folder for all that the server writes."""
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    public_url: str = f"http://localhost:{DEFAULT_PORT}"
    """Every link is built from it, never from a request's Host; no trailing slash."""
    database_url: str = ""
    redis_url: str = ""
    smtp_url: str = ""
    """`smtp://` (STARTTLS if offered) or `smtps://`; empty: mail goes into `data/mail`."""
    mail_from: str = "mail@localhost"
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = ""
    secrets: tuple[str, ...] = ()
    """Newest first; empty: a key file in `data`, made at the first start."""
    signup: str = "open"
    """`open`: anybody may make an account; `invited`: only people already known."""
    imap_url: str = ""
    """Mailbox that answers come back to, `imaps://user:password@host/INBOX`; empty: none."""
    inbound_secret: str = ""
    """What a mail server shows that hands mails over by HTTP; empty: none does."""
    exit_url: str = ""
    """Where the quick exit leads; empty: a blank page of our own."""
    trusted_proxies: str = "127.0.0.1"
    trusted_hosts: tuple[str, ...] = ()
    """Calendar servers of our own network: `host` or `host:port`, by http as well."""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Raises `WrongSetting` for the first variable that cannot be used."""
        port = _port(env.get("RONDA_PORT", str(DEFAULT_PORT)))
        data = Path(env.get("RONDA_DATA") or "var").resolve()
        settings = cls(
            data=data,
            host=env.get("RONDA_HOST") or "127.0.0.1",
            port=port,
            public_url=_origin(env.get("RONDA_PUBLIC_URL") or f"http://localhost:{port}"),
            database_url=env.get("RONDA_DATABASE_URL") or f"sqlite:///{data}/ronda.db",
            redis_url=env.get("RONDA_REDIS_URL", ""),
            smtp_url=env.get("RONDA_SMTP_URL", ""),
            mail_from=env.get("RONDA_MAIL_FROM", "") or "mail@localhost",
            turn_urls=_words(env.get("RONDA_TURN_URLS", "")),
            turn_secret=env.get("RONDA_TURN_SECRET", ""),
            secrets=_words(env.get("RONDA_SECRETS", "")),
            signup=env.get("RONDA_SIGNUP") or "open",
            imap_url=env.get("RONDA_IMAP_URL", ""),
            inbound_secret=env.get("RONDA_INBOUND_SECRET", ""),
            exit_url=env.get("RONDA_EXIT_URL", ""),
            trusted_proxies=env.get("RONDA_TRUSTED_PROXIES") or "127.0.0.1",
            trusted_hosts=_words(env.get("RONDA_TRUSTED_HOSTS", "").lower()),
        )
        for check in CHECKS:
            check(settings)
        return settings

    @property
    def is_local(self) -> bool:
        """Nobody but this machine can reach it: development pages may be shown."""
        return urlsplit(self.public_url).hostname in LOCAL_HOSTS and self.host in LOCAL_HOSTS

    @property
    def mail_folder(self) -> Path | None:
        """Where letters are written when there is no SMTP server."""
        return None if self.smtp_url else self.data / "mail"

    @property
    def can_hide_addresses(self) -> bool:
        return bool(self.turn_urls)

    @property
    def mail_host(self) -> str:
        return self.mail_from.rpartition("@")[2]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _origin(url: str) -> str:
    """As browsers write it in Origin: small letters, and no port that goes without saying."""
    url = url.rstrip("/")
    scheme, found, host = url.lower().partition("://")
    host = host.removesuffix(USUAL_PORTS.get(scheme, ""))
    return f"{scheme}://{host}" if found and url.isascii() else url


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise WrongSetting(
            "RONDA_PORT", f"must be a port number from 1 to 65535, not “{text}”."
        )
    return int(text)


def _split(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise WrongSetting(name, f"is not an address ({error}).") from error
    return parts


def _check_public_url(settings: Settings) -> None:
    """But on localhost, browsers give no camera and keep no `__Host-` cookie without HTTPS."""
    name = "RONDA_PUBLIC_URL"
    parts = _split(name, settings.public_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongSetting(name, "must look like https://circles.example.org.")
    if not settings.public_url.isascii():
        raise WrongSetting(name, "must be written as browsers send it, in ASCII (xn--…).")
    if parts.path or parts.query or parts.fragment or parts.username:
        raise WrongSetting(name, "must be a bare address without path, query or user name.")
    if parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS:
        raise WrongSetting(name, "must begin with https:// unless it is localhost.")


def _check_database_url(settings: Settings) -> None:
    parts = _split("RONDA_DATABASE_URL", settings.database_url)
    if parts.scheme.partition("+")[0] not in DATABASES:
        raise WrongSetting("RONDA_DATABASE_URL", "must begin with sqlite:/// or postgresql://.")


def _check_redis_url(settings: Settings) -> None:
    if not settings.redis_url:
        return
    if _split("RONDA_REDIS_URL", settings.redis_url).scheme not in ("redis", "rediss", "unix"):
        raise WrongSetting("RONDA_REDIS_URL", "must begin with redis:// or rediss://.")


def _check_smtp(settings: Settings) -> None:
    if settings.smtp_url:
        parts = _split("RONDA_SMTP_URL", settings.smtp_url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise WrongSetting("RONDA_SMTP_URL", "must begin with smtp:// or smtps://.")
        if settings.mail_host == "localhost" and parts.hostname not in LOCAL_HOSTS:
            raise WrongSetting("RONDA_MAIL_FROM", "is needed with RONDA_SMTP_URL.")
    if not MAILBOX.fullmatch(settings.mail_from):
        raise WrongSetting(
            "RONDA_MAIL_FROM", "must be one bare mail address, like box@example.org."
        )


def _check_turn(settings: Settings) -> None:
    if any(not url.startswith(("turn:", "turns:")) for url in settings.turn_urls):
        raise WrongSetting(
            "RONDA_TURN_URLS", "must hold addresses that begin with turn: or turns:."
        )
    if settings.turn_urls and not settings.turn_secret:
        raise WrongSetting("RONDA_TURN_SECRET", "is needed with RONDA_TURN_URLS.")


def _check_secrets(settings: Settings) -> None:
    if any(len(secret) < 32 for secret in settings.secrets):
        raise WrongSetting("RONDA_SECRETS", "must hold secrets of at least 32 characters.")


def _check_signup(settings: Settings) -> None:
    if settings.signup not in ("open", "invited"):
        raise WrongSetting("RONDA_SIGNUP", "must be “open” or “invited”.")


def _check_inbound(settings: Settings) -> None:
    if settings.imap_url:
        parts = _imap_parts(settings.imap_url)
        if parts is None or parts.scheme not in ("imap", "imaps"):
            raise WrongSetting("RONDA_IMAP_URL", "must look like imaps://user:password@host.")
        if parts.scheme == "imap" and parts.hostname not in LOCAL_HOSTS:
            raise WrongSetting("RONDA_IMAP_URL", "must begin with imaps:// but for localhost.")
    if settings.inbound_secret and len(settings.inbound_secret) < 32:
        raise WrongSetting("RONDA_INBOUND_SECRET", "must have at least 32 characters.")


def _imap_parts(url: str) -> SplitResult | None:
    """Without a word on what is wrong: that would quote the password."""
    try:
        parts = urlsplit(url)
        whole = parts.port != 0 and parts.hostname and parts.username and parts.password
    except ValueError:
        return None
    return parts if whole else None


def _check_exit_url(settings: Settings) -> None:
    if not settings.exit_url:
        return
    if _split("RONDA_EXIT_URL", settings.exit_url).scheme != "https":
        raise WrongSetting("RONDA_EXIT_URL", "must begin with https://.")


def _check_trusted_hosts(settings: Settings) -> None:
    if any(not TRUSTED_HOST.fullmatch(host) for host in settings.trusted_hosts):
        raise WrongSetting(
            "RONDA_TRUSTED_HOSTS", "must hold names like calendar.lan or calendar.lan:8443."
        )


CHECKS = (
    _check_public_url,
    _check_database_url,
    _check_redis_url,
    _check_smtp,
    _check_turn,
    _check_secrets,
    _check_signup,
    _check_inbound,
    _check_exit_url,
    _check_trusted_hosts,
)
