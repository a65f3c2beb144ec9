"""Two offices without any network, as people work there: real commands, real processes, a stick."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.command_line import Ended
from tests.journeys.stick_region import StickRegion
from tests.journeys.world import DeskMachine, spellings, structure_at, telephone_spellings

BLANC, CHATEAUROUX = "36018", "36044"
RECEPTION = {
    "expressed": "Je voudrais devenir vitraillière",
    "commune": BLANC,
    "notice_given": True,
    "agreement_to_record": True,
    "person": {
        "given_name": "Anémone",
        "family_name": "Zorglubova",
        "telephone": "06 39 98 12 34",
    },
    "referral": {"to": structure_at(CHATEAUROUX), "agreement": True},
}


@dataclass(slots=True)
class Story:
    """What was seen at each step; no relay exists in this Region."""

    region: StickRegion
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def stick(self) -> Path:
        return self.region.stick

    @property
    def desks(self) -> dict[str, DeskMachine]:
        return self.region.desks

    def write(self, desk: DeskMachine) -> Any:
        return desk.ask("stick", "write", self.stick)

    def read(self, desk: DeskMachine) -> Any:
        return desk.ask("stick", "read", self.stick)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    told = Story(StickRegion(tmp_path_factory.mktemp("sans-reseau")))
    tell(told)
    return told


def tell(story: Story) -> None:
    seen = story.seen
    region = story.region
    region.authority("init", region.folder / "authority", "--name", "Région (exemple)")
    blanc, chateauroux = region.enrol("blanc"), region.enrol("chateauroux")
    # The second door introduces itself: nothing but who it is goes this way.
    seen["introduction"] = story.write(chateauroux)
    seen["met"] = story.read(blanc)
    seen["saved"] = blanc.receive(RECEPTION)
    seen["status saved"] = blanc.status()
    # First stick: the referral.
    seen["written"] = story.write(blanc)
    seen["status written"] = blanc.status()
    seen["lying"] = b"".join(one.read_bytes() for one in story.stick.rglob("*") if one.is_file())
    seen["arrival"] = story.read(chateauroux)
    [line] = chateauroux.referrals("in")
    seen["received"] = chateauroux.ask("referral", "show", line["id"])
    # Second stick: the answer.
    answer = ("--status", "acceptee", "--message", "Jeudi à dix heures")
    chateauroux.ask("referral", "answer", line["id"], *answer)
    story.write(chateauroux)
    seen["back"] = story.read(blanc)
    seen["status back"] = blanc.status()
    seen["answered"] = blanc.referrals("out")
    # Third stick: the second door learns that its answer was received.
    seen["status answered"] = chateauroux.status()
    story.write(blanc)
    seen["third"] = story.read(chateauroux)
    seen["status third"] = chateauroux.status()
    seen["again"] = story.read(chateauroux)


def test_structures_meet_by_a_stick_alone(story):
    assert len(story.seen["met"]["structures"]) == 1
    assert story.seen["met"]["for_us"] is False
    assert story.seen["saved"]["route"] == "relay"


def test_state_goes_from_pending_to_on_stick_to_received(story):
    states = ("pending", "on_stick", "received", "sent", "acknowledged")

    def events(step):
        counted = story.seen[step]["events"]
        return {name: counted[name] for name in states if counted[name]}

    assert events("status saved") == {"pending": 7}
    assert events("status written") == {"on_stick": 7}
    assert events("status back") == {"on_stick": 6, "received": 1}
    assert story.seen["status written"]["oldest_on_stick_at"]
    assert story.seen["status written"]["oldest_pending_at"] is None


def test_second_door_reads_who_comes_and_what_they_ask(story):
    assert story.seen["arrival"]["records"] == 1
    assert story.seen["received"]["display_name"] == "Anémone Zorglubova"
    assert story.seen["received"]["details"]["expressed"] == RECEPTION["expressed"]


def test_first_door_reads_the_answer_with_its_dates(story):
    [line] = story.seen["answered"]
    assert line["status"] == "acceptee"
    assert line["history"][-1]["message"] == "Jeudi à dix heures"
    assert all(step["at"] for step in line["history"])


def test_third_stick_says_that_the_answer_was_received(story):
    assert story.seen["status answered"]["events"]["received"] == 0
    assert story.seen["status third"]["events"]["received"] == 2
    assert story.seen["status third"]["events"]["on_stick"] == 0


def test_stick_read_again_says_that_nothing_is_new(story):
    again = story.seen["again"]
    assert (again["records"], again["bundles"], again["statements"]) == (0, 0, 0)
    said = story.desks["chateauroux"].machine.run(
        *("stick", "read", story.stick, "--workspace", story.desks["chateauroux"].workspace)
    )
    assert said.code == 0
    assert "rien de nouveau" in said.out


def test_nothing_on_the_stick_is_in_clear(story):
    words = spellings("Anémone", "Zorglubova", "vitraillière", "Je voudrais")
    words |= telephone_spellings("0639981234")
    lying = story.seen["lying"]
    assert len(lying) > 5_000
    assert {word for word in words if word in lying or word.lower() in lying.lower()} == set()


def code_of(ended: Ended) -> tuple[int, str]:
    assert ended.error["message"]
    assert "Traceback" not in ended.err
    return ended.code, ended.error["code"]


def test_refusals_have_codes_and_exit_statuses(story, tmp_path):
    blanc = story.desks["blanc"]
    empty, torn = tmp_path / "vide", tmp_path / "dechiree"
    empty.mkdir()
    (torn / "deux-portes" / "0123456789abcdef").mkdir(parents=True)
    (torn / "deux-portes" / "0123456789abcdef" / "manifest.dpm").write_bytes(b"\x82X")
    assert code_of(blanc.run("stick", "read", tmp_path / "absente")) == (7, "stick_absent")
    assert code_of(blanc.run("stick", "write", tmp_path / "absente")) == (7, "stick_absent")
    assert code_of(blanc.run("stick", "read", empty)) == (7, "not_a_stick")
    assert code_of(blanc.run("stick", "read", torn)) == (7, "stick_torn")
    assert blanc.run("stick", "read").code == 2
    assert blanc.run("stick", "read", story.desks["blanc"].workspace / "slots.json").code == 2


def test_damaged_stick_gives_the_rest_and_says_so(story, tmp_path):
    blanc, chateauroux = story.desks["blanc"], story.desks["chateauroux"]
    stick = tmp_path / "cle"
    stick.mkdir()
    blanc.receive(RECEPTION | {"person": RECEPTION["person"] | {"given_name": "Ondine"}})
    blanc.ask("stick", "write", stick)
    for file in stick.rglob("bundles-*.dpb"):
        file.write_bytes(file.read_bytes()[:-9])
    ended = chateauroux.run("stick", "read", stick)
    assert code_of(ended) == (7, "stick_damaged")
    assert json.loads(ended.out)["damaged"] == 1
    blanc.ask("stick", "write", stick)
    assert chateauroux.ask("stick", "read", stick)["records"] == 1
    assert "Ondine Zorglubova" in chateauroux.named("in")
