import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.mesh import forwardable, relay_only, without_addresses
from signaling.messages import Candidate, Describe
from tests.signaling.descriptions import CHROMIUM, FIREFOX, OF_THE_PERSON

SAMPLES = {"chromium": CHROMIUM, "firefox": FIREFOX}

HOST = "candidate:1 1 udp 2122260223 192.0.2.17 50413 typ host generation 0"
MDNS = "candidate:1 1 udp 2113937151 3a1f7c52-0f0e.local 50413 typ host"
REFLEXIVE = "candidate:8 1 udp 1686052607 198.51.100.4 5 typ srflx raddr 192.0.2.17 rport 5"
RELAY = (
    "candidate:5 1 udp 41885439 203.0.113.9 61000 typ relay raddr 198.51.100.4 rport 50413 "
    "generation 0 ufrag x7Gq network-id 1 network-cost 10"
)
RELAY6 = "candidate:5 1 udp 4 2001:db8:ffff::9 61000 typ relay raddr 2001:db8::17 rport 5"


def candidate(line: str) -> Candidate:
    return Candidate("bob", line, "0", 0, "x7Gq")


@pytest.fixture(params=sorted(SAMPLES))
def sdp(request: pytest.FixtureRequest) -> str:
    return SAMPLES[request.param].replace("\n", "\r\n")


def test_with_direct_paths_nothing_is_touched(sdp: str) -> None:
    described = Describe("bob", "offer", sdp)

    assert forwardable(described, direct=True) is described
    assert forwardable(candidate(HOST), direct=True) == candidate(HOST)


def test_no_address_of_the_person_is_left_in_a_description(sdp: str) -> None:
    clean = without_addresses(sdp)

    assert [each for each in OF_THE_PERSON if each in clean] == []


def test_relayed_paths_stay_in_a_description(sdp: str) -> None:
    clean = without_addresses(sdp)

    assert clean.count("typ relay") == sdp.count("typ relay")
    assert clean.count("a=candidate:") == sdp.count("typ relay")
    assert "203.0.113.9" in clean


def test_all_the_rest_of_a_description_stays_in_its_order(sdp: str) -> None:
    touched = ("a=candidate:", "c=", "o=", "m=", "a=rtcp:", "a=remote-candidates:")
    untouched = [line for line in sdp.split("\r\n") if line and not line.startswith(touched)]

    left = [line for line in without_addresses(sdp).split("\r\n") if line]

    assert [line for line in left if not line.startswith(touched)] == untouched
    assert [line[:2] for line in left if line[:2] in {"o=", "m=", "c="}] == [
        line[:2] for line in sdp.split("\r\n") if line[:2] in {"o=", "m=", "c="}
    ]


def test_addresses_are_emptied_by_family() -> None:
    lines = without_addresses(CHROMIUM).split("\r\n")

    assert lines[1] == "o=- 4611731400430051336 2 IN IP4 0.0.0.0"
    assert "c=IN IP4 0.0.0.0" in lines
    assert "c=IN IP6 ::" in lines
    assert "a=rtcp:9 IN IP4 0.0.0.0" in lines


def test_a_rejected_part_stays_rejected() -> None:
    lines = without_addresses(CHROMIUM).split("\r\n")

    assert "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9" in lines
    assert "m=video 0 UDP/TLS/RTP/SAVPF 96" in lines


def test_cleaning_twice_changes_nothing_more(sdp: str) -> None:
    clean = without_addresses(sdp)

    assert without_addresses(clean) == clean


@pytest.mark.parametrize("line", [HOST, MDNS, REFLEXIVE, HOST.replace("host", "prflx")])
def test_paths_that_show_an_address_are_not_forwarded(line: str) -> None:
    assert forwardable(candidate(line), direct=False) is None


def test_a_relayed_path_goes_on_without_what_is_behind_it() -> None:
    assert relay_only(RELAY) == (
        "candidate:5 1 udp 41885439 203.0.113.9 61000 typ relay raddr 0.0.0.0 rport 0 "
        "generation 0 ufrag x7Gq"
    )
    assert relay_only(RELAY6) == (
        "candidate:5 1 udp 4 2001:db8:ffff::9 61000 typ relay raddr :: rport 0"
    )


def test_the_end_of_the_list_goes_on() -> None:
    assert forwardable(candidate(""), direct=False) == candidate("")


@pytest.mark.parametrize(
    "line",
    [
        "a=" + RELAY,
        RELAY + "\r\n" + HOST,
        RELAY.replace("203.0.113.9", "name.local"),
        RELAY.replace("candidate:5", "5"),
        "candidate:5 1 udp 4 192.0.2.17 5 typ host typ relay",
        RELAY.replace(" ", "  "),
    ],
)
def test_what_only_looks_like_a_relayed_path_is_not_forwarded(line: str) -> None:
    assert relay_only(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "a=x-my-address:192.0.2.17",
        "a=x-my-address 192.0.2.17.",
        "a=x:2001:db8::17",
        "a=x:[2001:db8::17]:80",
        "i=call me at 2001:db8::17",
        "a=x:3a1f.LOCAL",
        "s=192.0.2.17",
        "a=candidate:nonsense 192.0.2.17",
        "o=broken 192.0.2.17",
        "m=audio 9 192.0.2.17 0",
        "a=rtcp:9 IN IP4 192.0.2.17 192.0.2.17",
        "c=IN IP4 192.0.2.17/127",
    ],
)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_an_address_in_an_unexpected_place_is_not_forwarded(line: str, end: str) -> None:
    clean = without_addresses(f"v=0{end}{line}{end}t=0 0{end}").lower()

    assert clean.startswith("v=0\r\n")
    assert clean.endswith("t=0 0\r\n")
    assert not any(each in clean for each in ("192.0.2.17", "db8", ".local"))


@given(st.lists(st.sampled_from([*CHROMIUM.splitlines(), *FIREFOX.splitlines()]), max_size=40))
def test_no_order_of_lines_lets_an_address_through(lines: list[str]) -> None:
    clean = without_addresses("\r\n".join(lines))

    assert not any(each in clean for each in OF_THE_PERSON)


@given(st.text())
def test_any_text_can_be_cleaned(text: str) -> None:
    clean = without_addresses(text)

    assert without_addresses(clean) == clean
