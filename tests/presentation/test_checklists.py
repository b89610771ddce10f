"""The checklists: one a service and check, on clauses that exist, with the official page or an honest word."""

import pytest

from homepoint.catalogue import load_terms
from homepoint.domain.facts import NoticeKind, Service
from homepoint.presentation.checklists import Subject, checklist, official
from tests.builders import NOW

TERMS = load_terms()
SUBJECTS: tuple[Subject, ...] = (*Service, *NoticeKind)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_service_and_check_has_a_list(subject: Subject) -> None:
    found = checklist(subject, TERMS, NOW.date())
    assert len(found.lines) >= 4
    assert found.why
    for text in (found.title, *(line.text for line in found.lines)):
        assert "{" not in text
    assert all(clause in TERMS.clauses for line in found.lines for clause in line.clauses)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_only_an_https_address_of_the_catalogue_is_offered(subject: Subject) -> None:
    found = checklist(subject, TERMS, NOW.date()).official
    assert found.url in {link.url for link in TERMS.links if not link.retired}
    assert found.url is not None
    assert found.url.startswith("https://")


@pytest.mark.parametrize("step", ["flyaway_reporting", "care_express_apply", "repair_progress"])
def test_an_address_no_source_shows_is_said_to_be_missing(step: str) -> None:
    found = official(step, TERMS)
    assert found.words.startswith("No source shows the address")
    assert found.label == "DJI Support"


@pytest.mark.parametrize("step", ["care_refresh_info_old", "activation_bind_old"])
def test_a_page_that_is_probably_gone_is_not_opened(step: str) -> None:
    retired = next(link.url for link in TERMS.links if link.step == step)
    assert official(step, TERMS).url != retired


def test_premium_names_the_clocks_of_the_catalogue() -> None:
    words = " ".join(line.text for line in checklist(Service.EXPRESS_PREMIUM, TERMS, NOW.date()).lines)
    ship, early, last = TERMS.return_days.value
    assert f"within {ship} days" in words
    assert f"{early} to {last} calendar days" in words
    assert "Visa, MasterCard or American Express" in words


def test_the_check_by_video_says_what_to_film_how_and_what_clock_follows() -> None:
    words = " ".join(line.text for line in checklist(NoticeKind.VIDEO, TERMS, NOW.date()).lines)
    hours = TERMS.edition_on(NOW.date()).notice_hours.value
    for expected in ("tripod", "second person", "serial", "form", f"{hours} hours"):
        assert expected in words


def test_a_flyaway_begins_with_not_unbinding_anything() -> None:
    first = checklist(Service.FLYAWAY_REPORT, TERMS, NOW.date()).lines[0]
    assert first.text.startswith("Do not unbind")
    assert "S0-73" in first.clauses
