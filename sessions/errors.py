"""
What can go wrong, as a tree:

* SessionsError
  + Invalid       what was sent cannot be used; says which field
  + NotSignedIn
  + NotAllowed
  + NotFound
  + Gone          a link that was good once
  + Conflict
  + TooMany
  + Overloaded    nobody may do this just now

The web layer turns each branch into one HTTP status; nothing else may. A `code` names a
sentence in the message files, `params` fill it in.
"""

from typing import ClassVar


class SessionsError(Exception):
    code: ClassVar[str]

    def __init__(self, code: str | None = None, **params: str | int) -> None:
        self.word = code or self.code
        self.params = params
        super().__init__(self.word)


class Invalid(SessionsError):
    """`fields` names a message for each field that has to be changed."""

    code = "invalid"

    def __init__(
        self, code: str | None = None, *, field: str | None = None, **params: str | int
    ) -> None:
        super().__init__(code, **params)
        self.field = field


class NotSignedIn(SessionsError):
    code = "not_signed_in"


class NotAllowed(SessionsError):
    code = "not_allowed"


class NotFound(SessionsError):
    """Also the answer for what exists but is none of the asker's business."""

    code = "not_found"


class Gone(SessionsError):
    code = "link_expired"


class Conflict(SessionsError):
    code = "conflict"


class TooMany(SessionsError):
    """`seconds` until the next try makes sense."""

    code = "too_many"

    def __init__(self, *, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds


class Overloaded(TooMany):
    """Of all together; it is nothing that the asker did."""

    code = "overloaded"
