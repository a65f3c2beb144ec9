"""Two offices and a relay, by commands: one corrects while the other answers, then asks another."""

import pytest

from tests.journeys.test_two_doors import somebody
from tests.journeys.world import structure_at

pytestmark = pytest.mark.network


def both(world):
    return world.desks["blanc"], world.desks["chateauroux"]


def handed_over(blanc, given: str, **more) -> str:
    """Hand somebody over by the program; return the referral as the first door names it."""
    received = blanc.receive(somebody(given, f"{given}ova", "06 39 98 77 01", **more))
    return received["referral_id"]


def told(*desks) -> None:
    for _ in range(2):
        for desk in desks:
            desk.exchange()


def of(desk, direction: str, given: str):
    (line,) = [one for one in desk.referrals(direction) if one["display_name"].startswith(given)]
    return line


def shown(desk, identifier: str):
    return desk.ask("referral", "show", identifier)


def statuses(line) -> list[str]:
    return [step["status"] for step in line["history"]]


def test_a_correction_and_an_answer_made_at_once_end_alike_at_both_doors(two_offices):
    blanc, chateauroux = both(two_offices)
    referral = handed_over(blanc, "Corrigea")
    told(blanc, chateauroux)
    copy = of(chateauroux, "in", "Corrigea")["id"]

    planned = blanc.ask(
        "referral", "correct", referral, "--set", "telephone=06 39 98 77 02", "--preview"
    )
    assert planned["changes"] == [
        {"field": "telephone", "was": "06 39 98 77 01", "became": "06 39 98 77 02"}
    ]
    assert (planned["waits"], planned["on_paper"]) == (False, False)
    blanc.ask("referral", "correct", referral, "--set", "telephone=06 39 98 77 02")
    chateauroux.ask("referral", "answer", copy, "--status", "acceptee")
    told(chateauroux, blanc)

    ours, theirs = shown(blanc, referral), shown(chateauroux, copy)
    assert ours["status"] == theirs["status"] == "acceptee"
    assert ours["details"] == theirs["details"] == planned["leaves"]
    assert theirs["unread_corrections"] == 1
    assert statuses(ours)[2:] == statuses(theirs)[1:]
    (changed,) = [step for step in theirs["history"] if step["status"] == "corrigee"]
    assert changed["changes"] == planned["changes"]


def test_what_is_cancelled_before_it_left_never_reaches_the_other_door(two_offices):
    blanc, chateauroux = both(two_offices)
    referral = handed_over(blanc, "Annuletta")
    cancelled = blanc.ask("referral", "cancel", referral, "--reason", "erreur_de_saisie")
    assert (cancelled["status"], cancelled["masked"]) == ("annulee", [])
    told(blanc, chateauroux)
    assert not [name for name in chateauroux.named("in") if name.startswith("Annuletta")]

    assert blanc.ask("referral", "resume", referral)["status"] == "a_transmettre"
    told(blanc, chateauroux)
    assert of(chateauroux, "in", "Annuletta")["status"] == "recue"


def test_what_is_corrected_before_it_left_keeps_its_code_and_leaves_once(two_offices):
    blanc, chateauroux = both(two_offices)
    referral = handed_over(blanc, "Reprisia", expressed="Mot de trop.")
    code = shown(blanc, referral)["short_id"]
    blanc.ask("referral", "correct", referral, "--set", "expressed=Mot juste.")
    told(blanc, chateauroux)
    theirs = of(chateauroux, "in", "Reprisia")
    assert (theirs["short_id"], statuses(theirs)[0]) == (code, "transmise")
    assert shown(chateauroux, theirs["id"])["details"]["expressed"] == "Mot juste."
    (found,) = chateauroux.ask("referral", "find", f"{code[:3]}-{code[3:]}".lower())["referrals"]
    assert found["id"] == theirs["id"]


def test_a_refusal_leads_to_the_structure_it_proposes_once_the_person_agrees(two_offices):
    blanc, chateauroux = both(two_offices)
    proposed = structure_at("36006")
    referral = handed_over(blanc, "Refusella")
    told(blanc, chateauroux)
    copy = of(chateauroux, "in", "Refusella")["id"]
    refusal = ("--status", "refusee", "--reason", "hors_competence", "--proposed", proposed)
    chateauroux.ask("referral", "answer", copy, *refusal)
    told(chateauroux, blanc)
    assert shown(blanc, referral)["history"][-1]["proposed"]["reference"] == proposed

    preview = blanc.ask("referral", "reorient", referral, "--preview")
    assert preview["to"] == proposed
    assert {"referral_needs_agreement", "referral_needs_notice"} <= set(preview["missing"])
    assert preview["leaves"]["family_name"] == "Refusellaova"
    refused = blanc.run("referral", "reorient", referral)
    assert refused.code != 0
    made = blanc.ask("referral", "reorient", referral, "--agreed", "--notice-given")
    assert made["follows_id"] == referral
    line = shown(blanc, made["referral_id"])
    assert (line["follows_id"], shown(blanc, referral)["continued_by"]) == (
        referral,
        [line["id"]],
    )


def test_what_is_lost_is_sent_again_and_marked_on_both_sides(two_offices):
    blanc, chateauroux = both(two_offices)
    referral = handed_over(blanc, "Perduta")
    blanc.exchange()
    blanc.ask("referral", "answer", referral, "--status", "sans_reponse")
    again = blanc.ask("referral", "resend", referral)
    assert again["resends_id"] == referral
    told(blanc, chateauroux)
    lines = [one for one in chateauroux.referrals("in") if one["display_name"].startswith("Perd")]
    assert sorted(line["status"] for line in lines) == ["recue", "remplacee"]
    (anew,) = [line for line in lines if line["resends_id"]]
    (former,) = [line for line in lines if not line["resends_id"]]
    assert (anew["resends_id"], former["continued_by"]) == (former["id"], [anew["id"]])
    assert len(blanc.ask("referral", "find", again["short_id"])["referrals"]) == 2


@pytest.mark.parametrize("words", ["telephone", "to_structure=x", "=x"])
def test_a_field_that_is_not_corrected_is_refused_with_those_that_are(two_offices, words):
    blanc, _ = both(two_offices)
    refused = blanc.run("referral", "correct", "0000000000000001-1", "--set", words)
    assert refused.code == 2
    assert "telephone" in refused.err
