"""Real servers for whoever asks, started once for each test process."""

import secrets
from collections.abc import Iterator

import pytest

from tests.sync.servers import Servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    started = Servers()
    yield started
    started.close()


@pytest.fixture
def unique_name() -> str:
    """A folder's name that no other test uses."""
    return f"test-{secrets.token_hex(8)}"
