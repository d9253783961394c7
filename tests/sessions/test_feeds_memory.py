"""What is remembered of feeds, and for how long that is believed."""

import gzip
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions import ics
from sessions.feeds import Body, EntryBytes, Memory
from sessions.public import Listed
from tests.calendars import golden
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


class TestEntries:
    EVENT = golden.event(golden.TUESDAYS, golden.CHANGES)

    def test_the_same_entry_is_written_once(self) -> None:
        written = EntryBytes()

        assert written(self.EVENT) is written(self.EVENT)
        assert written(self.EVENT) == ics.entry(self.EVENT)

    @given(
        st.fixed_dictionaries(
            {},
            optional={
                "summary": st.just("Another"),
                "description": st.just("Another"),
                "url": st.just("https://meet.example/j#other"),
                "uid": st.just("another"),
                "conference": st.just(True),
            },
        )
    )
    def test_no_two_different_entries_are_taken_for_one(self, change: dict[str, str]) -> None:
        written = EntryBytes()
        written(self.EVENT)
        other = replace(self.EVENT, **change)  # type: ignore[arg-type]

        assert written(other) == ics.entry(other)

    @given(
        st.lists(st.from_regex("[A-Za-z0-9_-]{32}", fullmatch=True), min_size=2, max_size=4),
        st.text(max_size=90),
        st.sampled_from(["https://a.example/j#", f"https://{'a' * 80}.example/j#"]),
        st.booleans(),
    )
    def test_each_member_has_their_own_link_in_it_folded_as_it_has_to_be(
        self, secrets: list[str], text: str, link: str, conference: bool
    ) -> None:
        written = EntryBytes()

        for secret in secrets:
            event = replace(
                self.EVENT,
                url=link + secret,
                summary=f"{text} {secrets[0]}",
                description=text,
                conference=conference,
            )
            assert written(event) == ics.entry(event)

    def test_it_is_written_once_for_all_members(self, monkeypatch: pytest.MonkeyPatch) -> None:
        written = EntryBytes()
        written(replace(self.EVENT, url="https://a.example/j#" + "x" * 32))
        # Whoever writes one now fails.
        monkeypatch.setattr(ics, "entry", None)

        assert b"y" * 32 in written(
            replace(self.EVENT, url="https://a.example/j#" + "y" * 32)
        ).replace(b"\r\n ", b"")

    def test_the_oldest_gives_way(self) -> None:
        written = EntryBytes(size=2)
        first = written(self.EVENT)
        for uid in ("second", "third"):
            written(replace(self.EVENT, uid=uid))

        assert written(self.EVENT) is not first
        assert written(self.EVENT) == first
