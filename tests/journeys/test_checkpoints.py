"""Somebody asks to be erased, and two doors go through a checkpoint by their commands."""

import pytest

from tests.journeys.test_two_doors import somebody

pytestmark = pytest.mark.network


def states(desk) -> dict[str, str]:
    """The state of each checkpoint, by partner; ours under an empty name."""
    return {one["partner"] or "": one["state"] for one in desk.status()["checkpoints"]}


def test_an_erasure_is_followed_by_checkpoints_that_everybody_confirms(region):
    blanc, chateauroux = region.desks["blanc"], region.desks["chateauroux"]
    person = blanc.receive(somebody("Anémone", "Zorglubova", "06 39 98 12 34"))["person_id"]
    kept = blanc.receive(somebody("Camille", "Gardetout", "06 39 98 12 35"))["person_id"]
    for desk in (blanc, chateauroux, blanc):
        desk.exchange()
    assert states(blanc) == {}
    blanc.ask("person", "erase", person, "--yes")
    blanc.exchange()
    assert states(blanc)[""] == "adopted"
    [partner] = states(blanc).keys() - {""}
    [waiting] = [one for one in blanc.status()["checkpoints"] if one["partner"]]
    assert waiting["state"] == "waiting"
    assert [one["structure"] for one in waiting["waiting"]] == [partner]
    assert partner in waiting["sentence"]
    for desk in (chateauroux, blanc, chateauroux, blanc):
        desk.exchange()
    assert states(blanc) == {"": "adopted", partner: "adopted"}
    assert [line["display_name"] for line in chateauroux.referrals("in")] == ["Camille Gardetout"]
    assert blanc.ask("person", "show", kept)


def test_a_checkpoint_is_asked_for_by_hand(region):
    blanc = region.desks["blanc"]
    blanc.receive(somebody("Dominique", "Encore", "06 39 98 12 36"))
    blanc.exchange()
    asked = blanc.ask("exchange", "checkpoint")
    assert all(one["asked"] for one in asked["checkpoints"])
    before = {one["space"]: one["number"] for one in asked["checkpoints"]}
    done = blanc.ask("exchange", "checkpoint", "--now")
    ours = next(one for one in done["checkpoints"] if one["kind"] == "structure")
    assert ours["number"] > before.get(ours["space"], 0)
    assert ours["state"] == "adopted"
    assert not ours["asked"]
