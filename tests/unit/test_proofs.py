"""What a suite of the exchange must cover, and the tests that prove it: none may go in silence.

The list is section 7 of the exchange's design. A test that gets another name is renamed here; one
that goes leaves what it proved without proof, and this fails.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from app.ports import SyncPort
from sync.relay_port import Transport
from tests.exchange.links import CALLS, WRITES
from tests.small_disks import is_due

TESTS = Path(__file__).parents[1]

PROOFS: Mapping[str, tuple[str, ...]] = {
    "cursor ahead of data": (
        "test_restored_relay_says_what_it_lacks_and_then_gives_what_it_has",
        "test_only_what_lies_above_the_vector_is_pulled",
        "test_bundles_after_a_hole_wait_and_settle_when_it_is_filled",
    ),
    "relay restored from an older backup": (
        "test_restored_relay_gets_back_from_the_desks_all_that_it_had_acknowledged",
        "test_what_a_restored_relay_lost_is_sent_again_by_whoever_still_has_it",
        "test_restored_relay_gets_its_pieces_again_from_any_member",
        "test_restored_relay_that_forgot_a_removal_believes_nothing_more_of_that_machine",
    ),
    "lost acknowledgement": (
        "test_lost_answer_to_a_push_is_asked_again_without_a_double",
        "test_answer_swallowed_by_the_network_makes_no_double",
        "test_cut_at_any_call_the_next_exchange_ends_as_if_nothing_had_happened",
    ),
    "duplicate delivery": (
        "test_same_bundles_delivered_twice_change_nothing",
        "test_settling_twice_applies_once",
        "test_same_bytes_again_get_the_same_receipt",
    ),
    "reordering": (
        "test_bundles_out_of_order_wait_for_those_before_them",
        "test_any_delivery_gives_the_same_rows_and_so_does_a_rebuild",
    ),
    "cut at any byte of upload and download": (
        "test_upload_cut_in_the_middle_goes_on_at_the_byte",
        "test_download_cut_in_the_middle_goes_on_at_the_byte",
        "test_every_cut_of_a_bundle_is_kept_to_the_byte",
        "test_pieces_cut_on_their_way_go_on_at_the_byte",
        "test_statements_and_answers_cut_at_any_byte_go_on",
        "test_links_cut_again_and_again_both_ways_still_end",
    ),
    "connection half open for ever": (
        "test_silent_connection_is_given_up_after_the_stall_time",
        "test_upload_on_which_no_byte_moves_is_given_up",
        "test_download_on_which_no_byte_moves_keeps_what_came",
        "test_upload_whose_request_never_ends_is_kept_and_resumed_at_the_byte",
        "test_connection_that_says_nothing_is_let_go",
    ),
    "desk killed at any instant": (
        "test_desk_killed_again_and_again_while_it_exchanges",
        "test_killed_at_any_write_the_next_exchange_ends_as_if_nothing_had_happened",
        "test_killed_at_any_write_a_restored_world_ends_as_if_nothing_had_happened",
        "test_killed_after_any_transaction_it_goes_on",
        "test_everything_reported_as_saved_survives_the_kill_and_the_draft_too",
    ),
    "relay killed at any instant": (
        "test_desks_and_relay_killed_while_they_exchange",
        "test_upload_goes_on_after_a_kill_where_what_is_durable_ends",
        "test_statements_acknowledged_before_a_kill_are_there_after_it",
        "test_nothing_acknowledged_is_lost_when_the_relay_dies_at_any_moment",
    ),
    "disk full at the desk": (
        "test_full_disk_during_an_exchange_loses_nothing_and_goes_on",
        "test_disk_with_little_room_left_ends_well",
        "test_full_disk_of_a_desk_is_said_by_its_commands_and_loses_nothing",
        "test_a_full_disk_refuses_a_save_keeps_the_rest_and_works_again_with_room",
    ),
    "disk full at the relay": (
        "test_full_relay_says_so_keeps_all_it_acknowledged_and_goes_on_once_there_is_room",
        "test_relay_killed_while_its_disk_is_full_has_lost_nothing",
    ),
    "captive portal and meddling proxy answering 200": (
        "test_whoever_else_answers_is_not_our_relay",
        "test_portal_leaves_everything_waiting_and_is_named",
        "test_portal_is_named_and_everything_waits_until_the_relay_answers",
        "test_page_in_the_middle_of_an_exchange_costs_nothing_but_time",
        "test_answer_kept_by_a_proxy_and_given_again_is_not_our_relay",
        "test_stale_list_of_statements_in_mid_exchange_delays_and_loses_nothing",
    ),
    "clock wrong by an hour, by years": (
        "test_machine_whose_clock_is_wrong_exchanges_all_the_same",
        "test_clock_far_from_the_relay_s_marks_what_is_written",
        "test_relay_clock_that_jumps_a_year_makes_nobody_dormant_or_expired_for_good",
    ),
    "clock jumping back": (
        "test_clock_that_jumps_during_the_exchange_is_asked_again",
        "test_clock_that_jumps_back_between_two_exchanges_loses_and_reorders_nothing",
        "test_request_serves_once_though_the_relay_s_clock_jumps_and_comes_back",
    ),
    "revoked machine": (
        "test_what_a_removed_machine_wrote_late_waits_on_every_machine_alike",
        "test_revoked_machine_is_refused_and_what_was_accepted_of_it_is_taken",
        "test_stolen_machine_is_removed_and_its_late_work_waits_for_a_decision",
        "test_nothing_is_sealed_any_more_under_a_key_that_a_removed_machine_knows",
    ),
    "two machines enrolled with one invitation": (
        "test_two_machines_with_one_invitation_over_the_relay",
    ),
    "forged, truncated, replayed bundle": (
        "test_a_bundle_cut_at_any_byte_is_refused",
        "test_a_changed_byte_is_refused",
        "test_wrong_bytes_under_a_name_are_dropped_and_the_right_ones_accepted",
        "test_the_same_event_with_other_content_is_refused_whole",
    ),
    "re-signed bundle": (
        "test_bundle_signed_again_by_another_member_is_set_aside_everywhere",
        "test_relay_refuses_what_another_member_signed_again",
        "test_bundle_moved_under_the_name_of_another_machine_opens_nowhere",
    ),
    "unknown event version": (
        "test_an_unknown_kind_or_version_is_kept_without_a_row",
        "test_event_of_a_newer_version_survives_exchange_checkpoint_and_upgrade",
    ),
    "retired vocabulary code": (
        "test_referral_with_a_retired_or_newer_code_is_received_shown_and_answered",
        "test_status_of_a_newer_program_keeps_nobody_from_answering",
    ),
    "same person created in two offices": (
        "test_same_person_received_at_two_offices_is_two_files_that_both_show",
        "test_same_person_received_by_two_structures_is_linked_by_nobody_and_erased_apart",
    ),
    "edit against erase": (
        "test_erasure_ends_a_subject_whenever_it_comes",
        "test_what_a_colleague_wrote_meanwhile_is_erased_as_it_arrives",
        "test_what_was_said_before_the_erasure_arrives_after_it_in_vain",
    ),
    "10,000-record backlog": (
        "test_ten_thousand_records_leave_over_a_link_that_is_cut",
        "test_ten_thousand_bundles_on_a_stick",
    ),
    "stick removed half-way": (
        "test_stick_pulled_out_while_it_is_written_is_gone_on_with",
        "test_process_killed_at_random_instants_of_writing_leaves_what_was_or_what_will_be",
    ),
    "stick imported twice, out of order": (
        "test_stick_read_twice_and_out_of_order_gives_everything_once",
        "test_sticks_read_out_of_order_give_the_same",
    ),
    "stick imported by the wrong structure": (
        "test_stick_for_others_is_refused_with_its_sentence_and_changes_nothing",
    ),
    "a machine silent for a year": (
        "test_machine_silent_for_a_year_over_the_real_relay",
        "test_partner_structure_silent_for_a_year_over_the_real_relay",
        "test_a_machine_silent_for_a_year_comes_back_and_loses_nothing",
    ),
    "a model-based fuzzer": ("test_whatever_happens_to_desks_relay_and_sticks_the_promises_hold",),
}

READS = frozenset(
    {
        *("secrets", "statements", "structures", "spaces_with_pending", "pending", "head", "seen"),
        *("events_in", "unsent", "bundles_in", "head_of", "set_aside", "places_aside"),
        *("bytes_aside", "memo", "incarnation", "former_lives", "has_looked", "adopted"),
        *("backlog", "heads", "holds_place", "survivors_digest", "content_digests"),
        *("survivor_weights", "survivors_of", "contradicts", "piece", "piece_names"),
        *("acknowledged_head", "packs", "pack_bytes", "written_here"),
    }
)


@cache
def existing() -> frozenset[str]:
    """The names of all tests, those of `make bench` included."""
    return frozenset(_names())


def _names() -> Iterator[str]:
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name


@pytest.mark.parametrize("item", PROOFS)
def test_every_item_of_the_list_stays_proven(item):
    assert PROOFS[item]
    assert [name for name in PROOFS[item] if name not in existing()] == []


def methods(protocol: type) -> set[str]:
    """What a protocol asks for, the protocols that it joins included."""
    return {
        name
        for part in protocol.__mro__
        if part is not object
        for name, value in vars(part).items()
        if callable(value) and not name.startswith("_")
    }


def test_a_desk_is_killed_at_every_method_that_writes():
    assert set(WRITES).isdisjoint(READS)
    assert methods(SyncPort) - READS == set(WRITES)


def test_a_link_is_cut_at_every_call():
    assert methods(Transport) - {"hello", "close"} == set(CALLS)


@pytest.mark.parametrize(
    ("ci", "user", "capabilities", "is_made"),
    [
        ("true", 0, 1 << 21, True),
        ("1", 0, 1 << 21, True),
        ("", 0, 1 << 21, False),
        ("true", 1_000, 1 << 21, False),
        ("true", 0, 0, False),
    ],
    ids=["forge", "forge too", "by hand", "not root", "root that may not mount"],
)
def test_a_forge_that_may_mount_never_leaves_out_the_full_disks(ci, user, capabilities, is_made):
    assert is_due({"CI": ci}, user, capabilities) is is_made
