from signaling.messages import Candidate, Chat, Hand
from signaling.pace import Bucket, Pace
from tests.signaling.fakes import Clock

CANDIDATE = Candidate("ann", "", None, None, None)


def test_a_burst_is_allowed_and_then_a_steady_rate() -> None:
    clock = Clock()
    bucket = Bucket(5, 10, clock)

    assert [bucket.take() for _ in range(11)] == [True] * 10 + [False]
    clock.pass_by(1)
    assert [bucket.take() for _ in range(6)] == [True] * 5 + [False]


def test_rest_saves_no_more_than_a_burst() -> None:
    clock = Clock()
    bucket = Bucket(5, 10, clock)

    clock.pass_by(3600)

    assert sum(bucket.take() for _ in range(100)) == 10


def test_a_clock_that_is_set_back_takes_nothing_away() -> None:
    clock = Clock()
    bucket = Bucket(5, 10, clock)

    clock.pass_by(-3600)

    assert bucket.take()


def test_many_paths_do_not_silence_words_or_hands() -> None:
    pace = Pace(Clock())
    while pace.allows(CANDIDATE):
        pass

    assert pace.allows(Chat("hello"))
    assert pace.allows(Hand(up=True))
