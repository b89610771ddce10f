"""A private screen for the journeys of one worker, and what is kept when one of them fails."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.running import Running
from tests.journeys.screen import PrivateScreen, missing_tools

KEPT = Path(__file__).resolve().parents[2] / "build" / "journeys"
"""Where pictures and logs of failed journeys are found."""

Start = Callable[[], Running]
_outcome = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":  # type: ignore[attr-defined]  # a wrapper is sent the report
        item.stash[_outcome] = report.failed  # type: ignore[attr-defined]  # as above
    return report


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateScreen]:
    """A screen shared by the journeys of one worker; each has its own data folder."""
    if missing := missing_tools():
        pytest.skip(f"no screen to be had here, for want of {', '.join(missing)}")
    made = PrivateScreen(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


@pytest.fixture
def start(screen: PrivateScreen, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Start]:
    """Start Homepoint on this journey's data folder, as often as wanted."""
    started: list[Running] = []

    def begin() -> Running:
        started.append(Running(screen, tmp_path / "data"))
        return started[-1]

    yield begin
    if request.node.stash.get(_outcome, False):
        _keep(screen, tmp_path / "data", re.sub(r"\W+", "-", request.node.name))
    for each in started:
        if each.process.poll() is None:
            each.kill()


def _keep(screen: PrivateScreen, data: Path, name: str) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    screen.picture(KEPT / f"{name}.png")
    for log in data.glob("*.log"):
        shutil.copy(log, KEPT / f"{name}-{log.name}")
