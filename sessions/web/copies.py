"""
What is fetched again and again: a tag for each copy, and bytes only where there is news.

Compressed and plain are two representations, so each has a strong tag of its own
(RFC 9110 - 8.8.3.3. Example: Entity-Tags Varying on Content-Negotiated Resources).
"""

from collections.abc import Mapping
from http import HTTPStatus

from litestar import Response

from sessions.feeds import Body
from sessions.web.given import AnyRequest

PACKED = "-gzip"


def not_modified(
    request: AnyRequest, tag: str, headers: Mapping[str, str]
) -> Response[bytes] | None:
    """
    When the asker has a copy that it may keep; either kind, if it can still read it.

    RFC 9110 - 15.4.5. 304 Not Modified: with the headers that a 200 would have had.
    """
    asked = ",".join(request.headers.getall("if-none-match", []))
    kinds = [tag + PACKED, tag] if takes_gzip(request) else [tag]
    for kind in kinds:
        if names(f'"{kind}"', asked):
            known = _headers(kind, headers)
            return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=known)
    return None


def whole(
    request: AnyRequest, tag: str, body: Body, headers: Mapping[str, str], *, media_type: str
) -> Response[bytes]:
    packed = body.packed if takes_gzip(request) else None
    if packed is None:
        return Response(body.plain, media_type=media_type, headers=_headers(tag, headers))
    sent = {**_headers(tag + PACKED, headers), "Content-Encoding": "gzip"}
    return Response(packed, media_type=media_type, headers=sent)


def names(tag: str, if_none_match: str) -> bool:
    """RFC 9110 - 13.1.2. If-None-Match: a list, `*` for any, compared weakly."""
    listed = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return tag in listed or "*" in listed


def takes_gzip(request: AnyRequest) -> bool:
    """RFC 9110 - 12.5.3. Accept-Encoding, as far as browsers and calendars use it."""
    header = request.headers.get("accept-encoding", "").lower().replace(" ", "")
    return any(
        coding == "gzip" and quality not in ("0", "0.0", "0.00", "0.000")
        for coding, _, quality in (part.partition(";q=") for part in header.split(","))
    )


def _headers(tag: str, headers: Mapping[str, str]) -> dict[str, str]:
    vary = ", ".join(["Accept-Encoding", *filter(None, [headers.get("Vary")])])
    return {**headers, "ETag": f'"{tag}"', "Vary": vary}
