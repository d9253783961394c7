"""
What two browsers may be told of each other while they look for a path.

Where a circle hides addresses, only paths through the TURN server are forwarded, and every
other place in which an address travels is emptied: candidates, trickled or in the description
(RFC 8839 - 5.1. "candidate" Attribute), the connection data and the origin (RFC 8866 - 5.7.
Connection Information, 5.2. Origin), and the rtcp attribute of RFC 3605.
"""

import ipaddress
import re

from msgspec.structs import replace

from signaling.messages import Candidate, Describe

DISCARD = "9"
"""The port JSEP writes while there is no address yet (RFC 9429 - 5.2.1. Initial Offers)."""

KEPT_EXTENSIONS = frozenset({"generation", "ufrag"})
"""The others (`network-id`, `network-cost`) tell about the network somebody is in."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_IPV4 = re.compile(r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)")
_MAYBE_IPV6 = re.compile(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_ORIGIN_FIELDS = 6


def forwardable(message: Describe | Candidate, *, direct: bool) -> Describe | Candidate | None:
    """Give what may go on to the other side; nothing where it would only show an address."""
    if direct:
        return message
    if isinstance(message, Describe):
        return replace(message, sdp=without_addresses(message.sdp))
    if not message.candidate:
        return message  # the end of the list
    relayed = relay_only(message.candidate)
    return None if relayed is None else replace(message, candidate=relayed)


def without_addresses(sdp: str) -> str:
    lines = (_neutral(line) for line in _LINE_END.split(sdp) if line)
    return "".join(f"{line}\r\n" for line in lines if line is not None)


def relay_only(candidate: str) -> str | None:
    """
    Rebuild a relayed candidate from its parts, so that nothing travels that was not read.

    The related address is that of the person, as the TURN server sees it.
    """
    match candidate.split(" "):
        case [foundation, component, transport, priority, address, port, "typ", "relay", *rest]:
            pass
        case _:
            return None
    if _LINE_END.search(candidate) or not foundation.startswith("candidate:"):
        return None
    related = _related(address)
    if related is None:
        return None
    kept = (f"{name} {value}" for name, value in _pairs(rest) if name in KEPT_EXTENSIONS)
    head = (foundation, component, transport, priority, address, port, "typ relay", related)
    return " ".join((*head, *kept))


def _related(relay_address: str) -> str | None:
    """A relay is reached by number; a name here, `.local` above all, is something else."""
    try:
        version = ipaddress.ip_address(relay_address).version
    except ValueError:
        return None
    return f"raddr {_nowhere(version)} rport 0"


def _nowhere(version: int) -> str:
    return "0.0.0.0" if version == 4 else "::"  # noqa: S104 - said to a browser, not bound to


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return list(zip(words[::2], words[1::2], strict=False))


def _neutral(line: str) -> str | None:
    if line.startswith("a=candidate:"):
        relayed = relay_only(line.removeprefix("a="))
        return None if relayed is None else f"a={relayed}"
    if line.startswith("c="):
        return f"c={_neutral_net(line)}"
    if line.startswith("a=rtcp:"):
        return f"a=rtcp:{DISCARD} {_neutral_net(line)}"
    if line.startswith("o="):
        return _neutral_origin(line)
    if line.startswith("m="):
        return _neutral_media(line)
    return None if _shows_address(line) else line


def _neutral_net(line: str) -> str:
    six = "IP6" in line.split(" ")
    return f"IN IP6 {_nowhere(6)}" if six else f"IN IP4 {_nowhere(4)}"


def _neutral_origin(line: str) -> str | None:
    """RFC 8866 - 5.2. Origin: user, session, version, then network, family and address."""
    fields = line.removeprefix("o=").split(" ")
    if len(fields) != _ORIGIN_FIELDS:
        return None
    user, session, version = fields[:3]
    shown = "-" if _shows_address(user) else user
    kept = f"o={shown} {session} {version}"
    return None if _shows_address(kept) else f"{kept} {_neutral_net(line)}"


def _neutral_media(line: str) -> str | None:
    """The port is the one of the default candidate; 0 means a rejected part and stays."""
    kind, _, rest = line.partition(" ")
    port, _, rest = rest.partition(" ")
    neutral = f"{kind} {port if port == '0' else DISCARD} {rest}"
    return None if _shows_address(neutral) else neutral


def _shows_address(line: str) -> bool:
    """The net under the rest: attributes that nobody here has heard of yet."""
    return (
        ".local" in line.lower()
        or _IPV4.search(line) is not None
        or any(_is_ipv6(found.group()) for found in _MAYBE_IPV6.finditer(line))
    )


def _is_ipv6(text: str) -> bool:
    return any(_parses(each) for each in (text, text.strip(":"), text.lstrip(":")))


def _parses(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
