"""Two real desks, through their own windows, exchange by a stick; no relay answers here."""

import threading
from contextlib import ExitStack

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QWidget

from sync.stick.folder import FOLDER, MANIFEST
from tests.exchange.desks import new_world, opened_copy
from tests.exchange.sticks import met
from tests.screens.desk_windows import LAPTOP, Opened, desk_window
from ui.practice_hand import Album, Hand


class Office(Hand):
    """A person before one of the two desks."""

    def settle(self, qtbot):
        """Wait until every answer asked for was shown."""
        desk = self.desk
        qtbot.waitUntil(
            lambda: desk._runner.is_idle() and desk._exchange.runner.is_idle(), timeout=20_000
        )

    def stick(self, wish, qtbot):
        """Write on, or read, the stick that served last, and wait for what is said of it."""
        self.take_focus()
        self.go("exchange")
        self.part(QPushButton, f"stick_{wish}").click()
        qtbot.waitUntil(lambda: bool(self.places()))
        self.press(Qt.Key.Key_1)
        qtbot.waitUntil(lambda: "retirer la clé" in self.result(), timeout=20_000)
        self.settle(qtbot)
        return self.result()

    def places(self):
        found = self.window.findChildren(QPushButton, "stick_place")
        return [button for button in found if button.isVisible()]

    def result(self):
        notice = self.part(QWidget, "stick_result")
        return notice.text().replace("\u00a0", " ").replace("\u202f", " ")

    def figure(self, state):
        labels = self.part(QPushButton, f"tile_{state}").findChildren(QLabel)
        return next(int(label.text()) for label in labels if label.text().isdigit())

    def said(self):
        labels = self.window.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """Le Blanc and Châteauroux, which met by a stick."""
    folder = tmp_path_factory.mktemp("stick-desks")
    made = new_world(folder / "world")
    for name in ("blanc", "chateauroux"):
        made.found(name)
        made.certify(name)
    met(made, folder / "cle")
    made.close()
    return made


@pytest.fixture
def world(tmp_path, template):
    with opened_copy(template, tmp_path / "world") as opened:
        yield opened


@pytest.fixture
def stick(tmp_path):
    made = tmp_path / "CLE"
    made.mkdir()
    return made


@pytest.fixture
def offices(world, appearance, settings, tmp_path, stick):
    settings.setValue("stick/last_folder", str(stick))
    made = {}
    with ExitStack() as windows:
        for name, door in world.doors.items():
            shown = desk_window(door.desk, settings, appearance, size=LAPTOP)
            desk = windows.enter_context(shown)
            made[name] = Office(Opened(desk.window, desk), Album(tmp_path / name))
        yield made


@pytest.fixture(autouse=True)
def no_exchange_by_itself(offices, qtbot):
    """Put away the exchange that the opening of each desk plans."""
    for office in offices.values():
        office.settle(qtbot)
        office.desk.loop._timer.stop()


def test_a_referral_goes_by_stick_and_its_answer_comes_back(world, offices, qtbot):
    blanc, chateauroux = offices["blanc"], offices["chateauroux"]
    world["blanc"].receive(world["chateauroux"])
    pending = world["blanc"].counts().pending

    assert f"Clé écrite : {pending} enregistrements" in blanc.stick("write", qtbot)
    assert blanc.figure("on_stick") == pending
    assert blanc.figure("pending") == 0
    assert "Clé lue : " in chateauroux.stick("read", qtbot)

    chateauroux.go("referrals")
    chateauroux.settle(qtbot)
    assert len(chateauroux.part(QListView, "referral_rows").model().rows()) == 1
    world["chateauroux"].answer("acceptee")
    chateauroux.stick("write", qtbot)
    assert "Clé lue" in blanc.stick("read", qtbot)

    assert world["blanc"].statuses("out") == ["acceptee"]
    referral = world["blanc"].referrals("out")[0].referral
    blanc.desk._open_referral(referral)
    blanc.settle(qtbot)
    assert "Reçu par chateauroux" in blanc.said()


def test_a_stick_waits_while_the_network_exchanges_and_then_goes(world, offices, qtbot, stick):
    blanc = offices["blanc"]
    world["blanc"].receive()
    gate = threading.Event()
    began = []
    blanc.desk._exchange.sticks.began.connect(lambda: began.append("stick"))
    blanc.desk._exchange.runner.run(lambda: gate.wait(20), lambda _done: None, pytest.fail)
    blanc.go("exchange")
    blanc.part(QPushButton, "exchange_now").click()
    blanc.part(QPushButton, "stick_write").click()
    qtbot.waitUntil(lambda: bool(blanc.places()))
    blanc.places()[0].click()
    assert "la clé passera juste après" in blanc.said()
    assert began == []
    blanc.part(QPushButton, "exchange_stop").click()
    gate.set()
    qtbot.waitUntil(lambda: "retirer la clé" in blanc.result(), timeout=20_000)
    assert began == ["stick"]
    assert list(stick.glob(f"{FOLDER}/*/{MANIFEST}"))


def test_a_stick_that_is_no_stick_of_ours_is_refused_in_words(offices, qtbot):
    blanc = offices["blanc"]
    blanc.go("exchange")
    blanc.part(QPushButton, "stick_read").click()
    qtbot.waitUntil(lambda: bool(blanc.places()))
    blanc.places()[0].click()
    qtbot.waitUntil(lambda: "rien de Deux Portes" in blanc.result(), timeout=20_000)
    assert "retirer la clé" not in blanc.result()


def test_writing_again_finds_the_stick_up_to_date_and_changes_no_count(world, offices, qtbot):
    blanc = offices["blanc"]
    world["blanc"].receive(world["chateauroux"])
    blanc.stick("write", qtbot)
    counts = world["blanc"].counts()
    blanc.stick("write", qtbot)
    assert world["blanc"].counts() == counts
