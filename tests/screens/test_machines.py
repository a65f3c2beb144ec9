"""The screen of machines over real desks: who they are, requests, invitations, removal, code."""

from contextlib import ExitStack

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QPdfWriter
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from app.changes import Changes, Topic
from sync.membership import Membership
from tests.exchange.desks import joined, joining, new_world, opened_copy
from tests.fakes.dialogs import Answers
from tests.screens.accessibility import (
    accessible_name,
    assert_every_control_is_named,
    assert_mnemonics_differ,
)
from tests.screens.desk_windows import LAPTOP, Opened, desk_window
from tests.screens.machines_office import Office
from ui import compose_machines, compose_recovery
from ui.compose import text_of
from ui.practice_hand import Album
from ui.qr_codes import squares_of
from ui.widgets.code_groups import CodeGroups
from ui.widgets.qr_picture import QrPicture
from ui.widgets.row_list import RowList


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """Le Blanc, its second machine, and a third that asks to join."""
    made = new_world(tmp_path_factory.mktemp("machines") / "world")
    made.found("blanc")
    made.certify("blanc")
    joined(made, "blanc")
    third, _spoken = joining(made, "blanc", "third")
    for door in (made["blanc"], third, made["blanc"], made["second"]):
        door.exchange()
    made.close()
    return made


@pytest.fixture
def world(tmp_path, template):
    with opened_copy(template, tmp_path / "world") as opened:
        yield opened


@pytest.fixture
def opens(world, appearance, settings, tmp_path, qtbot):
    windows = ExitStack()

    def open_desk(name):
        answers = Answers()
        shown = desk_window(
            world[name].desk, settings, appearance, dialogs=answers.dialogs(), size=LAPTOP
        )
        desk = windows.enter_context(shown)
        office = Office(Opened(desk.window, desk), Album(tmp_path / "album"), answers, qtbot)
        office.settle()
        desk.loop._timer.stop()  # no exchange by itself: the tests say when
        office.go("machines")
        office.settle()
        office.take_focus()
        return office

    with windows:
        yield open_desk


@pytest.fixture
def blanc(opens):
    return opens("blanc")


def code_of(world, name):
    seen = compose_machines.machines(world[name].desk)
    return next(one.machine.code for one in seen if one.machine.is_this_one)


def spoken_by(world, name):
    (request,) = [
        one.spoken
        for one in world["blanc"].membership.waiting()
        if one.machine == world[name].keyring.machine.id
    ]
    return request


@pytest.mark.parametrize("name", ["blanc", "second", "third"])
def test_every_control_is_named_and_its_letters_differ(opens, name):
    office = opens(name)
    for opening in ("invite", "kit_ask", "kit_confirm"):
        if office.shown(QPushButton, opening):
            office.click(opening)
    assert_every_control_is_named(office.window)
    assert_mnemonics_differ(office.window)
    office.window.resize(1024, 700)
    assert office.window.minimumSizeHint().width() <= 1024


def test_machines_are_reached_from_the_settings_and_lead_back(blanc):
    blanc.go("settings")
    blanc.settle()
    blanc.click("open_machines")
    assert blanc.window.current_key() == "machines"
    blanc.press(Qt.Key.Key_Escape)
    assert blanc.window.current_key() == "settings"


def test_machines_are_listed_this_one_first(world, blanc):
    rows = blanc.rows()
    assert [row[0] for row in rows] == [code_of(world, "blanc"), code_of(world, "second")]
    assert rows[0][1] == "Ce poste, clé principale"
    assert rows[1][1] == "Autre poste"
    assert all(row[2].startswith("Actif jusqu’au ") for row in rows)


def test_a_request_shows_its_code_in_large_letters_and_is_admitted(world, blanc, tmp_path):
    spoken = spoken_by(world, "third")
    assert blanc.requests() == [spoken]
    assert QApplication.focusWidget().objectName() == "admit"
    assert accessible_name(QApplication.focusWidget()) == f"Admettre le poste {spoken}"
    blanc.press(Qt.Key.Key_Return)
    blanc.settle()
    assert f"Le poste {spoken} est admis" in blanc.said()
    assert QApplication.focusWidget().objectName() == "save_admission"
    assert blanc.requests() == []
    assert len(blanc.rows()) == 3
    file = tmp_path / "admission.json"
    blanc.answers.then([file])
    blanc.click("save_admission")
    world["third"].membership.take_statements(text_of(file))
    assert world["third"].membership.is_admitted()


def test_only_the_machine_that_holds_the_root_admits_and_the_others_say_which(world, opens):
    second = opens("second")
    assert second.requests() == [spoken_by(world, "third")]
    assert not second.shown(QPushButton, "admit")
    keeper = f"le poste {code_of(world, 'blanc')}, qui garde la clé principale"
    assert f"Admettre un poste se fait sur {keeper}" in second.words()
    assert f"Ce code se fait sur {keeper}" in second.words()
    assert not second.shown(QPushButton, "remove_ask")
    assert not second.shown(QPushButton, "kit_ask")
    assert second.shown(QPushButton, "invite")


def test_a_second_request_with_the_same_invitation_is_shown_as_such(world, opens):
    invitation = world["blanc"].membership.invite().to_json()
    for name in ("fourth", "fifth"):
        door = world.new_door(name)
        door.membership.join(invitation)
        statement = [
            data for data in door.port.statements() if data not in world["blanc"].port.statements()
        ]
        world["blanc"].membership.keep(statement)
    waiting = world["blanc"].membership.waiting()
    first = next(one for one in waiting if one.machine == world["fourth"].keyring.machine.id)
    world["blanc"].membership.admit(first.spoken)
    office = opens("blanc")
    assert len(office.requests()) == 2
    assert office.words().count("Cette invitation a déjà servi") == 1


def test_an_invitation_is_shown_as_a_picture_and_saved_as_a_file(world, blanc, tmp_path):
    blanc.click("invite")
    assert QApplication.focusWidget().objectName() == "save_invitation"
    file, picture = tmp_path / "invitation.json", tmp_path / "invitation.png"
    for chosen in (file, picture):
        blanc.answers.then([chosen])
        blanc.click("save_invitation")
        assert f"Invitation enregistrée\u202f: {chosen.name}" in blanc.said()
    shown = blanc.part(QrPicture, "invitation_picture")
    assert shown.squares() == squares_of(text_of(file))
    _, request = world.new_door("new").membership.join(text_of(picture))
    world["blanc"].membership.take_request(request.to_json())
    assert request.spoken in [one.spoken for one in world["blanc"].membership.waiting()]


def test_nothing_is_written_when_no_file_is_chosen(blanc, tmp_path):
    blanc.click("invite")
    before = set(tmp_path.iterdir())
    blanc.click("save_invitation")
    assert blanc.answers.asked == ["Enregistrer l’invitation"]
    assert set(tmp_path.iterdir()) == before


def test_a_machine_is_removed_in_two_steps(world, blanc):
    second = code_of(world, "second")
    blanc.choose(second)
    blanc.click("remove_ask")
    assert QApplication.focusWidget().objectName() == "remove_keep"
    assert "Les clés de la structure sont changées" in blanc.words()
    assert len([row for row in blanc.rows() if row[2] == "Retiré"]) == 0
    blanc.click("remove_confirm")
    assert f"Le poste {second} est retiré" in blanc.said()
    assert [row[0] for row in blanc.rows() if row[2] == "Retiré"] == [second]
    assert world["blanc"].registry.is_revoked(world["second"].keyring.machine.id)


def test_enter_on_a_machine_goes_to_what_may_be_done_of_it(world, blanc):
    blanc.choose(code_of(world, "second"))
    blanc.part(RowList, "machine_rows").setFocus()
    blanc.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget().objectName() == "remove_ask"


def test_this_machine_does_not_remove_itself(world, blanc):
    blanc.choose(code_of(world, "blanc"))
    assert not blanc.shown(QPushButton, "remove_ask")
    assert "Un poste ne se retire pas lui-même" in blanc.words()


def test_a_machine_that_was_removed_says_so_and_offers_nothing(world, opens):
    compose_machines.remove_machine(world["blanc"].desk, code_of(world, "second"))
    world["second"].membership.keep(world["blanc"].port.statements())
    second = opens("second")
    assert "Ce poste a été retiré de la structure" in second.words()
    assert len(second.rows()) == 2
    for name in ("invite", "admit", "kit_ask", "remove_ask"):
        assert not second.shown(QPushButton, name)


def test_what_comes_takes_no_focus_from_who_types_elsewhere(world, opens, qtbot):
    third = opens("third")
    world["blanc"].membership.admit(spoken_by(world, "third"))
    world["blanc"].exchange()
    search = third.part(QLineEdit, "search_line")
    search.setFocus()
    world["third"].exchange()
    third.desk._hub.publish(Changes(topics=frozenset({Topic.EXCHANGE})))
    qtbot.waitUntil(lambda: len(third.rows()) == 3)
    assert search.hasFocus()


def test_late_work_of_a_removed_machine_waits_and_is_accepted(world, opens):
    world["second"].receive()
    world["blanc"].exchange()
    compose_machines.remove_machine(world["blanc"].desk, code_of(world, "second"))
    world["second"].exchange()
    for name in ("blanc", "blanc"):
        world[name].exchange()
    assert set(world["blanc"].reasons()) == {"revoked"}
    office = opens("blanc")
    office.choose(code_of(world, "second"))
    office.click("late_ask")
    assert_mnemonics_differ(office.window)
    office.click("late_confirm")
    assert "accepté" in office.said()
    world["blanc"].exchange()
    assert world["blanc"].reasons() == []


def test_a_code_is_shown_once_in_groups_of_four_and_recovers_the_structure(world, blanc, tmp_path):
    assert "Il n’y en a pas encore" in blanc.words()
    blanc.click("kit_ask")
    assert "Qui trouve ce papier est la structure" in blanc.words()
    blanc.click("kit_confirm")
    groups = blanc.part(CodeGroups, "kit_code").groups()
    assert [len(group) for group in groups] == [4] * 7
    assert "Qui trouve ce papier est la structure" in blanc.words()
    blanc.click("kit_noted")
    assert blanc.part(CodeGroups, "kit_code").groups() == ()
    assert "".join(groups[:1]) not in blanc.words()
    assert "Code de reprise" in [row[1] for row in blanc.rows()]
    region, statements = tmp_path / "region.json", tmp_path / "statements.json"
    region.write_text(world.region.to_json(), "utf-8")
    compose_machines.write_statements(world["blanc"].desk, statements)
    lost = compose_recovery.open_lost_structure(region, " ".join(groups), statements)
    assert lost.structure_name == "blanc"


@pytest.mark.parametrize("width", [1024, 1366])
def test_every_group_of_a_code_is_seen_whole(blanc, qtbot, width):
    blanc.window.resize(width, 768)
    blanc.click("kit_ask")
    blanc.click("kit_confirm")
    labels = blanc.part(CodeGroups, "kit_code").findChildren(QLabel)
    assert len(labels) == 7
    qtbot.waitUntil(
        lambda: all(label.visibleRegion().boundingRect() == label.rect() for label in labels)
    )


def test_a_code_is_printed_and_saved_only_where_one_asks(blanc, tmp_path):
    blanc.click("kit_ask")
    blanc.click("kit_confirm")
    before = set(tmp_path.rglob("*"))
    blanc.click("kit_print")  # no printer was chosen
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    blanc.answers.printers = [QPdfWriter(buffer)]
    blanc.click("kit_print")
    assert buffer.data().startsWith(b"%PDF")
    assert not [new for new in set(tmp_path.rglob("*")) - before if new.suffix == ".pdf"]
    page = tmp_path / "page"
    blanc.answers.then([page])
    blanc.click("kit_pdf")
    assert page.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    assert "supprimez ce fichier" in blanc.said()


def test_a_disk_that_refuses_is_said_calmly(blanc, tmp_path):
    blanc.click("invite")
    blanc.answers.then([tmp_path / "absent" / "invitation.png"])
    blanc.click("save_invitation")
    assert "Le disque refuse" in blanc.said()


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "C’est une invitation"), ("{}", "Ce fichier ne peut pas être accepté")],
)
def test_any_file_is_opened_by_what_it_says_it_is(world, blanc, tmp_path, content, said):
    file = tmp_path / "recu.json"
    file.write_text(content or world["blanc"].membership.invite().to_json(), "utf-8")
    blanc.answers.then([file])
    blanc.click("open_file")
    assert said in blanc.said()


def test_a_region_file_is_taken(world, blanc, tmp_path):
    file = tmp_path / "region.json"
    file.write_text(world.region.to_json(), "utf-8")
    blanc.answers.then([file])
    blanc.click("open_file")
    assert blanc.said() == "L’adresse du relais de la Région est prise."


def test_a_request_whose_invitation_is_unknown_here_is_kept_and_said(world, blanc, tmp_path):
    invitation = world["second"].membership.invite().to_json()
    _, request = world.new_door("new").membership.join(invitation)
    file = tmp_path / "demande.json"
    file.write_text(request.to_json(), "utf-8")
    blanc.answers.then([file])
    blanc.click("open_file")
    assert "son invitation n’est pas encore connue ici" in blanc.said()
    world["second"].exchange()
    world["blanc"].exchange()
    blanc.go("machines")
    blanc.settle()
    assert request.spoken in blanc.requests()


def test_a_machine_that_waits_shows_its_code_and_its_request(world, opens, tmp_path):
    third = opens("third")
    assert "-".join(third.part(CodeGroups, "own_code").groups()) == spoken_by(world, "third")
    file = tmp_path / "demande.json"
    third.answers.then([file])
    third.click("save_request")
    assert third.part(QrPicture, "request_picture").squares() == squares_of(text_of(file))
    assert not third.shown(QWidget, "machines_card")
    assert not third.shown(QWidget, "invite_card")


def test_a_structure_that_no_region_certified_asks_it_first(world, opens, tmp_path):
    world.found("argenton")
    office = opens("argenton")
    assert "La Région n’a pas encore reconnu cette structure" in office.words()
    assert not office.shown(QPushButton, "invite")
    file = tmp_path / "structure.json"
    office.answers.then([file])
    office.click("save_structure_request")
    assert "Envoyez-la à la Région" in office.said()
    certificate = tmp_path / "certificat.json"
    asked = Membership(world["argenton"].port, world.clock).request(
        name="argenton", directory=world["argenton"].reference
    )
    certificate.write_text(world.certificate(asked).to_json(), "utf-8")
    office.answers.then([certificate])
    office.click("open_file")
    assert "La Région a reconnu la structure" in office.said()
    assert office.shown(QPushButton, "invite")


def test_what_is_due_leads_to_the_page_that_serves(blanc):
    blanc.go("exchange")
    blanc.settle()
    (follow,) = blanc.shown(QPushButton, "due_follow")
    assert "deux-portes" not in blanc.words()
    follow.setFocus()
    blanc.press(Qt.Key.Key_Return)
    blanc.settle()
    assert blanc.window.current_key() == "machines"
    assert QApplication.focusWidget().objectName() == "kit_ask"
