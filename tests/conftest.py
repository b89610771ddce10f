"""What holds for every test: no screen, no real home, no real keyring, and no unexpected log line."""

import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# All of this stands before the first import of Qt or Homepoint, which read it once.
# HOMEPOINT_TEST_PLATFORM=xcb shows the widget tests on a real screen.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("HOMEPOINT_TEST_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

_HOME = tempfile.TemporaryDirectory(prefix="homepoint-tests-")
for _variable, _folder in {
    "HOME": "",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
}.items():
    Path(_HOME.name, _folder).mkdir(exist_ok=True)
    os.environ[_variable] = str(Path(_HOME.name, _folder))

# A shared machine is slow at times; that is no fault of the code under test.
# HOMEPOINT_EXAMPLES=1000 draws more from every property than the default run has time for.
settings.register_profile(
    "homepoint",
    deadline=None,
    max_examples=int(os.environ.get("HOMEPOINT_EXAMPLES", "40")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("homepoint")


@pytest.fixture(autouse=True)
def _no_unexpected_log_line(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test during which Homepoint logged a warning or worse, unless it is marked logs_expected."""
    yield
    if request.node.get_closest_marker("logs_expected"):
        return
    said = [
        f"{record.name}: {record.getMessage()}"
        for record in caplog.get_records("call")
        if record.levelno >= logging.WARNING and record.name.split(".")[0] == "homepoint"
    ]
    if said:
        pytest.fail("Homepoint logged (mark the test logs_expected if it should):\n" + "\n".join(said))
