"""What is mailed is, to the byte, what the reviewed files say."""

from pathlib import Path

from tests.calendars import mailed
from tests.calendars.app import App


async def test_the_bytes_are_those_of_the_files(sqlite_template: Path, tmp_path: Path) -> None:
    found = await mailed.mails(sqlite_template, tmp_path)

    for name, letter in found.items():
        assert letter.calendar == (mailed.HERE / f"{name}.ics").read_bytes(), name
        assert letter.message == (mailed.HERE / f"{name}.eml").read_bytes(), name
    kept = {path.stem for path in mailed.HERE.glob("*.*") if path.suffix in (".eml", ".ics")}
    assert kept == set(found)


async def test_an_app_that_was_invited_takes_each_of_them(
    sqlite_template: Path, tmp_path: Path
) -> None:
    found = await mailed.mails(sqlite_template, tmp_path)
    invitation = found.pop("it_is_booked")

    for name, letter in found.items():
        app = App()
        app.take(invitation)
        app.take(letter)
        assert bool(app.entries) == (name != "the_series_is_cancelled"), name
