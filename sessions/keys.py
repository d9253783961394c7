"""
The keys of an instance, and what is made from them.

Links that must be printable again (a ticket, an answer link, a feed) are
`HMAC-SHA256(key, purpose ‖ owner ‖ generation)` and are looked up by their SHA-256,
so a stolen database opens no door. A new generation makes the old link worthless.
"""

import base64
import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_BYTES = 24  # 192 bit; printed as 32 characters


class MissingKey(Exception):
    """The database exists, but the key that opens it does not."""


class Keys:
    """Derives one key per purpose from the instance's secrets, newest first."""

    def __init__(self, secrets_newest_first: tuple[str, ...]) -> None:
        self._secrets = tuple(secret.encode() for secret in secrets_newest_first)
        self._fernet = MultiFernet([Fernet(_fernet_key(secret)) for secret in self._secrets])
        self.passes = derive(self._secrets[0], "room pass")
        # The oldest: an organizer's address must outlive a change of secrets.
        self.organizers = derive(self._secrets[-1], "organizer")

    def seal(self, data: bytes) -> bytes:
        return self._fernet.encrypt(data)

    def open(self, sealed: bytes) -> bytes:
        """Raises `InvalidSeal` when it was not sealed with one of our keys."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise InvalidSeal from error

    def fingerprints(self, purpose: str, text: str) -> list[str]:
        """Keyed hashes by which a stored value is found again, newest key first."""
        return [
            hmac.new(derive(secret, purpose), text.encode(), hashlib.sha256).hexdigest()
            for secret in self._secrets
        ]

    def token(self, purpose: str, owner: UUID, generation: int) -> str:
        """The link token of this owner under the newest key."""
        return _token(self._secrets[0], purpose, owner, generation)

    def token_again(self, purpose: str, owner: UUID, generation: int, digest: str) -> str:
        """The token whose `digest` was stored, whichever key it was made with."""
        for secret in self._secrets:
            token = _token(secret, purpose, owner, generation)
            if hmac.compare_digest(digest_of(token), digest):
                return token
        raise MissingKey("A link was made with a key that is no longer in RONDA_SECRETS.")


class InvalidSeal(Exception):
    """Not ours, or changed on the way."""


@cache
def derive(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose (RFC 5869 - HKDF)."""
    kdf = HKDF(
        algorithm=hashes.SHA256(), length=32, salt=None, info=f"ronda/{purpose}".encode()
    )
    return kdf.derive(secret)


def digest_of(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def random_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def load_keys(data: Path, configured: tuple[str, ...], *, database_exists: bool) -> Keys:
    """
    The configured secrets, or those of the key file in `data`.

    The file is made once, with mode 0600. A database without its key raises
    `MissingKey`: a fresh key would silently lock everybody out.
    """
    if configured:
        return Keys(configured)
    path = data / "keys"
    if not path.exists() and not database_exists:
        _write_private(path, secrets.token_urlsafe(48) + "\n")
    found = path.read_text().split() if path.exists() else []
    if not found:
        raise MissingKey(
            f"The database is there, but its key is not: put the file back at {path}, "
            "or set RONDA_SECRETS."
        )
    return Keys(tuple(found))


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _fernet_key(secret: bytes) -> bytes:
    return base64.urlsafe_b64encode(derive(secret, "seal"))


def _token(secret: bytes, purpose: str, owner: UUID, generation: int) -> str:
    message = b"\0".join((purpose.encode(), owner.bytes, str(generation).encode()))
    mac = hmac.new(derive(secret, "link"), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:TOKEN_BYTES]).decode()
