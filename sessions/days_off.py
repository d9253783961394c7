"""
Public holidays by country, which a series may want to skip. Nothing is fetched.

Importing the `holidays` package takes 0.1 s and 17 MB, which only those pay who ask.
"""

from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from babel import Locale as Languages

from sessions.errors import Invalid
from sessions.language import Locale

MOST_DAYS = 800
"""Two years, as far as a clash is looked for, and a little more."""
FIRST_YEAR, LAST_YEAR = 2000, 2100

NOT_IN_THE_PACKAGE: dict[tuple[str, Locale], dict[str, str]] = {
    ("IL", "ar"): {
        "Rosh Hashanah": "رأس السنة العبرية",
        "Yom Kippur": "يوم الغفران",
        "Sukkot": "عيد العرش",
        "Simchat Torah / Shemini Atzeret": "عيد فرحة التوراة",
        "Pesach": "عيد الفصح اليهودي",
        "Seventh day of Pesach": "سابع أيام الفصح اليهودي",
        "Shavuot": "عيد الأسابيع",
        "Independence Day": "يوم الاستقلال",
        "Independence Day (observed)": "يوم الاستقلال",
    },
}
"""Names that people of a country know in a language that the package lacks."""


class Country(NamedTuple):
    code: str
    """ISO 3166-1 alpha-2."""
    name: str


class DayOff(NamedTuple):
    day: date
    name: str


@cache
def countries(locale: Locale) -> tuple[Country, ...]:
    """All that are known, in the order of their names in this language."""
    names = Languages.parse(locale).territories
    found = [Country(code, names.get(code, code)) for code in _codes()]
    return tuple(sorted(found, key=lambda country: country.name.casefold()))


def days_off(country: str, *, first: date, last: date, locale: Locale) -> list[DayOff]:
    """Those from `first` to `last`, both included; raises `Invalid`."""
    if country not in _codes():
        raise Invalid("unknown_country", field="country")
    if not 0 <= (last - first).days <= MOST_DAYS:
        raise Invalid("too_long_a_time", field="to", days=MOST_DAYS)
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR:
        raise Invalid("too_far_away", field="from")
    years = range(first.year, last.year + 1)
    found = [one for year in years for one in _of_year(country, year, locale)]
    return [one for one in found if first <= one.day <= last]


@lru_cache(maxsize=512)
def _of_year(country: str, year: int, locale: Locale) -> tuple[DayOff, ...]:
    kind = getattr(_package(), country)
    calendar = kind(years=year, language=_language(kind, locale))
    own = NOT_IN_THE_PACKAGE.get((country, locale), {})
    return tuple(DayOff(day, own.get(name, name)) for day, name in sorted(calendar.items()))


def _language(kind: Any, locale: Locale) -> str | None:
    """The asker's where it has it, otherwise English, otherwise the country's own."""
    for wanted in (locale, "en"):
        for tag in kind.supported_languages:
            if tag.partition("_")[0] == wanted:
                return str(tag)
    return None


@cache
def _codes() -> frozenset[str]:
    return frozenset(_package().list_supported_countries(include_aliases=False))


@cache
def _package() -> Any:
    return import_module("holidays")
