"""One route and method, with what each column gets as an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.web.authorization.cast import ELSEWHERE, SIGNED_OUT, Column


@dataclass(frozen=True, slots=True)
class Row:
    """`{circle}` and the like, also in the body, stand for things of the facilitator."""

    method: str
    path: str
    out: int
    elsewhere: int
    member: int
    facilitator: int
    body: Mapping[str, Any] | None = None
    at: str = ""
    """The path to ask for, where it differs from the route's."""
    but: Mapping[Column, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def expects(self, column: Column) -> int:
        if column in self.but:
            return self.but[column]
        if column in SIGNED_OUT:
            return self.out
        if column in ELSEWHERE:
            return self.elsewhere
        return self.member if column == "member" else self.facilitator


def public(path: str, status: int = 200, *, at: str = "") -> Row:
    return Row("GET", path, status, status, status, status, at=at)


def post_for_all(path: str, status: int, body: Mapping[str, Any]) -> Row:
    return Row("POST", path, status, status, status, status, body)
