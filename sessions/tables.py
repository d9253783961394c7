"""All tables, in one import: for migrations, which compare them with the database."""

from sqlmodel import SQLModel

from sessions import (  # noqa: F401 - a table is known once its module is imported
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
