"""What the tests of the command line share."""

import pytest

from tests.cli.run import Run, runner


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Carry out one command line."""
    return runner(capsys)
