"""The settings of the machine: a wrong one is a sentence, and what is kept by them is kept safely."""

from pathlib import Path

import pytest

from settings import ROOT, SettingsError, load


@pytest.mark.parametrize("name", ["PRACTICE", "SECURE_COOKIES", "LOG_REQUESTS", "DEVELOPMENT"])
@pytest.mark.parametrize("text", ["true", "yes", "", "on", "2"])
def test_a_switch_is_zero_or_one(name: str, text: str) -> None:
    real = {"PRACTICE": "0", "SECRET_KEY": "k" * 64}
    with pytest.raises(SettingsError, match=f"{name} must be 0 or 1, not '{text}'"):
        load(real | {name: text})


@pytest.mark.parametrize("text", ["²", "0", "65536", "-1", "http", ""])
def test_a_port_that_is_none_is_refused_in_words(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PORT must be a number from 1 to 65535"):
        load({"INSTANCE_PATH": str(tmp_path), "PORT": text})


def test_a_folder_that_is_left_empty_is_the_one_beside_the_code() -> None:
    unnamed = load({"INSTANCE_PATH": "", "FILES_PATH": "", "SECRET_KEY": "k" * 64})
    assert unnamed.instance_path == ROOT / "instance"
    assert unnamed.files_path == ROOT / "instance" / "files"


def test_the_key_of_a_practice_province_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    made = load({"INSTANCE_PATH": str(tmp_path)}).secret_key
    assert len(made) == 64
    assert load({"INSTANCE_PATH": str(tmp_path)}).secret_key == made
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_a_full_disk_left_empty_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch()
    assert len(load({"INSTANCE_PATH": str(tmp_path)}).secret_key) == 64
