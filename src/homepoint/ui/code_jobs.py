"""Keeps, fetches and forgets activation codes off the GUI thread, since a keyring may ask for its password first."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject

from homepoint.application.activation_codes import ActivationCodes, KeptCodes
from homepoint.domain.values import PlanId
from homepoint.ui.jobs import Job

R = TypeVar("R")


class CodeJobs(QObject):
    """One started job for each wish: connect to what it gives back, in the same breath. It fails with HomepointError
    where the store of secrets is in the way."""

    def __init__(self, codes: ActivationCodes, pool: ThreadPoolExecutor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._codes, self._pool = codes, pool

    def keep(self, plan: PlanId, code: str) -> Job[None]:
        """Keep the code of a plan in place of an earlier one."""
        return self._started(lambda: self._codes.keep(plan, code))

    def fetch(self, plan: PlanId, hint: str) -> Job[str | None]:
        """Fetch the code of a plan that ends as its hint says; None where this computer has none."""
        return self._started(lambda: self._codes.code(plan, hint))

    def forget(self, plan: PlanId) -> Job[None]:
        """Forget the code of a plan."""
        return self._started(lambda: self._codes.forget(plan))

    def keep_all(self, codes: Mapping[PlanId, str]) -> Job[KeptCodes]:
        """Keep the codes of a file; which were not is in what it finishes with."""
        return self._started(lambda: self._codes.keep_all(codes))

    def _started(self, work: Callable[[], R]) -> Job[R]:
        job: Job[R] = Job(lambda _progress: work(), self)
        job.finished.connect(job.deleteLater)
        job.failed.connect(job.deleteLater)
        job.start(self._pool)
        return job
