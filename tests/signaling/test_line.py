from signaling.line import Mailbox
from signaling.messages import NO_ICE, Bye, Ice, IceServer, Said, Waiting, Welcome, encode
from tests.signaling.fakes import ICE

WELCOME = Welcome(
    you="ann",
    name="Ann",
    role="member",
    title="tea",
    direct=True,
    peers=(),
    hands=(),
    lobby=(),
    ice=NO_ICE,
    closes_at=0,
)


async def read(mailbox: Mailbox) -> list[bytes]:
    return [frame async for frame in mailbox.frames()]


async def test_what_is_told_is_sent_in_order_and_ends_with_the_farewell() -> None:
    mailbox = Mailbox(lambda: ICE)
    mailbox.tell(Waiting())
    mailbox.tell(Waiting())
    mailbox.hang_up("ended")
    mailbox.tell(Waiting())

    assert await read(mailbox) == [encode(Waiting()), encode(Waiting()), encode(Bye("ended"))]
    assert mailbox.farewell == "ended"


async def test_the_first_farewell_counts() -> None:
    mailbox = Mailbox(lambda: ICE)
    mailbox.hang_up("removed")
    mailbox.hang_up("restarting")

    assert await read(mailbox) == [encode(Bye("removed"))]


async def test_who_is_too_slow_is_told_nothing_but_that() -> None:
    mailbox = Mailbox(lambda: ICE, at_most=1000)
    for _ in range(20):
        mailbox.tell(Said("ann", "Ann", "x" * 100, 0))

    assert await read(mailbox) == [encode(Bye("slow"))]


async def test_credentials_are_made_when_somebody_is_let_in() -> None:
    made: list[Ice] = []

    def make() -> Ice:
        made.append(ICE)
        return ICE

    mailbox = Mailbox(make)
    mailbox.tell(Waiting())
    assert made == []

    mailbox.tell(WELCOME)
    mailbox.shut()

    assert b"turn:turn.example" in (await read(mailbox))[1]
    assert made == [ICE]


async def test_credentials_are_made_anew_each_time_they_are_asked_for() -> None:
    fresh = [Ice((IceServer((f"turn:{n}",)),), "relay") for n in (1, 2)]
    mailbox = Mailbox(iter(fresh).__next__)
    mailbox.tell(NO_ICE)
    mailbox.tell(NO_ICE)
    mailbox.shut()

    assert await read(mailbox) == [encode(each) for each in fresh]
