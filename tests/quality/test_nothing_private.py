"""Nothing in the repository names a machine's own folders or the host packages come from."""

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Put together from pieces, so that this file does not find itself.
FOLDERS = tuple(f"/{name}/" for name in ("work", "root", "farm"))
HOSTS = tuple(".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("debian", "org")))
NOT_OURS = {".git", ".venv", "build", "dist", "__pycache__"}


def _files() -> list[Path]:
    """Return the files git knows, or every file of a copy that came without git."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        # safe.directory: in a container the checkout may belong to somebody else.
        listing = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        )
        found: Iterable[Path] = (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    else:
        found = (
            path
            for path in ROOT.rglob("*")
            if not any(part in NOT_OURS or part.endswith("_cache") for part in path.relative_to(ROOT).parts)
        )
    return sorted(path for path in found if path.is_file())


def _private_words(text: str) -> list[str]:
    folders = [folder for folder in FOLDERS if re.search(rf"(?<![\w./-]){re.escape(folder)}", text)]
    return folders + [host for host in HOSTS if host in text]


def test_no_file_names_a_machine_folder_or_an_index_host() -> None:
    files = _files()
    assert len(files) > 10, "the listing of files must not be empty by mistake"
    found = [
        f"{path.relative_to(ROOT)}: {', '.join(words)}"
        for path in files
        if (words := _private_words(path.read_bytes().decode("utf-8", errors="replace")))
    ]
    assert not found, "\n".join(found)


def test_the_locks_hold_hashes_and_no_address() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert [lock.name for lock in locks] == ["build.txt", "dev.txt", "run.txt"]
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        assert "--index-url" not in text, lock.name
        for entry in re.split(r"\n(?=[a-z0-9])", text):
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry.splitlines()[0]}"


@pytest.mark.parametrize("text", [f"see {FOLDERS[0]}main", f"HOME={FOLDERS[1]}.cache", f"from {HOSTS[0]}"])
def test_a_private_word_is_found(text: str) -> None:
    assert _private_words(text)


@pytest.mark.parametrize("text", ["docs/root/x", "a/work/b", "homepoint/farm/y"])
def test_a_folder_of_our_own_is_not_mistaken_for_one(text: str) -> None:
    assert not _private_words(text)
