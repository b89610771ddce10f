"""The activation codes of files that are imported: kept with the secrets of this computer, as the window does."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from homepoint.application.activation_codes import ActivationCodes, KeptCodes
from homepoint.domain.values import PlanId
from homepoint.presentation.activation_codes import lost_text

if TYPE_CHECKING:
    from homepoint.storage.library import SqliteLibrary


def codes_of(opened: "SqliteLibrary") -> ActivationCodes:
    """Return the activation codes of a library."""
    from homepoint.storage.codes_to_move import CodesToMove
    from homepoint.system.secrets import LastingSecrets, secrets_for

    secrets = LastingSecrets(secrets_for(opened.path.parent))
    return ActivationCodes(secrets, opened.own_id, CodesToMove(opened.path, opened.key))


def keep_codes(opened: "SqliteLibrary", codes: Mapping[PlanId, str]) -> KeptCodes:
    """Keep codes, and say on stderr which could not be kept; no keyring is asked where there is none to keep."""
    if not codes:
        return KeptCodes(kept=frozenset())
    kept = codes_of(opened).keep_all(codes)
    if kept.problem is not None:
        print(f"note: {lost_text(kept)}", file=sys.stderr)
    return kept
