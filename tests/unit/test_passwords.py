"""Passwords outside the tests are hashed at full cost; within them at a small part of it."""

from collections.abc import Iterator

import argon2
import pytest

from casework import passwords


@pytest.fixture
def full_cost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash as the application does."""
    monkeypatch.setattr(passwords, "PasswordHasher", argon2.PasswordHasher)
    passwords.hasher.cache_clear()
    yield
    passwords.hasher.cache_clear()


def test_a_password_costs_a_thief_64_megabytes_and_three_passes(full_cost: None) -> None:
    kept = argon2.extract_parameters(passwords.keep("mot-mat-khau-dai"))
    assert kept.type is argon2.Type.ID
    assert kept.memory_cost >= 64 * 1024
    assert kept.time_cost >= 3
