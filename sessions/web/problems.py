"""
What went wrong, as problem documents in the person's language (RFC 9457).

`detail` is a sentence for people; `fields` says for each field what to change; `type`
names the kind for programs.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from sessions import errors
from sessions.language import accepted, say
from sessions.zones import ScheduleError

AnyRequest = Request[Any, Any, State]

STATUS: dict[type[errors.SessionsError], HTTPStatus] = {
    errors.Invalid: HTTPStatus.BAD_REQUEST,
    errors.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Gone: HTTPStatus.GONE,
    errors.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
}
HTTP_CODES = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
}

MEDIA_TYPE = "application/problem+json"
BODY = "data"
"""Where a mistake is in the body as a whole."""
FIELD = re.compile(r"field `([^`]*)`")

log = structlog.get_logger()


class Problem(msgspec.Struct, omit_defaults=True):
    type: str
    title: str
    status: int
    detail: str
    fields: dict[str, str] = {}
    nearest: str = ""
    """What would be good, where a rule can tell: a time of day, or a date with one."""


def problem(
    request: AnyRequest,
    status: HTTPStatus,
    code: str,
    *,
    params: Mapping[str, str | int] | None = None,
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[Problem]:
    locale = accepted(request.headers.get("accept-language", ""))
    document = Problem(
        type=f"/problems/{code}",
        title=say(locale, "problem.title"),
        status=status,
        detail=say(locale, f"problem.{code}", **(params or {})),
        fields={
            name: say(locale, f"problem.{word}", **(params or {}))
            for name, word in (fields or {}).items()
        },
        nearest=str((params or {}).get("nearest", "")),
    )
    return Response(
        document,
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": locale, **(headers or {})},
    )


def from_rule(request: AnyRequest, error: errors.SessionsError) -> Response[Problem]:
    """One of our own rules said no."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if isinstance(error, errors.TooMany):
        wait = {"Retry-After": str(error.seconds)}
        return problem(
            request,
            status,
            error.word,
            headers=wait,
            params={"minutes": error.seconds // 60 + 1},
        )
    field = error.field if isinstance(error, errors.Invalid) else None
    fields = {field: error.word} if field else None
    return problem(request, status, error.word, fields=fields, params=error.params)


def from_schedule(request: AnyRequest, error: ScheduleError) -> Response[Problem]:
    fields = {error.field: error.code} if error.field else None
    return problem(
        request, HTTPStatus.BAD_REQUEST, error.code, fields=fields, params=error.params
    )


def from_shape(request: AnyRequest, error: ValidationException) -> Response[Problem]:
    """The body or a parameter does not have the shape that was asked for."""
    extra: list[Any] = error.extra if isinstance(error.extra, list) else []
    words = [(_field(item), _word(item)) for item in extra if isinstance(item, dict)]
    fields = {field: word for field, word in words if field}
    code = "invalid" if fields else "not_json"
    return problem(request, HTTPStatus.BAD_REQUEST, code, fields=fields)


def _field(item: dict[str, Any]) -> str:
    """The field of the form; "" when there is none, as in a list instead of an object."""
    key = re.split(r"[.\[]", str(item.get("key", "")), maxsplit=1)[0]
    if key != BODY:
        return key
    named = FIELD.search(str(item.get("message", "")))
    return named.group(1)[:80] if named else ""


def _word(item: dict[str, Any]) -> str:
    """msgspec's sentence is for engineers; people get one of three of ours."""
    message = str(item.get("message", ""))
    if "missing required" in message or "length >= 1" in message:
        return "needed"
    return "too_long" if "length <=" in message else "wrong"


def from_http(request: AnyRequest, error: HTTPException) -> Response[Problem]:
    status = HTTPStatus(error.status_code)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return from_crash(request, error)
    code = HTTP_CODES.get(status, "not_json")
    return problem(request, status, code, headers=dict(error.headers or {}))


def from_race(request: AnyRequest, _error: Exception) -> Response[Problem]:
    """Somebody else was first: the database holds what a check before could not."""
    return problem(request, HTTPStatus.CONFLICT, "conflict")


def from_noise(request: AnyRequest, _error: Exception) -> Response[Problem]:
    """JSON nested deeper than anything we ask for, or bytes that are no text."""
    return problem(request, HTTPStatus.BAD_REQUEST, "not_json")


def from_away(request: AnyRequest, error: Exception) -> Response[Problem]:
    """The database is locked or cannot be reached; nothing was changed."""
    log.error("database_away", route=route_of(request), exc_info=error)
    wait = {"Retry-After": "5"}
    return problem(request, HTTPStatus.SERVICE_UNAVAILABLE, "away", headers=wait)


def from_crash(request: AnyRequest, error: Exception) -> Response[Problem]:
    log.error("request_crashed", route=route_of(request), exc_info=error)
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "crash")


def route_of(request: AnyRequest) -> str:
    """The pattern of the route, never the path: paths can hold secrets."""
    handler = request.scope.get("route_handler")
    return min(handler.paths) if handler is not None and handler.paths else "?"


HANDLERS: dict[int | type[Exception], Any] = {
    errors.SessionsError: from_rule,
    ScheduleError: from_schedule,
    ValidationException: from_shape,
    HTTPException: from_http,
    IntegrityError: from_race,
    OperationalError: from_away,
    InterfaceError: from_away,
    OSError: from_away,
    StaleDataError: from_race,
    RecursionError: from_noise,
    UnicodeDecodeError: from_noise,
    Exception: from_crash,
}
