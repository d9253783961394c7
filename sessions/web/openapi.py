"""Tells in the OpenAPI document, for all routes at once, what a refusal looks like."""

from http import HTTPStatus

from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.plugins.base import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute

from sessions.web.given import READS
from sessions.web.problems import MEDIA_TYPE, Problem

READING = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)
CHANGING = (
    *READING,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    HTTPStatus.GONE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.TOO_MANY_REQUESTS,
)


class Problems(ReceiveRoutePlugin):
    def receive_route(self, route: BaseRoute) -> None:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                _describe(handler)


def _describe(handler: HTTPRouteHandler) -> None:
    statuses = READING if handler.http_methods <= READS else CHANGING
    told = {
        int(status): ResponseSpec(
            Problem,
            generate_examples=False,
            description=status.phrase,
            media_type=MEDIA_TYPE,
        )
        for status in statuses
    }
    if handler.status_code == HTTPStatus.NO_CONTENT:
        # An answer that only takes cookies away would be described as the JSON `null`.
        told[handler.status_code] = ResponseSpec(None, description="No Content")
    handler.responses = {**told, **(handler.responses or {})}
