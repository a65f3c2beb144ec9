"""Two doors, as people use them: real commands, real processes, a real relay, a link that breaks.

The story is told once, in `story`; the tests that follow it read what it noted. The others act on
the same world, in any order, each with people of its own.
"""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.fakes.recording_proxy import DOWN, PULL, PUSH, UP, Fault
from tests.journeys.world import (
    RegionInProcesses,
    new_region,
    spellings,
    structure_at,
    telephone_spellings,
)

pytestmark = pytest.mark.network

BLANC, CHATEAUROUX = "36018", "36044"
ANONYMOUS = {"expressed": "Où se tient la permanence xylophone ?", "commune": BLANC}


def somebody(given: str, family: str, telephone: str, **more: Any) -> dict[str, Any]:
    """A reception with a hand-over to Châteauroux that was agreed to."""
    reception: dict[str, Any] = {
        "expressed": f"Demande de {given}",
        "commune": BLANC,
        "status": "demandeur_emploi",
        "motives": ["trouver_formation"],
        "notice_given": True,
        "agreement_to_record": True,
        "person": {"given_name": given, "family_name": family, "telephone": telephone},
        "referral": {"to": structure_at(CHATEAUROUX), "agreement": True},
    }
    return reception | more


REFERRED = somebody(
    "Anémone",
    "Zorglubova",
    "06 39 98 12 34",
    expressed="Je voudrais devenir vitraillière",
    reception_note="Préfère le matin, dit quokka",
    counselling_note="Craint les brouhahas",
)
REFUSES = somebody(
    "Quetzalcoatline",
    "Refusetout",
    "06 39 98 56 78",
    expressed="Je veux savoir pour la ferronnerie",
    referral={"to": structure_at(CHATEAUROUX), "agreement": False},
    reception_note="Ne veut pas que cela sorte, wombat",
)


@dataclass(slots=True)
class Story:
    """What was seen at each step."""

    world: RegionInProcesses
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def blanc(self):
        return self.world.desks["blanc"]

    @property
    def chateauroux(self):
        return self.world.desks["chateauroux"]


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    world = new_region(tmp_path_factory.mktemp("region"))
    try:
        told = Story(world)
        tell(told)
        yield told
    finally:
        world.close()


def tell(story: Story) -> None:
    world, seen = story.world, story.seen
    blanc = world.enrol("blanc", BLANC)
    chateauroux = world.enrol("chateauroux", CHATEAUROUX)
    seen["anonymous"] = blanc.receive(ANONYMOUS)
    world.start_relay()
    for desk in (blanc, chateauroux, blanc):
        desk.exchange()
    world.proxy.vanish()
    seen["saved offline"] = blanc.receive(REFERRED)
    seen["exchange offline"] = blanc.run("exchange", "run")
    seen["status offline"] = blanc.status()
    world.proxy.listen()
    seen["exchange"] = blanc.exchange()
    seen["status after"] = blanc.status()
    answered(story)
    refused(story)


def answered(story: Story) -> None:
    seen, blanc, chateauroux = story.seen, story.blanc, story.chateauroux
    seen["arrival"] = chateauroux.exchange()
    [line] = chateauroux.referrals("in")
    seen["received"] = chateauroux.ask("referral", "show", line["id"])
    answer = ("--status", "acceptee", "--message", "Jeudi à dix heures, salle ouistiti")
    chateauroux.ask("referral", "answer", line["id"], *answer)
    chateauroux.exchange()
    blanc.exchange()
    seen["answered"] = blanc.referrals("out")


def refused(story: Story) -> None:
    world, seen, blanc = story.world, story.seen, story.blanc
    seen["held before"] = world.held()
    seen["refusal"] = blanc.receive(REFUSES)
    seen["status refusal"] = blanc.status()
    seen["exchange refusal"] = blanc.exchange()
    seen["held after"] = world.held()
    seen["file"] = blanc.ask("person", "search", "refusetout")


def test_somebody_is_received_without_a_name(story):
    assert story.seen["anonymous"]["person_id"] is None


def test_what_is_saved_without_a_network_waits_and_says_why(story):
    assert story.seen["saved offline"]["route"] == "relay"
    ended = story.seen["exchange offline"]
    assert ended.code == 7
    assert ended.error["code"] == "relay_absent"
    assert ended.error["message"]
    status = story.seen["status offline"]
    assert status["events"]["pending"] > 0
    assert status["last_failure"]["code"] == "relay_absent"
    assert status["oldest_pending_at"]


def test_it_leaves_when_the_relay_is_back(story):
    status = story.seen["status after"]
    assert story.seen["exchange"]["pushed"] == story.seen["status offline"]["events"]["pending"]
    assert (status["events"]["pending"], status["events"]["sent"]) == (0, 0)
    assert status["last_failure"] is None
    assert story.seen["arrival"]["pulled"] == 1


def test_second_door_reads_who_comes_and_what_they_ask(story):
    received = story.seen["received"]
    assert received["display_name"] == "Anémone Zorglubova"
    assert received["details"]["expressed"] == REFERRED["expressed"]
    assert "Craint" not in json.dumps(received, ensure_ascii=False)


def test_first_door_reads_the_answer_with_its_dates(story):
    [line] = story.seen["answered"]
    assert [step["status"] for step in line["history"]] == [
        "a_transmettre",
        "transmise",
        "recue",
        "acceptee",
    ]
    assert line["history"][-1]["message"] == "Jeudi à dix heures, salle ouistiti"
    moments = [step["at"] for step in line["history"]]
    assert moments == sorted(moments)
    assert all(moments)


def test_refusal_sends_nothing_and_is_counted(story):
    seen = story.seen
    assert seen["refusal"]["stays_here"] is True
    assert seen["status refusal"]["confined"] > 0
    assert seen["status refusal"]["events"]["pending"] == 0
    assert (seen["exchange refusal"]["pushed"], seen["exchange refusal"]["bundles_up"]) == (0, 0)
    kept = [{**seen[moment], "last_contact_at": None} for moment in ("held before", "held after")]
    assert kept[0] == kept[1]
    assert len(seen["file"]["results"]) == 1


def test_neither_relay_nor_wire_holds_a_word_of_anybody(story):
    words = spellings(
        *("Anémone", "Zorglubova", "vitraillière", "quokka", "brouhahas", "xylophone"),
        *("Quetzalcoatline", "Refusetout", "ferronnerie", "wombat", "ouistiti", "Jeudi à dix"),
    )
    words |= telephone_spellings("0639981234") | telephone_spellings("0639985678")
    places = {"relay": story.world.relay_files(), "wire": story.world.proxy.recorded}
    for place, data in places.items():
        assert len(data) > 10_000
        folded = data.lower()
        found = {word for word in words if word in data or word.lower() in folded}
        assert found == set(), place
    # The same search finds them where they are in clear.
    assert any(word in "Anémone ZORGLUBOVA".encode("utf-16-le") for word in words)


def test_answer_swallowed_by_the_network_makes_no_double(story):
    person = somebody("Ondine", "Avalée", "06 39 98 00 01")
    story.blanc.receive(person)
    fault = story.world.proxy.swallow_answer(PUSH)
    story.blanc.exchange()  # it asks again what the relay has, in the same run
    assert fault.struck.is_set()
    story.chateauroux.exchange()
    assert story.blanc.events()["pending"] == 0
    assert story.chateauroux.named("in").count("Ondine Avalée") == 1


@pytest.mark.parametrize("after_bytes", [0, 900])
def test_desk_killed_while_it_sends_goes_on(story, after_bytes):
    name = f"Sandor{after_bytes}"
    story.blanc.receive(somebody(name, "Coupé", "06 39 98 00 02"))
    fault = Fault(marker=PUSH, way=UP, after_bytes=after_bytes, stalls=True)
    story.blanc.exchange_killed_at(story.world.proxy, fault)
    assert story.blanc.status()["events"]["pending"] > 0
    story.blanc.exchange()
    story.chateauroux.exchange()
    assert story.blanc.events()["pending"] == 0
    assert story.chateauroux.named("in").count(f"{name} Coupé") == 1


def test_desk_killed_while_it_receives_goes_on(story):
    name = "Ravel"
    story.blanc.receive(somebody(name, "Tombé", "06 39 98 00 03"))
    story.blanc.exchange()
    fault = Fault(marker=PULL, way=DOWN, after_bytes=600, stalls=True)
    story.chateauroux.exchange_killed_at(story.world.proxy, fault)
    story.chateauroux.exchange()
    assert story.chateauroux.named("in").count(f"{name} Tombé") == 1
    assert story.chateauroux.status()["quarantine"] == 0


@pytest.mark.parametrize("saved", [1, 12])
def test_desk_killed_while_it_saves_has_kept_what_it_announced(story, saved):
    family = f"Ligne{saved}"
    lines = [somebody(f"Prénom{number}", family, "06 39 98 00 04") for number in range(60)]
    with story.blanc.running("reception", "add", "-", "--lines") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(json.dumps(line) + "\n" for line in lines))
        process.stdin.flush()
        announced = [json.loads(process.stdout.readline()) for _ in range(saved)]
        process.kill()
        announced += [json.loads(line) for line in process.stdout if line.endswith("\n")]
    kept = {line["id"] for line in story.blanc.referrals("out")}
    assert {one["referral_id"] for one in announced} <= kept
    story.blanc.exchange()
    story.chateauroux.exchange()
    sent = [name for name in story.chateauroux.named("in") if name.endswith(family)]
    assert len(announced) <= len(sent) == len(set(sent))
    here = [name for name in story.blanc.named("out") if name.endswith(family)]
    assert sent == here


def test_relay_killed_and_restarted_has_kept_everything(story):
    story.blanc.receive(somebody("Relais", "Tué", "06 39 98 00 05"))
    story.blanc.exchange()
    held = story.world.held()
    story.world.relay.kill()
    story.blanc.receive(somebody("Relais", "Revenu", "06 39 98 00 06"))
    assert story.blanc.run("exchange", "run").code == 7
    story.world.start_relay()
    assert story.world.held() == held
    story.chateauroux.exchange()
    story.blanc.exchange()
    story.chateauroux.exchange()
    assert {"Relais Tué", "Relais Revenu"} <= set(story.chateauroux.named("in"))


def test_second_desk_of_the_structure_reads_and_answers(story):
    world, first = story.world, story.chateauroux
    story.blanc.receive(somebody("Deuxième", "Poste", "06 39 98 00 07"))
    story.blanc.exchange()
    first.exchange()
    invitation = world.folder / "invitation.json"
    first.ask("structure", "invite", "--out", invitation)
    second = world.desk("second")
    joined = second.ask("join", invitation, "--agent", "Agent second")
    first.exchange()
    second.exchange()
    first.exchange()
    [waiting] = first.ask("structure", "requests")["requests"]
    assert waiting["code"] == joined["spoken_code"]
    assert first.run("structure", "admit", "2222-2222").code == 8
    first.ask("structure", "admit", waiting["code"])
    first.exchange()
    second.exchange()
    assert second.named("in") == first.named("in")
    assert second.status()["quarantine"] == 0
    answers_from(second, story)


def answers_from(second, story):
    [line] = [one for one in second.referrals("in") if one["display_name"] == "Deuxième Poste"]
    second.ask("referral", "answer", line["id"], "--status", "acceptee")
    second.exchange()
    story.blanc.exchange()
    [out] = [one for one in story.blanc.referrals("out") if one["display_name"] == "Deuxième Poste"]
    assert out["status"] == "acceptee"
    assert out["history"][-1]["by"] == "Agent second"


def test_refused_commands_say_why_and_lose_nothing(story):
    blanc = story.blanc
    before = blanc.events()["pending"] + blanc.events()["acknowledged"]
    good = json.dumps(somebody("Gardée", "Intacte", "06 39 98 00 08"))
    add = ("reception", "add", "-")
    elsewhere = json.dumps({"expressed": "x", "commune": "99999"})
    refusals = {
        "wrong_passphrase": (5, blanc.run("status", DEUX_PORTES_PASSPHRASE="ce n’est pas elle")),
        "unknown_commune": (3, blanc.run(*add, given=elsewhere)),
        "unreadable_input": (3, blanc.run(*add, given=good[:-3])),
        "workspace_busy": (6, while_another_writes(blanc, good)),
    }
    for code, (exit_code, ended) in refusals.items():
        assert (ended.code, ended.error["code"], ended.out) == (exit_code, code, "")
        assert ended.error["message"]
        assert "Traceback" not in ended.err
    assert "99999" in refusals["unknown_commune"][1].error["message"]
    after = blanc.events()["pending"] + blanc.events()["acknowledged"]
    assert after == before + 7
    assert blanc.named("out").count("Gardée Intacte") == 1


def while_another_writes(desk, reception):
    """Save a reception with a process that stays, and ask for the status beside it."""
    with desk.running("reception", "add", "-", "--lines") as holding:
        assert holding.stdin is not None
        assert holding.stdout is not None
        holding.stdin.write(reception + "\n")
        holding.stdin.flush()
        # It has answered, and waits for more with the workspace open.
        assert json.loads(holding.stdout.readline())["route"] == "relay"
        ended = desk.run("status")
        holding.stdin.close()
        assert holding.wait(timeout=30) == 0
    return ended
