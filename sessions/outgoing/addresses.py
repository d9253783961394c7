"""Which network addresses belong to the open internet, and to nobody's own network. Pure."""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)

Address = IPv4Address | IPv6Address

# IANA IPv4 and IPv6 Special-Purpose Address Registries, written out: Python's own idea of
# them (`is_global`) changed with its patch releases, and has multicast among the global.
SPECIAL_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # RFC 6598 - Shared Address Space, behind a provider's NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and where clouds tell a machine its secrets
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's own, though it looks public
    )
)
GLOBAL_6 = IPv6Network("2000::/3")
SPECIAL_6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # IETF protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
    )
)
TRANSLATED_6 = IPv6Network("64:ff9b::/96")
"""RFC 6052 - 2.1. Well-Known Prefix: the last four bytes are an IPv4 address."""


def is_public(text: str) -> bool:
    """False for what is no address at all, and for one that carries a forbidden one."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return all(_is_open(one) for one in (address, *_carried(address))) and not _is_scoped(
        address
    )


def _is_open(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not _in(address, SPECIAL_4)
    if address.ipv4_mapped or address in TRANSLATED_6:
        return True  # as open as what it carries, which is looked at as well
    return address in GLOBAL_6 and not _in(address, SPECIAL_6)


def _carried(address: Address) -> Iterable[IPv4Address]:
    """IPv4 addresses inside, to which a gateway would pass the connection on."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address in TRANSLATED_6:
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def _is_scoped(address: Address) -> bool:
    """RFC 4007 - 11. Textual Representation: `%eth0` names a link of this very machine."""
    return isinstance(address, IPv6Address) and address.scope_id is not None


def _in(address: Address, blocks: tuple[IPv4Network, ...] | tuple[IPv6Network, ...]) -> bool:
    return any(address in block for block in blocks)
