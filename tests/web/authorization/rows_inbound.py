"""What comes back by mail; this house has no mail server that hands anything over."""

from tests.web.authorization.row import Row, post_for_all

ROWS = (
    Row("GET", "/api/series/{series}/proposals", 401, 404, 403, 200),
    Row("POST", "/api/proposals/{proposal}/accept", 401, 404, 403, 204, {}),
    Row("POST", "/api/proposals/{proposal}/decline", 401, 404, 403, 204, {}),
    post_for_all("/api/inbound/mail", 404, {}),
)
