"""Answers, places, the page of one date, and the door of an open circle."""

from collections.abc import Mapping
from typing import Any

from tests.web.authorization.row import Row, post_for_all, public

DATE = {"series": "{series}", "original": "{original}"}
ONE = "/api/series/{series}"


def by_link(path: str, status: int, body: Mapping[str, Any]) -> Row:
    """What only the holder of an answer link may do."""
    sent = {"token": "{token}", **body}
    return Row("POST", path, 404, 404, 404, 404, sent, but={"answer link holder": status})


ROWS = (
    public("/series/{series}/{original}"),
    public("/ask"),
    Row("POST", "/api/me/answers", 401, 404, 200, 200, {**DATE, "answer": "yes"}),
    # Nothing was offered to them.
    Row("POST", "/api/me/accept", 401, 404, 409, 409, DATE),
    Row("POST", "/api/me/pass", 401, 404, 200, 200, DATE),
    by_link("/api/answer/look", 200, {}),
    by_link("/api/answer", 200, {"series": "{series}", "answer": "yes"}),
    # They have said by mail that they come: the place is theirs already.
    by_link("/api/answer/accept", 200, DATE),
    by_link("/api/answer/pass", 200, DATE),
    by_link("/api/answer/calendar", 200, DATE),
    Row("GET", ONE + "/dates/{original}", 401, 404, 200, 200),
    Row("POST", ONE + "/dates/{original}/calendar", 401, 404, 200, 200, {}),
    Row("GET", ONE + "/answers/{original}", 401, 404, 403, 200),
    post_for_all("/api/join-request/look", 410, {"token": "{token}"}),
    post_for_all("/api/join-request/confirm", 410, {"token": "{token}"}),
)
