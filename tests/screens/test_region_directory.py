"""The Region's directory comes by itself: said once, listed with the imports, undone like them."""

import dataclasses
import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.pack_port import PackHere, PackState
from app.store.pack_shelf import StorePacks
from app.store.sync_port import StoreSyncPort
from app.usecases.directory.imports import directory_imports
from app.usecases.directory.shelf import desk_directory
from sync.ceremony_files import Region
from sync.information_packs import DIRECTORY, make_pack
from sync.keys import AuthorityKey
from sync.membership import Membership
from sync.pack_marks import pack_name
from tests.published_files import both, mission_locale
from tests.screens.desk_windows import LAPTOP, desk_window
from tests.screens.directory_page import plain
from ui.directory.pack_state import pack_badge

MADE_S = 1_795_000_000


@pytest.fixture
def authority(desk):
    """The Region of the desk, which was given its file."""
    key = AuthorityKey.generate()
    file = Region(name="Région (exemple)", authority_key=key.public)
    Membership(StoreSyncPort(desk.workspace), desk.clock).keep_region(file.to_json())
    return key


def arrives(desk, authority, content, at_s=MADE_S):
    """Have a pack come whole, as the exchange leaves it; return what that touches."""
    pack = make_pack(content, kind=DIRECTORY, made_s=at_s, key=authority)
    shelf, name = StorePacks(desk.workspace), pack_name(pack)
    shelf.begin_pack(name=name, kind=DIRECTORY, made_s=at_s, size=len(pack))
    shelf.add_to_pack(name, pack)
    return shelf.settle_pack(name, PackState.ARRIVED)


@pytest.fixture
def opened(desk, authority, settings, appearance):
    with desk_window(desk, settings, appearance, size=LAPTOP) as shown:
        yield shown


def text(opened, name):
    return plain(opened.window.findChild(QLabel, name).text())


def show_imports(opened, qtbot):
    opened.window.show_screen("directory")
    button = opened.window.findChild(QPushButton, "directory_imports_open")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def settled(opened, qtbot):
    qtbot.waitUntil(
        lambda: opened._runner.is_idle() and opened._directory._files().is_idle(), timeout=20_000
    )


def test_it_is_imported_as_it_comes_and_said(opened, desk, authority, qtbot):
    opened._hub.publish(arrives(desk, authority, both(mission_locale())))
    qtbot.waitUntil(opened.window.toast.isVisible, timeout=20_000)
    said = plain(opened.window.toast.findChild(QLabel).text())
    assert "annuaire de la Région, du 18 novembre 2026, est arrivé : 1 fiche nouvelle" in said
    assert desk_directory(desk).by_reference("essai/ml-1")


def test_it_is_in_the_list_of_imports_and_undone_there(opened, desk, authority, qtbot):
    show_imports(opened, qtbot)
    opened._hub.publish(arrives(desk, authority, both(mission_locale())))
    qtbot.waitUntil(lambda: len(directory_imports(desk)) == 1, timeout=20_000)
    settled(opened, qtbot)
    assert text(opened, "region_pack") == (
        "L’annuaire de la Région, du 18 novembre 2026, est sur ce poste."
    )
    ask = opened.window.findChild(QPushButton, "undo_1_ask")
    ask.click()
    opened.window.findChild(QPushButton, "undo_1_confirm").click()
    settled(opened, qtbot)
    assert directory_imports(desk)[0].undone_at_s is not None


def test_one_whose_import_was_cut_short_goes_on_when_the_desk_opens(
    desk, authority, settings, appearance, qtbot
):
    arrives(desk, authority, both(mission_locale()))
    with desk_window(desk, settings, appearance, size=LAPTOP) as shown:
        shown._directory._first_look.start(0)
        qtbot.waitUntil(lambda: len(directory_imports(desk)) == 1, timeout=20_000)


def test_content_that_cannot_be_read_is_said_calmly(opened, desk, authority, qtbot):
    show_imports(opened, qtbot)
    opened._hub.publish(arrives(desk, authority, b"no directory"))
    settled(opened, qtbot)
    assert "n’a pas pu être lu" in text(opened, "region_pack")
    assert directory_imports(desk) == []


def test_nothing_is_said_of_a_region_that_publishes_none(opened, qtbot):
    show_imports(opened, qtbot)
    settled(opened, qtbot)
    assert not opened.window.findChild(QLabel, "region_pack").isVisible()


HERE = PackHere(
    name=b"n" * 32,
    kind=DIRECTORY,
    made_s=MADE_S,
    size=1_000,
    held_bytes=400,
    state=PackState.ARRIVING,
)


def badge(*packs):
    found = pack_badge(packs)
    return plain(found.text) if found else ""


def test_each_state_is_said():
    assert badge() == ""
    assert "arrive : 40 %" in badge(HERE)
    assert "bientôt importé" in badge(dataclasses.replace(HERE, state=PackState.ARRIVED))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("bad_signature", "la Région ne l’a pas signé"),
        ("wrong_identifier", "il est d’une autre Région"),
        ("announced_otherwise", "celui que le relais annonçait"),
        ("malformed", "il est abîmé"),
        ("wrong_name", "il est abîmé"),
    ],
)
def test_why_one_was_refused_is_said(reason, said):
    refused = dataclasses.replace(HERE, state=PackState.REFUSED, reason=reason)
    before = dataclasses.replace(HERE, state=PackState.IMPORTED, name=os.urandom(32))
    assert said in badge(refused, before)
    assert "arrive : 40 %" in badge(refused, HERE)
