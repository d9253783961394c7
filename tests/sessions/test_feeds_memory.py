"""What is remembered of feeds, and for how long that is believed."""

import gzip
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sessions.feeds import Body, Memory
from sessions.public import Listed
from tests.conftest import NOON

HEAD = Listed("tag", NOON + timedelta(hours=1))


class TestTags:
    @given(st.integers(0, 3), st.integers(0, 3))
    def test_it_is_believed_only_while_nothing_was_written(self, then: int, now: int) -> None:
        memory: Memory[Listed] = Memory()
        memory.remember("token", HEAD, revision=then)

        found = memory.recall("token", revision=now, now=NOON)

        assert found == (HEAD if then == now else None)

    def test_it_is_believed_only_until_time_itself_changes_it(self) -> None:
        memory: Memory[Listed] = Memory()
        memory.remember("token", HEAD, revision=1)

        assert memory.recall("token", revision=1, now=HEAD.good_until) is None

    def test_where_nobody_can_tell_nothing_is_believed(self) -> None:
        memory: Memory[Listed] = Memory()
        memory.remember("token", HEAD, revision=None)

        assert memory.recall("token", revision=None, now=NOON) is None

    def test_the_oldest_gives_way(self) -> None:
        memory: Memory[Listed] = Memory(tags=2)
        for key in ("first", "second", "third"):
            memory.remember(key, HEAD, revision=1)

        assert memory.recall("first", revision=1, now=NOON) is None
        assert memory.recall("third", revision=1, now=NOON) == HEAD


class TestBytes:
    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60)), max_size=30))
    def test_it_never_holds_more_than_it_may_nor_other_bytes_than_given(
        self, kept: list[tuple[int, int]]
    ) -> None:
        memory: Memory[Listed] = Memory(size=100)
        first: dict[str, bytes] = {}
        for number, size in kept:
            tag = str(number)
            known = memory.body(tag)
            plain = known.plain if known else bytes([number]) * size
            memory.keep(tag, plain)
            first[tag] = plain

        held = {tag: body.plain for tag in first if (body := memory.body(tag))}

        assert sum(map(len, held.values())) <= 100
        assert all(held[tag] == first[tag] for tag in held)

    def test_one_that_would_drive_out_all_others_is_not_kept(self) -> None:
        memory: Memory[Listed] = Memory(size=100)

        assert memory.keep("large", b"x" * 26).plain == b"x" * 26
        assert memory.body("large") is None

    @given(st.binary(max_size=3000))
    def test_packed_it_is_the_same_and_always_in_the_same_bytes(self, plain: bytes) -> None:
        packed = Body(plain).packed

        assert packed is None or gzip.decompress(packed) == plain
        assert Body(plain).packed == packed

    def test_its_length_does_not_tell_what_stands_in_it_twice(self) -> None:
        """One more repetition of a secret is some bytes less; the padding says hundreds."""
        entry = b"x" * 2000 + b"URL:https://ronda.test/j#0Bvz5x7AhnHovKDcZFTsiVFgNPAZ5WFl"
        guesses = [entry + b"https://ronda.test/j#%03d" % n for n in range(300)]
        lengths = [len(Body(guess).packed or b"") for guess in guesses]

        assert max(lengths) - min(lengths) > 200
