"""Which times suit: everybody in the circle may say so, facilitators decide."""

from tests.web.authorization.row import Row, public

START = "2026-03-12T19:00:00"
PLAN = {
    "title": "First evening",
    "zone": "Asia/Jerusalem",
    "minutes": 60,
    "times": [START, "2026-03-13T19:00:00"],
    "until": "2026-03-11",
}
SAID = {"answers": [{"start": START, "answer": "maybe"}]}

ROWS = (
    public("/circles/{circle}/poll"),
    public("/polls/{poll}"),
    Row("GET", "/api/circles/{circle}/polls", 401, 404, 200, 200),
    Row("POST", "/api/circles/{circle}/polls", 401, 404, 403, 201, PLAN),
    Row("GET", "/api/polls/{poll}", 401, 404, 200, 200),
    Row("POST", "/api/polls/{poll}/answers", 401, 404, 200, 200, SAID),
    Row("POST", "/api/polls/{poll}/close", 401, 404, 403, 200, {}),
    Row("POST", "/api/polls/{poll}/book", 401, 404, 403, 201, {"start": START}),
    Row(
        "POST",
        "/api/answer/polls/look",
        404,
        404,
        404,
        404,
        {"token": "{token}"},
        but={"answer link holder": 200},
    ),
    Row(
        "POST",
        "/api/answer/polls",
        404,
        404,
        404,
        404,
        SAID | {"token": "{token}", "poll": "{poll}"},
        but={"answer link holder": 200},
    ),
)
