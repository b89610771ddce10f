"""Every statement of the sources is a clause, and every clause is complete, short and in plain words."""

import re
from pathlib import Path

from homepoint.domain.reasons import Reason
from homepoint.domain.terms import Standing, Terms
from homepoint.domain.values import ClauseId

STATEMENT_IDS = (Path(__file__).parent / "statement_ids.txt").read_text(encoding="utf-8").split()
LONGEST = 220


def test_every_statement_of_the_sources_is_a_clause(terms: Terms) -> None:
    assert len(STATEMENT_IDS) == 170
    assert [name for name in STATEMENT_IDS if name not in terms.clauses] == []


def test_no_clause_looks_like_a_statement_that_does_not_exist(terms: Terms) -> None:
    like_statements = {name for name in terms.clauses if re.fullmatch(r"S\d-\d\d", name)}
    assert like_statements == set(STATEMENT_IDS)


def test_every_clause_has_a_source_that_says_when_it_was_seen(terms: Terms) -> None:
    for clause in terms.clauses.values():
        assert clause.source.name, clause.id
        assert clause.source.seen, clause.id
        assert clause.source.url is None or re.match(r"https?://\S+$", clause.source.url), clause.id


def test_background_clauses_and_no_others_say_why_nothing_uses_them(terms: Terms) -> None:
    for clause in terms.clauses.values():
        assert (clause.standing is Standing.BACKGROUND) == bool(clause.reason), clause.id


def test_sentences_are_short_plain_and_end_with_a_full_stop(terms: Terms) -> None:
    for clause in terms.clauses.values():
        assert len(clause.says) <= LONGEST, clause.id
        assert clause.says.endswith("."), clause.id
        assert clause.says[0].isupper(), clause.id
        assert not re.search(r"\b(you|your|yours)\b|[_{}<>]|\bseed\b|\bS\d-\d\d\b", clause.says, re.IGNORECASE), (
            clause.id
        )


def test_sentences_are_all_different(terms: Terms) -> None:
    sentences = [clause.says for clause in terms.clauses.values()]
    assert len(set(sentences)) == len(sentences)


def test_not_found_clauses_say_so_in_their_first_words(terms: Terms) -> None:
    not_found = [clause for clause in terms.clauses.values() if "NOT-FOUND" in clause.id]
    assert len(not_found) >= 6
    assert all(clause.says.startswith("Not found: ") for clause in not_found)


def test_every_reason_rests_on_clauses_that_are_in_use(terms: Terms) -> None:
    for reason in Reason:
        names = terms.because(reason)
        assert names, reason
        assert len(set(names)) == len(names), reason
        assert all(clause.standing is not Standing.BACKGROUND for clause in terms.says(names)), reason


def test_there_are_seventeen_contradictions_and_their_clauses_know_it(terms: Terms) -> None:
    assert [each.id for each in terms.contradictions] == [f"C-{number:02}" for number in range(1, 18)]
    for contradiction in terms.contradictions:
        assert len(contradiction.clauses) >= 2, contradiction.id
        for name in contradiction.clauses:
            assert contradiction.id in terms.clauses[name].disputed_by, (contradiction.id, name)
    named = {name for each in terms.contradictions for name in each.clauses}
    assert {clause.id for clause in terms.clauses.values() if clause.disputed_by} == named


def test_our_own_readings_have_homepoint_as_their_source(terms: Terms) -> None:
    ours = {clause.id for clause in terms.clauses.values() if clause.source.name.startswith("Homepoint")}
    for name in ("HP-DAY-WINDOW", "HP-HOUR-WINDOW", "HP-FOLLOWS-ON", "HP-AGREEMENT", "HP-USE-COUNTS", "HP-NOT-IN-USE"):
        assert ClauseId(name) in ours
    assert all(name.startswith("HP-") for name in ours)


def test_the_twelve_exclusions_are_clauses_and_only_water_is_of_the_past(terms: Terms) -> None:
    assert [each.id for each in terms.exclusions] == [f"X{number}" for number in range(1, 13)]
    assert [each.id for each in terms.exclusions if not each.current] == ["X4"]
    assert all(terms.clauses[each.id].says == each.says for each in terms.exclusions)
