"""A structure that comes back with another key: a person compares the codes, then decides."""

import pytest
from PySide6.QtWidgets import QPushButton

from sync.keys import StructureKey, StructureRoot
from sync.statements import Profile, StructureCertificate, fingerprint, sign_statement
from tests.exchange.desks import new_world, opened_copy
from tests.fakes.dialogs import Answers
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.desk_windows import LAPTOP, Opened, desk_window
from tests.screens.machines_office import Office
from ui import compose_machines
from ui.practice_hand import Album


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    made = new_world(tmp_path_factory.mktemp("quarrels") / "world")
    for name in ("blanc", "chateauroux"):
        made.found(name)
        made.certify(name)
    for _ in range(2):
        for name in ("blanc", "chateauroux"):
            made[name].exchange()
    made.close()
    return made


@pytest.fixture
def world(tmp_path, template):
    with opened_copy(template, tmp_path / "world") as opened:
        yield opened


@pytest.fixture
def root(world):
    """Châteauroux lost everything and its Region certified another root for it."""
    made = StructureRoot.generate()
    certificate = StructureCertificate(
        authority=world.authority.id,
        structure=made.id,
        root_key=made.public,
        name="Châteauroux, de nouveau (exemple)",
        directory=world["chateauroux"].reference,
        from_s=int(world.clock.now().timestamp()),
        until_s=10**10,
    )
    profile = Profile(structure=made.id, generation=1, hpke=StructureKey.generate().public)
    world["blanc"].membership.keep(
        [
            sign_statement(certificate, world.authority.private_key),
            sign_statement(profile, made.private_key),
        ]
    )
    world["blanc"].exchange()
    return made


@pytest.fixture
def blanc(world, root, appearance, settings, qtbot):
    album = Album(world.folder / "album")
    with desk_window(world["blanc"].desk, settings, appearance, size=LAPTOP) as desk:
        office = Office(Opened(desk.window, desk), album, Answers(), qtbot)
        office.settle()
        desk.loop._timer.stop()
        yield office


def kept(world):
    (dispute,) = compose_machines.disputes(world["blanc"].desk)
    return dispute.kept.id


def test_another_key_is_taken_in_two_steps_after_its_code_was_compared(world, root, blanc):
    blanc.go("exchange")
    blanc.settle()
    follow = next(one for one in blanc.shown(QPushButton, "due_follow") if one.text() == "Décider")
    follow.click()
    blanc.settle()
    words = blanc.words()
    assert fingerprint(root.public) in words
    assert fingerprint(world["chateauroux"].membership.root().public) in words
    assert world["chateauroux"].reference not in words
    blanc.click("key_ask")
    assert_every_control_is_named(blanc.window)
    assert_mnemonics_differ(blanc.window)
    assert kept(world) != root.id
    blanc.click("key_confirm")
    assert "L’autre clé vaut désormais sur ce poste" in blanc.said()
    assert kept(world) == root.id
    assert f"Celle qui vaut ici\u202f: {fingerprint(root.public)}" in blanc.words()


def test_the_known_key_is_kept_and_nobody_is_asked_again(world, root, blanc):
    blanc.go("exchange")
    blanc.settle()
    next(one for one in blanc.shown(QPushButton, "due_follow") if one.text() == "Décider").click()
    blanc.settle()
    assert "À décider" in blanc.words()
    blanc.click("key_ask")
    blanc.click("key_keep")
    assert "rien n’attend plus de décision" in blanc.said()
    assert "Décidé sur ce poste" in blanc.words()
    assert kept(world) == world["chateauroux"].membership.root().id
    blanc.go("exchange")
    blanc.settle()
    assert [one for one in blanc.shown(QPushButton, "due_follow") if one.text() == "Décider"] == []
    assert_every_control_is_named(blanc.window)
