"""Which addresses are somebody's own network, however they are written."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.outgoing import is_public
from sessions.outgoing.addresses import TRANSLATED_6

PRIVATE = [
    "0.0.0.0",  # noqa: S104 - not bound
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",  # Alibaba's metadata
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",  # metadata of most clouds
    "168.63.129.16",  # Azure's
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",  # Oracle's metadata
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:0a00:0001::1",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",  # Amazon's metadata
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
    "100::1",
    "not an address",
    "",
    "1.2.3",
    "0x7f.0.0.1",
]
PUBLIC = [
    "1.1.1.1",
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1",
    "2002:0101:0101::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_somebodys_own_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_what_python_does_not_call_global_is_never_public(
    address: IPv4Address | IPv6Address,
) -> None:
    if is_public(str(address)):
        plain = getattr(address, "ipv4_mapped", None) or address
        assert plain.is_global or plain in TRANSLATED_6
        assert not plain.is_multicast


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_as_public_as_by_itself(address: IPv4Address) -> None:
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}", _six_to_four(address)):
        assert is_public(wrapped) == is_public(str(address))


def _six_to_four(address: IPv4Address) -> str:
    return str(IPv6Address((0x2002 << 112) | (int(address) << 80)))
