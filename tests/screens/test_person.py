"""The screen of persons: found as one types, read whole, erased in two steps."""

import dataclasses
import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from app.changes import Changes, Topic
from app.domain.errors import UnknownRecordError
from app.store.compartments import COUNSELLING
from app.store.stick_port import StoreStickPort
from app.usecases import persons
from app.usecases.record_states import record_states
from app.usecases.rights import erase_as_asked
from tests.builders import (
    REFERENCE,
    SECOND_DOOR,
    a_desk,
    a_person,
    a_referral,
    an_opened,
    handed_over,
    person_of,
    received,
)
from tests.fakes.courier import acknowledged, carry, sealed_by
from tests.fakes.runner import DirectRunner, StepRunner
from tests.screens.accessibility import assert_every_control_is_named
from ui.desk_actions import DeskActions
from ui.person.page import Words, birth_words
from ui.person.presenter import PersonActions, PersonPresenter
from ui.person.rights_presenter import RightsPresenter
from ui.person.view import PersonView
from ui.widgets.inline_notice import InlineNotice
from ui.widgets.row_list import RowList

WORDS = Words(
    label=REFERENCE.vocabularies.label,
    commune_name=lambda code: REFERENCE.communes.by_code(code).name,
    structure_name=lambda name: REFERENCE.directory.by_reference(name).display_name,
    today=lambda: dt.date(2026, 11, 24),
)


class Screen:
    """A screen over a real desk, with what it told others."""

    def __init__(self, desk, put, runner=None):
        self.view = put(PersonView())
        self.published = []
        self.said = []
        actions = PersonActions(
            search=lambda text: persons.find_persons(desk, text),
            open=lambda person: persons.open_person(desk, person),
            disputes=lambda person: persons.disputes_of_person(desk, person),
            states=lambda records: record_states(desk, records),
            erase=lambda person: persons.erase_person(desk, person),
            erase_as_asked=lambda person: erase_as_asked(desk, person),
            publish=self.published.append,
            words=WORDS,
        )
        self.presenter = PersonPresenter(self.view, actions, runner or DirectRunner())
        self.view.attach(self.presenter)
        rights = DeskActions(desk, self.published.append).rights()
        self.rights = RightsPresenter(self.view.rights, rights, runner or DirectRunner())
        self.view.attach_rights(self.rights)
        self.view.said.connect(self.said.append)

    def type(self, text):
        self.view.findChild(QLineEdit, "person_search").setText(text)

    def rows(self):
        rows = self.view.findChild(RowList, "person_rows")
        if not rows.isVisibleTo(self.view):
            return []
        model = rows.model()
        return [
            [model.index(row, column).data() for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]

    def button(self, name):
        return self.view.findChild(QPushButton, name)

    def words(self):
        shown = [label.text() for label in self.view.findChildren(QLabel) if _is_shown(label, self)]
        return "\n".join(shown)


def _is_shown(label, screen):
    return label.isVisibleTo(screen.view)


@pytest.fixture
def screen(desk, put):
    return Screen(desk, put)


def test_a_row_says_name_birth_commune_telephone_and_code(desk, screen):
    received(desk)
    screen.type("aubrum")
    (row,) = screen.rows()
    assert row[:3] == ["Maëlys Aubrun", "14/02/2008", "Le Blanc"]
    assert row[3].replace("\u00a0", " ") == "06 39 98 00 01"
    assert len(row[4]) == 6


def test_an_answer_to_an_older_text_is_dropped(desk, put):
    received(desk)
    runner = StepRunner()
    screen = Screen(desk, put, runner)
    screen.type("aub")
    screen.type("personne de ce nom")
    runner.step()
    assert screen.rows() == []
    runner.run_all()
    assert "Personne ne répond à «\u00a0personne de ce nom\u00a0»" in screen.words()


def test_homonyms_are_marked_and_counted(desk, screen):
    received(desk)
    received(desk, person=a_person(birth_on="1990-01-02"))
    screen.type("maelys aubrun")
    assert [row[0] for row in screen.rows()] == ["Maëlys Aubrun · homonyme"] * 2
    assert "2\u00a0personnes, dont 2\u00a0homonymes" in screen.words()


def test_nobody_found_offers_a_reception_with_what_was_typed(desk, screen, qtbot):
    screen.type("Nouvelle Personne")
    with qtbot.waitSignal(screen.view.reception_wanted) as wanted:
        screen.button("empty_action").click()
    assert wanted.args == ["Nouvelle Personne"]


def test_enter_opens_the_only_person_found(desk, screen):
    received(desk)
    screen.type("aubrun")
    QTest.keyClick(screen.view.findChild(QLineEdit, "person_search"), Qt.Key.Key_Return)
    assert screen.view.findChild(QLabel, "person_name").text() == "Maëlys Aubrun"


def test_enter_among_several_goes_to_the_list_and_opens_nobody(desk, screen, page):
    received(desk)
    received(desk, person=a_person(birth_on="1990-01-02"))
    screen.type("aubrun")
    QTest.keyClick(screen.view.findChild(QLineEdit, "person_search"), Qt.Key.Key_Return)
    assert page.focusWidget() is screen.view.findChild(RowList, "person_rows")


def test_the_file_says_what_was_asked_and_found_and_by_whom(desk, screen):
    made = received(
        desk,
        expressed="Je veux être soudeuse.",
        analysed="A déjà visité un atelier.",
        needs=("bilan_competences",),
        outcome="conseil_donne",
        mode="sans_rdv",
    )
    screen.view.open_person(person_of(made))
    words = screen.words()
    for said in (
        "Première porte · sans rendez-vous",
        "«\u00a0Je veux être soudeuse.\u00a0»",
        "Demande reformulée\u202f: A déjà visité un atelier.",
        "Suite\u202f: Conseil donné",
        "14\u00a0février\u00a02008 (18\u00a0ans)",
        "Alix Exemple",
    ):
        assert said in words
    assert "bilan_competences" not in words


def test_what_the_person_refused_is_shown_as_kept_here(desk, screen):
    made = handed_over(desk, referral=a_referral(agreement=False))
    screen.view.open_person(person_of(made))
    assert "Gardé sur ce poste" in screen.words()
    assert "Accord refusé pour transmettre son dossier" in screen.words()


def test_agreements_name_their_recipient(desk, screen):
    made = handed_over(desk)
    screen.view.open_person(person_of(made))
    name = REFERENCE.directory.by_reference(SECOND_DOOR).display_name
    assert "Accord donné pour transmettre son dossier\n" in screen.words()
    assert name in screen.words()


def test_a_readable_note_is_shown(desk, screen):
    made = received(desk, counselling_note="Craint le retour à l’école.")
    screen.view.open_person(person_of(made))
    assert "Note de conseil\u202f: Craint le retour à l’école." in screen.words()


def test_a_note_of_others_is_only_said_to_be_there(tmp_path, put):
    opened = an_opened()
    adviser = a_desk(tmp_path / "desk", opened=opened)
    made = received(adviser, counselling_note="Craint le retour à l’école.")
    adviser.workspace.close()
    held = {name: keys for name, keys in opened.compartments.items() if name != COUNSELLING}
    other = a_desk(tmp_path / "desk", opened=dataclasses.replace(opened, compartments=held))
    screen = Screen(other, put)
    screen.view.open_person(person_of(made))
    assert "Note réservée" in screen.words()
    assert "Craint" not in screen.words()
    other.workspace.close()


def test_a_disputed_field_shows_both_values(tmp_path, put):
    one, other = a_desk(tmp_path / "one"), a_desk(tmp_path / "other")
    made = received(one)
    carry(one, other)
    known = person_of(made)
    received(one, person=a_person(known=known, telephone="0639980002"))
    received(other, person=a_person(known=known, telephone="0639980003"))
    carry(other, one)
    screen = Screen(one, put)
    screen.view.open_person(known)
    words = screen.words().replace("\u00a0", " ")
    assert "06 39 98 00 02 (" in words
    assert "06 39 98 00 03 (" in words
    one.workspace.close()
    other.workspace.close()


def test_referrals_show_their_history_and_open(desk, screen, qtbot):
    made = handed_over(desk)
    screen.view.open_person(person_of(made))
    assert "À transmettre" in screen.words()
    with qtbot.waitSignal(screen.view.referral_wanted) as wanted:
        screen.button("open_referral").click()
    assert wanted.args == [made.referral]


def test_erasing_takes_two_steps(desk, screen):
    made = received(desk)
    screen.view.open_person(person_of(made))
    assert not screen.button("erase_confirm").isVisibleTo(screen.view)
    screen.button("erase_ask").click()
    assert "garde ce qu’elle a écrit elle-même" in screen.words()
    assert persons.open_person(desk, person_of(made))
    screen.button("erase_confirm").click()
    with pytest.raises(UnknownRecordError):
        persons.open_person(desk, person_of(made))


def test_an_erased_person_leaves_the_screen_and_others_are_told(desk, screen):
    made = received(desk)
    screen.type("aubrun")
    screen.view.open_person(person_of(made))
    screen.button("erase_ask").click()
    screen.button("erase_confirm").click()
    assert screen.rows() == []
    assert screen.published
    assert "Maëlys Aubrun" in screen.said[-1]


def test_a_change_of_mind_keeps_the_file(desk, screen):
    made = received(desk)
    screen.view.open_person(person_of(made))
    screen.button("erase_ask").click()
    screen.button("erase_keep").click()
    assert not screen.button("erase_confirm").isVisibleTo(screen.view)
    assert persons.open_person(desk, person_of(made))


def test_a_file_erased_meanwhile_gives_way_to_the_list(desk, screen):
    made = received(desk)
    screen.view.open_person(person_of(made))
    changes = persons.erase_person(desk, person_of(made))
    screen.presenter.changed(changes)
    assert screen.view.findChild(QLineEdit, "person_search").isVisibleTo(screen.view)
    assert screen.view.findChild(InlineNotice).text()


def test_a_file_is_read_again_when_it_moved(desk, screen):
    made = received(desk)
    screen.view.open_person(person_of(made))
    again = received(desk, expressed="Une autre demande.", person=a_person(known=made.person))
    screen.presenter.changed(again.changes)
    assert "Une autre demande." in screen.words()


def test_the_short_code_is_copied(desk, screen):
    made = received(desk)
    screen.view.open_person(person_of(made))
    screen.view.findChild(QLabel, "person_code")
    screen.view.findChildren(object, "copy_code")[0].click()
    code = screen.view.findChild(QLabel, "person_code").text()
    assert QGuiApplication.clipboard().text() == code
    assert screen.said == [f"Code {code} copié"]


def test_a_new_reception_is_wished_for_this_person(desk, screen, qtbot):
    made = received(desk)
    screen.view.open_person(person_of(made))
    with qtbot.waitSignal(screen.view.receive_again) as wanted:
        screen.button("receive_again").click()
    assert wanted.args == [made.person]


def test_escape_goes_back_to_the_list(desk, screen, page, qtbot):
    made = received(desk)
    screen.type("aubrun")
    screen.view.open_person(person_of(made))
    with qtbot.waitActive(page):
        page.activateWindow()
    QTest.keyClick(screen.button("receive_again"), Qt.Key.Key_Escape)
    assert screen.rows()


def test_every_control_is_named_in_the_list_and_in_the_file(desk, screen):
    assert_every_control_is_named(screen.view)
    made = handed_over(desk)
    screen.view.open_person(person_of(made))
    screen.button("erase_ask").click()
    assert_every_control_is_named(screen.view)


@pytest.mark.parametrize(
    ("today", "age"), [(dt.date(2026, 2, 13), "17\u00a0ans"), (dt.date(2026, 2, 14), "18\u00a0ans")]
)
def test_an_age_is_counted_on_the_day(today, age):
    assert age in birth_words("2008-02-14", today)


def test_a_file_says_how_far_each_of_its_records_has_got(desk, screen):
    made = handed_over(desk)
    screen.presenter.open(person_of(made))
    assert screen.words().count("Enregistré ici · à envoyer") == 2  # the meeting, who they are
    bundles = sealed_by(desk)
    StoreStickPort(desk.workspace).mark_on_stick([pulled.bundle.name for pulled in bundles])
    screen.presenter.changed(Changes(topics=frozenset({Topic.EXCHANGE})))
    assert screen.words().count("Remis sur clé") == 3  # and the referral
    acknowledged(desk, bundles)
    screen.presenter.changed(Changes(topics=frozenset({Topic.EXCHANGE})))
    assert screen.words().count("Reçu par le relais") == 3


def test_an_exchange_that_moves_nothing_of_a_file_leaves_it_as_it_is(desk, screen):
    made = received(desk)
    screen.presenter.open(person_of(made))
    screen.button("erase_ask").click()
    shown = screen.words()
    screen.presenter.changed(Changes(topics=frozenset({Topic.EXCHANGE, Topic.PERSONS})))
    assert screen.words() == shown
