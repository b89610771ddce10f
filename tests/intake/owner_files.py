"""Owner files on disk for tests."""

import json
from pathlib import Path
from typing import Any


def written(file: Path, content: Any) -> Path:
    """Write bytes as they are, and everything else as JSON."""
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file
