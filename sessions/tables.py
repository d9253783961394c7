"""All tables, in one import: for migrations, which compare them with the database."""

from sqlmodel import SQLModel

from sessions import (
    admission,
    circles,
    invites,
    limits,
    outbox,
    passkeys,
    people,
    schedule,
    signin,
    snapshots,
)

MODULES = (
    admission,
    circles,
    invites,
    limits,
    outbox,
    passkeys,
    people,
    schedule,
    signin,
    snapshots,
)
METADATA = SQLModel.metadata
