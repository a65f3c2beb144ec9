"""French: Qt's own words, and the plurals of ours."""

import ast
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

from resources import resource_path

UI = Path(__file__).parents[2] / "ui"


def counted_texts():
    """Find each `self.tr("%n ...")` with the class it is written in."""
    for path in UI.rglob("*.py"):
        for owner in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(owner, ast.ClassDef):
                for node in ast.walk(owner):
                    if isinstance(node, ast.Constant) and "%n" in str(node.value):
                        yield owner.name, node.value


def test_every_count_has_a_singular_and_a_plural():
    counted = list(counted_texts())
    assert counted
    for context, text in counted:
        one = QCoreApplication.translate(context, text, None, 1)
        many = QCoreApplication.translate(context, text, None, 2)
        assert "(s)" not in one + many, f"{context}: {text!r} lacks its plural forms"
        assert one.replace("1", "2") != many, f"{context}: {text!r} lacks its plural forms"


def test_zero_is_singular_as_in_french():
    text = QCoreApplication.translate("SuggestField", "%n proposition(s)", None, 0)
    assert text == "0 proposition"


def test_the_words_of_qt_are_french():
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Annuler"
    assert QLocale().language() is QLocale.Language.French


def test_the_licences_travel_with_icons_and_font():
    assert "ISC License" in resource_path("icons", "LICENSE-lucide.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in resource_path("fonts", "LICENSE-OFL.txt").read_text("utf-8")
