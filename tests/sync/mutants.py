"""Planted bugs: each is one that such programs really have, and a test that must fail while it is planted."""

import importlib
import inspect
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A bug: in these functions (module:name) a text is replaced by another. `caught_by` is a test (module:name)."""

    name: str
    changes: tuple[tuple[str, str, str], ...]
    caught_by: str
    values: tuple[tuple[str, Any], ...] = ()


def _mutant(name: str, function: str, old: str, new: str, caught_by: str, **values: Any) -> Mutant:
    return Mutant(name=name, changes=((function, old, new),), caught_by=caught_by, values=tuple(values.items()))


STAMPS, SYNC = "homepoint.storage.stamps", "homepoint.sync"
LATEST, COPIES = "tests.sync.test_latest_wins", "tests.sync.test_copied_libraries"
LOST, MEMBERS, STRANGERS = "tests.sync.test_lost_and_damaged", "tests.sync.test_members", "tests.sync.test_strangers"
EVIDENCE, COSTS = "tests.sync.test_evidence_travels", "tests.sync.test_costs"

MUTANTS = (
    _mutant(
        "the last arrival wins",
        f"{STAMPS}:join_edit",
        "[name for name in names if stamp > state.stamp_of(name)]",
        "list(names)",
        f"{LATEST}:test_edits_count_by_when_they_were_made_and_not_by_when_they_arrive",
    ),
    _mutant(
        "edits at the same instant are not told apart",
        f"{STAMPS}:join_edit",
        "stamp > state.stamp_of(name)",
        "stamp[:16] > state.stamp_of(name)[:16]",
        "tests.storage.test_stamps:test_of_two_edits_at_the_same_instant_the_same_one_wins_in_either_order",
    ),
    _mutant(
        "an own edit is stamped by the clock alone",
        f"{STAMPS}:next_clock",
        "max(now, clock_of(seen) + 1 if seen else 0)",
        "now",
        f"{LATEST}:test_a_wrong_clock_cannot_make_an_edit_disappear",
        year=1970,
    ),
    _mutant(
        "removals by others are passed over",
        f"{STAMPS}:join_edit",
        "is_later, state.gone = stamp > state.gone, max(stamp, state.gone)",
        "is_later = False",
        f"{LATEST}:test_a_removal_after_an_edit_stays_and_the_history_keeps_the_edit",
    ),
    _mutant(
        "a removal is final",
        f"{STAMPS}:FactState.is_there",
        "self.newest > self.gone",
        "not self.gone",
        f"{LATEST}:test_an_edit_after_a_removal_brings_the_device_back_with_all_its_fields",
    ),
    _mutant(
        "facts stand in the order of their arrival",
        "homepoint.storage.places:wanted_place",
        "return clock_of(stamp) if place is None else int(place)",
        'return connection.execute("SELECT max(number) FROM history").fetchone()[0]',
        f"{LATEST}:test_many_computers_add_at_the_same_instant_and_all_list_the_facts_in_one_order",
    ),
    _mutant(
        "the size of an own upload is not looked at",
        f"{SYNC}.send:is_whole",
        " and (session.listing[sent.name] in (None, sent.size) or not sent.size)",
        "",
        f"{LOST}:test_an_upload_whose_size_is_told_wrong_is_sent_again_by_the_very_next_round",
    ),
    _mutant(
        "what was sent once is never sent again",
        f"{SYNC}.send:is_whole",
        "sent.name in session.listing and ",
        "sent.name not in session.listing or ",
        f"{LOST}:test_a_batch_that_the_storage_lost_is_sent_again_and_that_is_told",
    ),
    _mutant(
        "batches are skipped by their last number",
        f"{SYNC}.receive:_is_here",
        "session.follows(name.replica, name.last, name.chain)",
        "session.store.last(name.replica) >= name.last",
        f"{COPIES}:test_two_copies_that_both_sent_unseen_by_each_other_lose_nothing",
    ),
    _mutant(
        "a chain value counts although what came before it is not here",
        f"{SYNC}.receive:take_range",
        "span.first == 1 or session.follows(span.replica, span.first - 1, span.before)",
        "True",
        f"{COPIES}:test_a_fork_that_was_merged_before_anyone_read_it_is_still_read",
    ),
    _mutant(
        "a copied library is not noticed",
        f"{SYNC}.round:_find_other_self",
        "if not _is_by_me(session, name.last, name.chain):",
        "if False:",
        f"{COPIES}:test_a_copied_library_goes_on_under_a_name_of_its_own",
    ),
    _mutant(
        "of a log that went two ways only one is kept",
        "homepoint.storage.replication:SqliteReplica.apply",
        "if fork is not None:",
        "if False:",
        f"{COPIES}:test_a_fork_is_whole_for_newcomers_also_when_the_storage_lost_a_way_of_it",
        lost="of-a",
    ),
    _mutant(
        "merged batches are relied on before they were read back",
        f"{SYNC}.tidy:_replaces",
        "other.is_verified and ",
        "",
        f"{LOST}:test_what_a_merged_batch_takes_the_place_of_stays_until_it_was_read_back",
    ),
    _mutant(
        "a summary with holes counts as whole",
        f"{SYNC}.summary:listed_summaries",
        "part.name in session.listing and",
        "",
        f"{LOST}:test_a_summary_that_lost_a_part_counts_for_nothing",
    ),
    _mutant(
        "what comes after a hole is in no summary",
        f"{SYNC}.send:refill",
        "    adopt_loose(session, session.others())\n",
        "",
        f"{LOST}:test_what_comes_after_a_hole_is_not_lost_when_an_emptied_storage_is_filled_again",
    ),
    _mutant(
        "an emptied storage is taken for a new one",
        f"{SYNC}.round:look",
        'session.kept("has_seen", False) and ',
        "False and ",
        f"{LOST}:test_an_emptied_storage_stops_and_asks_and_filling_it_again_keeps_everything",
    ),
    _mutant(
        "files are forgotten when an emptied storage is filled again",
        f"{SYNC}.send:refill",
        "    send_lost_files(session)\n",
        "",
        f"{LOST}:test_an_emptied_storage_stops_and_asks_and_filling_it_again_keeps_everything",
    ),
    Mutant(
        name="edits are noted as sent before they are",
        changes=(
            (
                f"{SYNC}.send:_send_batch",
                "    put_batch(",
                "    session.keep(sent_to=first + len(entries) - 1)\n    put_batch(",
            ),
            (
                f"{SYNC}.send:_own_spans",
                "    last = session.own_last\n",
                '    last = session.own_last\n    yield 1, session.kept("sent_to", 0)\n',
            ),
        ),
        caught_by=f"{LOST}:test_a_crash_before_an_upload_loses_nothing",
    ),
    _mutant(
        "nobody answers complaints",
        f"{SYNC}.tidy:answer_complaints",
        "if sent.is_ours and ",
        "if False and ",
        f"{LOST}:test_a_damaged_batch_is_named_complained_of_and_mended_by_its_writer",
        way="flip",
    ),
    _mutant(
        "damaged objects are read at every round",
        f"{SYNC}.session:Session._was_just_read",
        "return ",
        "return False and ",
        f"{LOST}:test_an_own_upload_that_broke_off_is_swept_away_and_costs_others_little",
    ),
    _mutant(
        "a change of the key removes what nobody has read",
        f"{SYNC}.keyfile:begin_change",
        'if kind_of(name) != "b" or name in session.known',
        "",
        f"{MEMBERS}:test_batches_that_nobody_has_read_survive_a_change_of_the_key",
    ),
    _mutant(
        "the old key goes on opening the door",
        f"{SYNC}.session:Session._had_part",
        "self.members is None or writer in self.members",
        "True",
        f"{MEMBERS}:test_a_removed_computer_cannot_come_back_under_a_new_name_with_the_old_key",
    ),
    _mutant(
        "what a removed computer sent at last stays with those who had it",
        f"{SYNC}.receive:_adopt_from_removed",
        "ranges[-1][1] > last",
        "False",
        f"{MEMBERS}:test_what_a_removed_computer_sent_at_the_last_moment_to_one_other_reaches_all",
    ),
    _mutant(
        "half a card counts as read",
        f"{SYNC}.roster:read_cards",
        "            continue  # it may be an upload under way\n",
        "            read[name] = name\n            continue\n",
        f"{MEMBERS}:test_a_card_that_is_seen_half_way_is_read_when_it_is_whole",
    ),
    _mutant(
        "nobody looks who signed a batch",
        f"{SYNC}.receive:_take_batch",
        "writer != name.replica or ",
        "",
        f"{STRANGERS}:test_nobody_writes_under_another_s_name",
    ),
    _mutant(
        "what is of no use is read again and again",
        f"{SYNC}.session:Session.refuse",
        'self.keep(refused=self.kept("refused", {}) | {name: told})',
        "pass",
        f"{STRANGERS}:test_random_bytes_under_a_valid_name_are_named_and_left_aside",
    ),
    _mutant(
        "files are named before they are sent",
        f"{SYNC}.send:_send_lacking",
        "            send_files(session, entries)\n            _send_batch(session, first, entries)\n",
        "            _send_batch(session, first, entries)\n            send_files(session, entries)\n",
        f"{EVIDENCE}:test_every_part_is_there_before_the_fact_that_names_the_file",
    ),
    _mutant(
        "which files are wanted is forgotten in a crash",
        f"{SYNC}.evidence:want_files",
        '        session.keep(absent=sorted({*session.kept("absent", []), *wanted}))\n',
        "",
        f"{EVIDENCE}:test_a_crash_after_the_facts_arrived_does_not_forget_the_file",
    ),
    _mutant(
        "merged batches are read by those who have them",
        f"{SYNC}.receive:_is_here",
        "if not session.follows(name.replica, name.last, name.chain):",
        "if True:",
        f"{COSTS}:test_merged_batches_are_not_read_again_by_those_who_have_them",
    ),
)


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """Plant a bug for a while.

    Raises:
        AssertionError: the text to replace is not there any more: the mutant must be written anew.
    """
    changes = [each for change in mutant.changes for each in _patch(*change)]
    undo = [(owner, name, owner.__dict__[name]) for owner, name, _ in changes]
    try:
        for owner, name, value in changes:
            setattr(owner, name, value)
        yield
    finally:
        for owner, name, value in undo:
            setattr(owner, name, value)


def _patch(where: str, old: str, new: str) -> list[tuple[Any, str, Any]]:
    """Return what to set where: the altered function in its module or class, and wherever else it was imported."""
    module_name, _, path = where.partition(":")
    module = importlib.import_module(module_name)
    *owners, name = path.split(".")
    owner: Any = module
    for each in owners:
        owner = getattr(owner, each)
    found = owner.__dict__[name]
    function: Any = found.fget if isinstance(found, property) else found
    source = textwrap.dedent(inspect.getsource(function))
    assert old in source, f"{where} holds no {old!r} any more"
    namespace: dict[str, Any] = {}
    exec(compile(source.replace(old, new), where, "exec"), module.__dict__, namespace)
    altered = namespace[name]
    if owners:
        return [(owner, name, altered)]
    users = [each for key, each in list(sys.modules.items()) if key.startswith(("homepoint.", "tests."))]
    return [(each, key, altered) for each in users for key, value in list(vars(each).items()) if value is found]


def test_of(mutant: Mutant) -> Any:
    """Return the test that must catch a mutant."""
    module, _, name = mutant.caught_by.partition(":")
    return getattr(importlib.import_module(module), name)
