"""Fixtures that several test folders use."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("kg", deadline=None, max_examples=50)
settings.load_profile("kg")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of shared data beside the checkout; without it the test is skipped."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder `shared` beside the checkout: it holds the real pages and gold data")
    return folder
