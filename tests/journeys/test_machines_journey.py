"""The machines of a structure, as people use them: joined by pictures, lost, recovered, removed.

Real commands in real processes over a real relay.
"""

import shutil
from typing import Any

import pytest

from tests.fakes.recording_proxy import RecordingProxy
from tests.journeys.world import structure_at

pytestmark = pytest.mark.network

BLANC, CHATEAUROUX = "36018", "36044"


def somebody(given: str, *, to: str = "") -> dict[str, Any]:
    """A reception of an invented person, with a hand-over when `to` names a structure."""
    reception: dict[str, Any] = {
        "expressed": f"Demande de {given} (exemple)",
        "commune": BLANC,
        "status": "demandeur_emploi",
        "motives": ["trouver_formation"],
        "notice_given": True,
        "agreement_to_record": True,
        "person": {"given_name": given, "family_name": "Exemplier", "telephone": "06 39 98 00 21"},
    }
    if to:
        reception["referral"] = {"to": to, "agreement": True}
    return reception


def refer_and_answer(blanc, chateauroux):
    """Two receptions, of which one is handed over, and its answer read back."""
    blanc.receive(somebody("Anémone"))
    blanc.receive(somebody("Nadia", to=structure_at(CHATEAUROUX)))
    blanc.exchange()
    chateauroux.exchange()
    (line,) = chateauroux.referrals("in")
    chateauroux.ask("referral", "answer", line["id"], "--status", "acceptee", "--message", "Lundi")
    chateauroux.exchange()
    blanc.exchange()


def this_one(desk):
    (machine,) = [one for one in desk.ask("structure", "machines")["machines"] if one["this_one"]]
    return machine


def people(desk):
    found = desk.ask("person", "search", "Exemplier")["results"]
    return sorted((one["id"], one["display_name"], one["telephone"]) for one in found)


def recover_all_lost(region, code, burned):
    """Make the new machine; nothing is written before one says which machines are lost."""
    new = region.desk("new")
    words = ("structure", "recover", "--region", region.region_file)
    refused = new.run(*words, DEUX_PORTES_STRUCTURE_CODE=code)
    assert refused.code == 2
    assert burned["code"] in refused.error["message"]
    assert not new.workspace.exists()
    taken = new.run(*words, "--lost-all", DEUX_PORTES_STRUCTURE_CODE=code).json
    assert taken["leaving"] == [burned["code"]]
    return new


def test_structure_whose_only_laptop_burned_comes_back_whole(region):
    blanc, chateauroux = region.desks["blanc"], region.desks["chateauroux"]
    code = blanc.ask("structure", "recovery-kit")["structure_code"]
    refer_and_answer(blanc, chateauroux)
    known, burned = people(blanc), this_one(blanc)
    shutil.rmtree(blanc.workspace)

    new = recover_all_lost(region, code, burned)
    new.exchange()
    assert people(new) == known
    (line,) = new.referrals("out")
    assert line["history"][-1]["message"] == "Lundi"
    machines = {one["id"]: one for one in new.ask("structure", "machines")["machines"]}
    assert machines[burned["id"]]["removed"]
    assert this_one(new)["holds_root"]
    assert sum(one["on_paper"] for one in machines.values()) == 1

    new.receive(somebody("Zoé", to=structure_at(CHATEAUROUX)))
    assert new.exchange()["refused"] == []
    chateauroux.exchange()
    assert chateauroux.named("in") == ["Nadia Exemplier", "Zoé Exemplier"]
    assert chateauroux.status()["quarantine"] == 0


def test_machine_joins_by_pictures_and_works_without_any_network(region, tmp_path):
    blanc = region.desks["blanc"]
    blanc.receive(somebody("Anémone"))
    blanc.exchange()
    region.relay.stop()
    invitation, request = tmp_path / "invitation.png", tmp_path / "request.png"
    blanc.ask("structure", "invite", "--qr", invitation)
    second = region.desk("second")
    asked = second.ask("join", invitation, "--qr", request)
    admission = tmp_path / "admission.json"
    given = ("--request", request, "--out", admission)
    blanc.ask("structure", "admit", asked["spoken_code"], *given)
    enrolled = second.ask("structure", "enrol", admission)
    assert enrolled["structure"]["id"] == blanc.status()["structure"]["id"]
    second.receive(somebody("Nadia"))
    region.start_relay()
    blanc.exchange()
    second.exchange()
    blanc.exchange()
    for desk in (blanc, second):
        found = desk.ask("person", "search", "Exemplier")["results"]
        assert len(found) == 2


def test_stolen_machine_is_removed_and_its_late_work_waits_for_a_decision(region, tmp_path):
    blanc, chateauroux = region.desks["blanc"], region.desks["chateauroux"]
    blanc.ask("structure", "invite", "--out", tmp_path / "invitation.json")
    second = region.desk("second")
    asked = second.ask("join", tmp_path / "invitation.json")
    blanc.exchange()
    second.exchange()
    blanc.exchange()
    blanc.ask("structure", "admit", asked["spoken_code"])
    blanc.exchange()
    second.exchange()
    second.receive(somebody("Nadia", to=structure_at(CHATEAUROUX)))
    second.exchange()
    stolen = this_one(second)
    assert blanc.ask("structure", "remove", stolen["code"], "--yes")["machine"] == stolen["id"]
    for desk in (blanc, chateauroux):
        desk.exchange()
        (aside,) = desk.ask("exchange", "quarantine")["quarantine"]
        assert (aside["reason"], aside["code"]) == ("revoked", stolen["code"])
    assert second.run("exchange", "run").error["code"] == "machine_revoked"
    assert second.ask("person", "search", "Exemplier")["results"]
    assert blanc.ask("structure", "accept-late", stolen["code"])["bundles"] == 2
    for desk in (blanc, chateauroux, blanc):
        desk.exchange()
        assert desk.ask("exchange", "quarantine")["quarantine"] == []
    assert chateauroux.named("in") == ["Nadia Exemplier"]


def test_status_says_what_ends_and_when(region):
    status = region.desks["blanc"].status()
    assert status["certificate_until"] > status["machine_until"] > "2026"
    assert {"code": "no_recovery_kit", "until": None} in status["warnings"]


def test_relay_that_moves_is_followed_by_desks_that_were_told_by_the_exchange(region, tmp_path):
    blanc, chateauroux = region.desks["blanc"], region.desks["chateauroux"]
    moved, region_file = RecordingProxy(), tmp_path / "moved.json"
    moved.upstream = region.relay.host_and_port
    try:
        request = region.folder / "relay-request.json"
        certify = ("relay", "certify", request, "--url", moved.url, "--out", region_file)
        region.authority(*certify, "--folder", region.folder / "authority")
        assert blanc.ask("structure", "take", region_file)["kind"] == "region"
        for desk in (blanc, chateauroux):
            desk.exchange()
        region.proxy.close()
        chateauroux.receive(somebody("Nadia", to=structure_at(BLANC)))
        assert chateauroux.exchange()["pushed"] > 0
        blanc.exchange()
        assert blanc.named("in") == ["Nadia Exemplier"]
    finally:
        moved.close()


def test_structure_that_its_region_removed_is_told_and_refused(region, tmp_path):
    blanc, chateauroux = region.desks["blanc"], region.desks["chateauroux"]
    chateauroux.receive(somebody("Nadia", to=structure_at(BLANC)))
    for desk in (chateauroux, blanc):
        desk.exchange()
    identifier = chateauroux.status()["structure"]["id"]
    heads, removal = tmp_path / "heads.json", tmp_path / "removal.json"
    assert blanc.ask("structure", "heads", identifier, "--out", heads)["heads"] == 1
    revoke = ("revoke", "structure", identifier, "--heads", heads, "--out", removal)
    region.authority(*revoke, "--folder", region.folder / "authority")
    assert blanc.ask("structure", "take", removal)["new"] == 1
    blanc.exchange()
    assert chateauroux.run("exchange", "run").error["code"] == "machine_revoked"
    assert blanc.named("in") == ["Nadia Exemplier"]
    assert blanc.status()["quarantine"] == 0
    assert blanc.ask("structure", "list")["structures"] == []


def test_structure_is_taken_over_from_a_carried_file_where_no_relay_answers(region, tmp_path):
    blanc = region.desks["blanc"]
    code = blanc.ask("structure", "recovery-kit")["structure_code"]
    assert blanc.ask("structure", "rotate")["generation"] == 2
    assert blanc.ask("structure", "conflicts")["conflicts"] == []
    blanc.receive(somebody("Anémone"))
    blanc.exchange()
    known, carried = people(blanc), tmp_path / "statements.json"
    assert blanc.ask("structure", "statements", "--out", carried)["statements"] > 10
    burned = this_one(blanc)
    shutil.rmtree(blanc.workspace)
    region.relay.stop()

    new = region.desk("new")
    words = ("structure", "recover", "--region", region.region_file, "--lost", burned["code"])
    for given, refusal in ((code, "link_cut"), (code[:-1], "recovery_code_mistyped")):
        refused = new.run(*words, DEUX_PORTES_STRUCTURE_CODE=given)
        assert refused.error["code"] == refusal
    taken = new.run(*words, "--statements", carried, DEUX_PORTES_STRUCTURE_CODE=code).json
    assert taken["leaving"] == [burned["code"]]
    new.receive(somebody("Nadia"))
    region.start_relay()
    new.exchange()
    assert len(people(new)) == len(known) + 1
    assert set(known) <= set(people(new))
    leaving = [one for one in new.ask("structure", "machines")["machines"] if one["removed"]]
    assert [one["code"] for one in leaving] == [burned["code"]]


def asking(region, name, invitation):
    """Make a machine that asks to join, works at once, and lets its request leave."""
    desk = region.desk(name)
    code = desk.ask("join", invitation)["spoken_code"]
    desk.receive(somebody(name.title()))
    desk.run("exchange", "run")
    assert desk.events()["acknowledged"] == 0
    return desk, code


def waiting_at(desk):
    """Who asks to join a structure: whether somebody came by the same invitation before."""
    desk.exchange()
    asked = desk.ask("structure", "requests")["requests"]
    return {one["code"]: one["token_used"] for one in asked}


def test_two_machines_with_one_invitation_over_the_relay(region, tmp_path):
    """Whoever is signed first consumes the invitation; the other is told so to a person."""
    blanc, invitation = region.desks["blanc"], tmp_path / "invitation.json"
    blanc.receive(somebody("Anémone"))
    blanc.ask("structure", "invite", "--out", invitation)
    blanc.exchange()
    first, code = asking(region, "first", invitation)
    late, late_code = asking(region, "late", invitation)
    assert waiting_at(blanc) == {code: False, late_code: False}
    blanc.ask("structure", "admit", code)
    assert waiting_at(blanc) == {late_code: True}
    first.exchange()
    late.run("exchange", "run")  # admitted by nobody, it keeps its work and waits
    assert (first.events()["pending"], late.events()["pending"] > 0) == (0, True)
    assert people_named(late) == ["Late Exemplier"]
    assert blanc.ask("structure", "admit", late_code)["token_used"] is True
    for desk in (blanc, late, blanc, first):
        assert desk.exchange()["refused"] == []
    for desk in (blanc, first, late):
        assert people_named(desk) == ["Anémone Exemplier", "First Exemplier", "Late Exemplier"]
        status = desk.status()
        assert (status["events"]["pending"], status["quarantine"]) == (0, 0)
    late.receive(somebody("Nadia", to=structure_at(CHATEAUROUX)))
    for desk in (late, region.desks["chateauroux"]):
        assert desk.exchange()["refused"] == []
    assert region.desks["chateauroux"].named("in") == ["Nadia Exemplier"]


def people_named(desk):
    return sorted(name for _, name, _ in people(desk))
