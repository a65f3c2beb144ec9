"""A reception that looks for a partner: who may ask, and what is proposed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from tests.builders import SOURCE
from tests.screens.reception_page import HANDED_OVER, a_page
from ui.reception.page_body import EMPTY

FRANCE_TRAVAIL = f"{SOURCE}/{SOURCE}--france-travail-le-blanc"
DROPOUT = {"status": {"family": "scolaire", "code": "decrocheur"}, "age_band": "16_17"}
JOBSEEKER = {"status": {"family": "emploi", "code": "demandeur_emploi"}, "age_band": "26_44"}
TRAINING = {"motives": {"family": "", "codes": ["trouver_formation"]}}
WORK = {"motives": {"family": "", "codes": ["recherche_emploi"]}}
NAMED = {**HANDED_OVER, "to": EMPTY["to"], "agreement": ""}
F3, F7, DIGIT_2, DIGIT_4 = Qt.Key.Key_F3, Qt.Key.Key_F7, Qt.Key.Key_2, Qt.Key.Key_4
CONTROL = Qt.KeyboardModifier.ControlModifier


def shown_page(qtbot, desk, clock, runner=None):
    made = a_page(desk, clock, runner)
    qtbot.addWidget(made.screen)
    qtbot.waitExposed(made.screen)
    made.screen.activateWindow()
    qtbot.waitUntil(made.screen.isActiveWindow)
    return made


def words_in(widget) -> str:
    return " ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def proposed(page):
    """The names proposed, the first choice first."""
    rows = [page.part(QPushButton, f"partner_{place}") for place in (1, 2, 3)]
    return [row.text() for row in rows if row is not None and row.isVisible()]
