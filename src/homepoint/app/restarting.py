"""How the open program asks to be closed and opened anew; whoever started it knows how."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from homepoint.application.problems import HomepointError

if TYPE_CHECKING:
    from homepoint.app.locking import Errand


class Restart(Protocol):
    """Closes the library and the window, and begins anew; see `app.starting.Started.restart`."""

    def __call__(
        self,
        between: Callable[[], None] | None = None,
        *,
        errand: "Errand | None" = None,
        asks_keyring: bool = True,
    ) -> None: ...


def cannot_restart(
    between: Callable[[], None] | None = None, *, errand: "Errand | None" = None, asks_keyring: bool = True
) -> None:
    """Stand in until whoever started the program says how to start it anew.

    Raises:
        HomepointError: always.
    """
    raise HomepointError("Homepoint cannot start itself anew here.", "Close it, then use the command line.")
