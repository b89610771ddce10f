"""Evidence is attached once, to something that is there, and can be brought back by undo."""

from pathlib import Path

from homepoint.application.evidence import AddEvidence, CorrectEvidence, RemoveEvidence
from homepoint.application.problems import Refused
from homepoint.application.workspace import Workspace
from homepoint.domain.facts import Attachment
from homepoint.domain.values import AttachmentId
from tests.builders import NOW, adding, attachment, device, incident, library_at
from tests.documents.records import TERMS

HASH = "ab" * 32


def workspace(folder: Path) -> Workspace:
    """Open records with a device and an incident."""
    library = library_at(folder / "library.sqlite")
    library.write(adding(device(), incident()), NOW)
    return Workspace(library, TERMS, lambda: NOW)


def test_a_file_is_attached_renamed_and_let_go_and_undo_brings_it_back(tmp_path: Path) -> None:
    work = workspace(tmp_path)
    fact = attachment(of="i1", sha256=HASH, size=5)
    assert not isinstance(work.do(AddEvidence(attachment=fact)), Refused)
    better = attachment(of="i1", sha256=HASH, size=5, name="left arm.jpg")
    work.do(CorrectEvidence(attachment=better))
    assert work.library.get(Attachment, "f1") == better
    work.do(RemoveEvidence(attachment=AttachmentId("f1")))
    assert work.library.get(Attachment, "f1") is None
    work.undo()
    assert work.library.get(Attachment, "f1") == better


def test_the_same_file_is_not_attached_twice_to_the_same_thing(tmp_path: Path) -> None:
    work = workspace(tmp_path)
    work.do(AddEvidence(attachment=attachment(of="i1", sha256=HASH)))
    again = work.do(AddEvidence(attachment=attachment("f2", of="i1", sha256=HASH, name="copy.jpg")))
    assert isinstance(again, Refused)
    assert again.fields["sha256"] == "This file is attached already, as crash.jpg."
    assert not isinstance(work.do(AddEvidence(attachment=attachment("f2", of="d1", sha256=HASH))), Refused)


def test_a_file_of_nothing_or_without_a_name_is_refused(tmp_path: Path) -> None:
    refused = workspace(tmp_path).do(AddEvidence(attachment=attachment(of="nowhere", name=" ")))
    assert isinstance(refused, Refused)
    assert set(refused.fields) == {"of", "name"}
