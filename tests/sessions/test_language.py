import json
import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sessions
from sessions import errors, recurrence, zones
from sessions.language import LOCALES, RIGHT_TO_LEFT, accepted, place, say, when, words

SOURCE = "\n".join(
    path.read_text() for path in sorted(Path(sessions.__path__[0]).rglob("*.py"))
)
COMPUTED = re.compile(r"mail\.\w+\.(subject|body)(\.full)?|problem\.\w+")


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def kinds(base: type[Exception]) -> Iterator[type[Exception]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("locale", LOCALES)
class TestFiles:
    def test_each_language_says_everything(self, locale: str) -> None:
        assert words(locale).keys() == words("en").keys()
        assert all(sentence.strip() for sentence in words(locale).values())

    def test_each_sentence_is_filled_in_with_the_same(self, locale: str) -> None:
        found = {key: placeholders(sentence) for key, sentence in words(locale).items()}

        assert found == {key: placeholders(sentence) for key, sentence in words("en").items()}

    def test_no_key_is_written_twice(self, locale: str) -> None:
        folder = resources.files("sessions") / "words" / locale
        keys = [
            key
            for path in folder.iterdir()
            for key, _ in json.loads(path.read_text(), object_pairs_hook=list)
        ]

        assert len(keys) == len(set(keys))

    def test_another_script_stays_another_script(self, locale: str) -> None:
        """Nobody has left an English sentence in the Hebrew or Arabic file."""
        if locale in RIGHT_TO_LEFT:
            same = {k for k, sentence in words(locale).items() if sentence == words("en")[k]}
            assert {k for k in same if re.search("[a-z]{3}", words("en")[k])} <= {
                "mail.booked.subject",
                "mail.redrawn.subject",
                "mail.renewed.subject",
            }


class TestUse:
    def test_each_key_is_used_in_the_code(self) -> None:
        unused = [
            key
            for key in words("en")
            if not re.search(f"[\"']{re.escape(key)}[\"']", SOURCE)
            and not self._is_used(key.partition(".")[2])
        ]

        assert unused == []

    def _is_used(self, name: str) -> bool:
        """Codes of errors and kinds of letters are put together where they are said."""
        first = name.partition(".")[0]
        return f'"{name}"' in SOURCE or f'"{first}"' in SOURCE

    def test_each_error_has_a_sentence(self) -> None:
        said = {key.removeprefix("problem.") for key in words("en")}
        bases = (errors.SessionsError, zones.ScheduleError)
        codes = {kind.code for base in bases for kind in kinds(base) if hasattr(kind, "code")}
        raised = re.findall(
            r"(?:Invalid|NotAllowed|NotFound|Gone|Conflict|NotSignedIn)\(\s*\"(\w+)\"", SOURCE
        )

        assert recurrence.Gap.code in codes
        assert len(set(raised)) > 10
        assert (codes | set(raised)) - said == set()

    def test_each_sentence_that_is_said_by_name_exists(self) -> None:
        named = set(re.findall(r"\"((?:mail|problem)\.[\w.]+)\"", SOURCE))

        assert len(named) > 5
        assert named - words("en").keys() == set()

    def test_a_missing_sentence_is_a_bug(self) -> None:
        with pytest.raises(KeyError):
            say("en", "no.such.key")

    def test_what_people_write_is_filled_in_as_it_is(self) -> None:
        hostile = "{zone} {0} %s"

        assert hostile in say("en", "mail.welcome.body.full", circle=hostile)


class TestTimes:
    EVENING = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("locale", "text"),
        [
            ("en", "Tuesday 10 March 2026, 19:00"),
            ("he", "יום שלישי 10 מרץ 2026, 19:00"),
        ],
    )
    def test_a_date_is_written_as_the_language_does(self, locale: str, text: str) -> None:
        assert when(self.EVENING, zone="Asia/Jerusalem", locale=locale) == text

    def test_arabic_has_its_own_words_too(self) -> None:
        text = when(self.EVENING, zone="Asia/Jerusalem", locale="ar")

        assert "الثلاثاء" in text
        assert "مارس" in text

    @pytest.mark.parametrize("locale", LOCALES)
    def test_every_zone_has_a_name(self, locale: str) -> None:
        for zone in ("UTC", "Etc/GMT+3", "Asia/Jerusalem", "America/Argentina/Ushuaia", "EST"):
            assert place(zone, locale=locale)

    def test_a_zone_is_called_by_its_city(self) -> None:
        assert place("Europe/London", locale="en") == "London"
        assert place("Asia/Jerusalem", locale="he") == "ירושלים"


class TestAcceptLanguage:
    @pytest.mark.parametrize(
        ("header", "locale"),
        [
            ("he", "he"), ("he-IL,en;q=0.8", "he"), ("en;q=0.5, ar;q=0.9", "ar"),
            ("fr, ar-EG;q=0.7, en;q=0.3", "ar"), ("fr", "en"), ("", "en"), ("*", "en"),
            ("HE", "he"), ("he;q=x, ar", "ar"), ("helicopter", "en"),
        ],
    )  # fmt: skip
    def test_the_best_of_ours_is_taken(self, header: str, locale: str) -> None:
        assert accepted(header) == locale

    @given(st.text())
    def test_any_header_at_all_gives_a_language(self, header: str) -> None:
        assert accepted(header) in LOCALES
