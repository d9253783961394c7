"""All tables, in one import: for migrations, which compare them with the database."""

from sqlmodel import SQLModel

from sessions import (  # noqa: F401 - a table is known once its module is imported
    admission,
    answers,
    circles,
    invites,
    join_requests,
    limits,
    outbox,
    passkeys,
    people,
    polls,
    proposals,
    rota,
    schedule,
    signin,
    snapshots,
)
from sessions.busy import tables  # noqa: F401

METADATA = SQLModel.metadata
