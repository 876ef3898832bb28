"""The real files beside the repository: read in tests where they lie, never copied."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[1].parent / "shared"


def shared(name: str) -> Path:
    """Return a shared file; without it skip the test, but fail under CI."""
    path = SHARED / name
    if not path.exists():
        message = f"the real file {name} is not beside the repository"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path
