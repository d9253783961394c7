"""Signing in with a passkey (W3C Web Authentication), through the `webauthn` package."""

import json
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sessions import limits
from sessions.errors import Invalid, NotFound
from sessions.keys import Keys, digest_of, random_token
from sessions.people import Person
from sessions.settings import Settings
from sessions.text import clean_line

CHALLENGE_LIFE = timedelta(minutes=5)
SIGN_INS_PER_HOST = limits.Limit("passkey-host", most=60, seconds=3600)
NAME = "Ronda"
LABEL = 80


class Passkey(SQLModel, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    credential_id: bytes = Field(unique=True)
    public_key: bytes
    sign_count: int = Field(sa_type=BigInteger)
    """Web Authentication - 6.1. Authenticator Data: 32 bit without a sign."""
    label: str = Field(max_length=80)
    created_at: datetime
    last_used_on: date | None = None


class PasskeyChallenge(SQLModel, table=True):
    """What a device has to sign; good once and for five minutes."""

    __tablename__ = "passkey_challenge"

    digest: str = Field(primary_key=True, max_length=64)
    challenge: bytes
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE")
    expires_at: datetime


class Challenge(NamedTuple):
    id: str
    options: dict[str, Any]


async def of(db: AsyncSession, person: Person) -> list[Passkey]:
    found = await db.exec(
        select(Passkey).where(Passkey.person_id == person.id).order_by(col(Passkey.created_at))
    )
    return list(found)


async def begin_adding(
    db: AsyncSession, settings: Settings, person: Person, *, now: datetime
) -> Challenge:
    options = generate_registration_options(
        rp_id=_host(settings),
        rp_name=NAME,
        # The passkey list of a shared device shows it: nothing of the person is in it.
        user_name=person.name or NAME,
        user_id=person.id.bytes,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=key.credential_id) for key in await of(db, person)
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return _challenge(db, options.challenge, options_to_json(options), person.id, now=now)


async def finish_adding(
    db: AsyncSession,
    settings: Settings,
    person: Person,
    challenge_id: str,
    credential: dict[str, Any],
    *,
    label: str,
    now: datetime,
) -> Passkey:
    challenge = await _spend(db, challenge_id, now=now)
    if challenge.person_id != person.id:
        raise Invalid("passkey")
    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=challenge.challenge,
            expected_rp_id=_host(settings),
            expected_origin=settings.public_url,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid("passkey") from error
    key = Passkey(
        person_id=person.id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        label=clean_line(label)[:LABEL],
        created_at=now,
    )
    db.add(key)
    await db.flush()
    return key


async def begin_sign_in(
    db: AsyncSession, keys: Keys, settings: Settings, *, host: str, now: datetime
) -> Challenge:
    """Names no person: the device itself offers the passkeys it has for us."""
    await limits.spend(db, keys, SIGN_INS_PER_HOST, host, now=now)
    options = generate_authentication_options(
        rp_id=_host(settings), user_verification=UserVerificationRequirement.PREFERRED
    )
    return _challenge(db, options.challenge, options_to_json(options), None, now=now)


async def finish_sign_in(
    db: AsyncSession,
    settings: Settings,
    challenge_id: str,
    credential: dict[str, Any],
    *,
    now: datetime,
) -> Person:
    """Raises `Invalid` whatever is wrong: it is not said which passkeys are known."""
    challenge = await _spend(db, challenge_id, now=now)
    key = await _known(db, credential)
    if key is None or challenge.person_id is not None:
        raise Invalid("passkey")
    try:
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge.challenge,
            expected_rp_id=_host(settings),
            expected_origin=settings.public_url,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid("passkey") from error
    key.sign_count = verified.new_sign_count
    key.last_used_on = now.date()
    return await db.get_one(Person, key.person_id)


async def remove(db: AsyncSession, person: Person, key_id: UUID) -> None:
    key = await db.get(Passkey, key_id)
    if key is None or key.person_id != person.id:
        raise NotFound
    await db.delete(key)


async def forget_old(db: AsyncSession, *, now: datetime) -> None:
    await db.exec(delete(PasskeyChallenge).where(col(PasskeyChallenge.expires_at) < now))


def _challenge(
    db: AsyncSession, challenge: bytes, options: str, person: UUID | None, *, now: datetime
) -> Challenge:
    token = random_token()
    row = PasskeyChallenge(
        digest=digest_of(token),
        challenge=challenge,
        person_id=person,
        expires_at=now + CHALLENGE_LIFE,
    )
    db.add(row)
    return Challenge(token, json.loads(options))


async def _spend(db: AsyncSession, challenge_id: str, *, now: datetime) -> PasskeyChallenge:
    challenge = await db.get(PasskeyChallenge, digest_of(challenge_id), with_for_update=True)
    if challenge is None or challenge.expires_at <= now:
        raise Invalid("passkey")
    await db.delete(challenge)
    return challenge


async def _known(db: AsyncSession, credential: dict[str, Any]) -> Passkey | None:
    try:
        raw = base64url_to_bytes(str(credential.get("rawId", "")))
    except ValueError:
        return None
    found = await db.exec(select(Passkey).where(Passkey.credential_id == raw))
    return found.first()


def _host(settings: Settings) -> str:
    return urlsplit(settings.public_url).hostname or "localhost"
