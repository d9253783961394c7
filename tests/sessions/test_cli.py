import json
import os
from pathlib import Path

import pytest

from sessions.cli import main

WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RONDA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RONDA_DATA", str(tmp_path / "data"))


def test_migrating_makes_folder_tables_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["migrate"])
    main(["migrate"])

    assert {path.name for path in (tmp_path / "data").iterdir()} >= {"ronda.db", "keys"}
    assert capsys.readouterr().out == "The database is up to date.\n" * 2
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("name", "value"),
    [("RONDA_PUBLIC_URL", "nonsense"), ("RONDA_DATABASE_URL", "sqlite:////nowhere/x.db")],
)
def test_what_a_person_has_to_put_right_is_a_sentence_not_a_traceback(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit) as end:
        main(["migrate"])

    assert str(end.value.code).startswith("ronda: ")


def test_an_instance_in_use_without_its_key_does_not_start(tmp_path: Path) -> None:
    main(["demo", "--json"])
    (tmp_path / "data" / "keys").unlink()

    with pytest.raises(SystemExit) as end:
        main(["migrate"])

    assert "its key is not" in str(end.value.code)


def test_an_instance_that_nobody_uses_yet_gets_a_new_key(tmp_path: Path) -> None:
    main(["migrate"])
    (tmp_path / "data" / "keys").unlink()

    main(["migrate"])

    assert (tmp_path / "data" / "keys").exists()


def test_a_copy_is_written_and_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["demo", "--json"])
    made = json.loads(capsys.readouterr().out)
    monkeypatch.setenv("RONDA_BACKUP_PASSPHRASE", WORDS)
    main(["backup", str(tmp_path / "copy")])
    monkeypatch.setenv("RONDA_DATA", str(tmp_path / "again"))
    main(["restore", str(tmp_path / "copy")])

    main(["demo", "--json"])

    assert "Restored." in capsys.readouterr().out
    assert len(made["guest_links"]) == 3


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_without_a_passphrase_nothing_is_copied(tmp_path: Path, command: str) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, str(tmp_path / "copy")])

    assert str(end.value.code).startswith("ronda: ")
    assert not (tmp_path / "copy").exists()


def test_on_a_public_instance_there_is_no_demonstration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RONDA_PUBLIC_URL", "https://circles.example.org")

    with pytest.raises(SystemExit) as end:
        main(["demo"])

    assert "private instance" in str(end.value.code)


def test_an_unknown_zone_is_said_to_be_one() -> None:
    with pytest.raises(SystemExit) as end:
        main(["demo", "--zone", "Asia/Atlantis"])

    assert "Asia/Atlantis" in str(end.value.code)
