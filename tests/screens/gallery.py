"""Draws every widget and frame of the shell, to be looked at by a person.

Usage: python tests/screens/gallery.py FOLDER [theme ...]
"""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.i18n import install_french
from ui.main_window import MainWindow, ScreenSlot
from ui.theme import Appearance, ThemeName, settings_at
from ui.unlock.presenter import AgentCard
from ui.unlock.view import UnlockView
from ui.widgets.buttons import link_button, main_button, quiet_button
from ui.widgets.choices import Choice, ChoiceChips, ChoiceRow
from ui.widgets.date_field import DateField
from ui.widgets.date_text import DateSpan
from ui.widgets.empty_state import EmptyState
from ui.widgets.growing_text import GrowingText
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import heading, words
from ui.widgets.row_list import Column, RowList
from ui.widgets.section_card import SectionCard
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion

SIZES = ((1366, 768), (1024, 700))
TODAY = date(2026, 11, 24)
MODES = [
    Choice(code=str(place), label=label)
    for place, label in enumerate(
        ("Sans rendez-vous", "Sur rendez-vous", "Téléphone", "Visio", "Courriel", "À domicile")
    )
]
MOTIVES = [
    Choice(code=str(place), label=label)
    for place, label in enumerate(
        (
            "Découvrir des métiers",
            "Trouver une formation",
            "Financer une formation",
            "Reconversion",
            "Recherche d’emploi",
            "Création d’entreprise",
            "Savoirs de base",
            "Validation des acquis",
        )
    )
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An invented row."""

    who: str
    what: str
    where: str
    day: date


ROWS = [
    Row(who="K7M4-P2", what="Transmise", where="Mission locale du Blanc (exemple)", day=TODAY),
    Row(who="Aurore Exemple", what="Acceptée", where="CIO exemple", day=date(2026, 11, 12)),
    Row(
        who="Éloi Exemple", what="À transmettre", where="Cap emploi exemple", day=date(2026, 10, 2)
    ),
    Row(who="T3RA-9X", what="Sans réponse", where="Transitions Pro exemple", day=date(2026, 9, 1)),
]


def fields_screen() -> QWidget:
    """A reception as it could look."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(28, 12, 28, 28)
    column.setSpacing(18)
    column.addWidget(heading("Nouvel accueil", 1))
    notice = InlineNotice()
    notice.show_notice(
        NoticeKind.ATTENTION,
        "Ce serait le troisième interlocuteur pour cette demande. Vous pouvez continuer en disant "
        "pourquoi.",
        action="Dire pourquoi",
    )
    column.addWidget(notice)
    column.addWidget(_demand_card())
    column.addWidget(_person_card())
    column.addStretch(1)
    return page


def _demand_card() -> SectionCard:
    card = SectionCard("La demande", trailing=link_button("Copier pour i-Milo", "copy"))
    mode = ChoiceRow("Comment", MODES)
    mode.set_value("1")
    card.add(LabelledField("&Comment", mode))
    expressed = GrowingText("Ce que dit la personne")
    expressed.set_text("Je voudrais changer de métier, peut-être dans le soin.\nJe conduis.")
    field = LabelledField("Ce que &dit la personne", expressed, hint="Avec ses mots")
    card.add(field)
    motives = ChoiceChips("Motifs", MOTIVES, not_said=True)
    motives.set_values(["1", "3"])
    motives_field = LabelledField("&Motifs", motives)
    motives_field.set_missing(True)
    card.add(motives_field)
    return card


def _person_card() -> SectionCard:
    card = SectionCard("La personne")
    born = DateField("Date de naissance", span=DateSpan.of_births(TODAY))
    born.set_text("12/3/78")
    card.add(LabelledField("Date de &naissance", born))
    wrong = DateField("Prochain rendez-vous", span=DateSpan.around(TODAY))
    wrong.set_text("31/2/2027")
    card.add(LabelledField("Prochain &rendez-vous", wrong))
    commune = SuggestField("Commune", placeholder="Nom ou code postal")
    commune.set_text("Le Blnc")
    field = LabelledField("Co&mmune", commune, hint="Nom ou code postal")
    field.set_error("Aucune commune de ce nom. Vouliez-vous dire Le Blanc\u202f?")
    card.add(field)
    row = QHBoxLayout()
    row.addWidget(main_button("Terminer l’accueil", "check"))
    row.addWidget(quiet_button("Imprimer la fiche", "printer"))
    row.addStretch(1)
    card.add_layout(row)
    return card


def list_screen() -> QWidget:
    """A list as it could look."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(28, 12, 28, 28)
    column.setSpacing(14)
    column.addWidget(heading("Mises en relation", 1))
    column.addWidget(
        words("4 demandes attendent une réponse, la plus ancienne depuis 84 jours.", "soft")
    )
    rows: RowList[Row] = RowList(
        "Mises en relation",
        [
            Column(title="Personne", text=lambda row: row.who),
            Column(title="État", text=lambda row: row.what),
            Column(title="Structure", text=lambda row: row.where, stretches=True),
            Column(
                title="Depuis",
                text=lambda row: row.day.strftime("%d/%m/%Y"),
                sort_key=lambda row: row.day,
                right=True,
            ),
        ],
        key=lambda row: row.who,
    )
    rows.set_rows(ROWS)
    rows.select_key("Aurore Exemple")
    column.addWidget(rows, 1)
    for kind in (NoticeKind.INFO, NoticeKind.DONE, NoticeKind.REFUSAL):
        notice = InlineNotice()
        notice.show_notice(kind, "Un message calme, qui dit ce qui s’est passé et quoi faire.")
        column.addWidget(notice)
    return page


def empty_screen() -> QWidget:
    """An empty list as it could look."""
    return EmptyState(
        "handshake",
        "Aucune mise en relation pour l’instant",
        "Elles naissent d’un accueil, quand un autre partenaire est mieux placé pour la suite.",
        "Commencer un accueil",
    )


SLOTS = (
    ScreenSlot(key="today", title="Aujourd’hui", icon="sun", factory=fields_screen),
    ScreenSlot(key="list", title="Mises en relation", icon="handshake", factory=list_screen),
    ScreenSlot(key="persons", title="Personnes", icon="users", factory=empty_screen),
    ScreenSlot(key="exchange", title="Échanges", icon="refresh-cw", factory=empty_screen),
    ScreenSlot(
        key="settings", title="Réglages", icon="settings", factory=empty_screen, at_bottom=True
    ),
)


def desk(settings: QSettings, appearance: Appearance) -> MainWindow:
    """A desk full of invented things."""
    window = MainWindow(
        SLOTS, structure="Le Blanc (exemple)", settings=settings, appearance=appearance
    )
    window.set_status("Hors ligne · 3 à envoyer · dernier échange mardi 10 h 42")
    window.set_count("list", 4)
    window.show_screen("today")
    return window


def unlock() -> UnlockView:
    """The first window with two agents."""
    view = UnlockView(structure="Le Blanc (exemple)")
    view.show_agents(
        [
            AgentCard(slot_id="a", label="Camille (exemple)"),
            AgentCard(slot_id="b", label="Dominique (exemple)"),
        ]
    )
    return view


def shots(
    settings: QSettings, appearance: Appearance
) -> Iterator[tuple[str, QWidget, Callable[[], None]]]:
    """Name, window and what to do before it is drawn."""
    yield from _unlock_shots()
    window = desk(settings, appearance)
    yield "desk_fields", window, lambda: window.show_screen("today").setFocus()
    yield (
        "desk_fields_bottom",
        window,
        lambda: window.stack.currentWidget().verticalScrollBar().setValue(5000),
    )
    yield "desk_list", window, lambda: window.show_screen("list")
    yield "desk_empty", window, lambda: window.show_screen("persons")
    yield "desk_search", window, lambda: _search(window)
    yield "desk_toast", window, lambda: window.offer_undo("Mise en relation annulée", lambda: None)
    yield "desk_keys", window, lambda: (window.keys_overlay.hide_keys(), window.show_keys())


def _unlock_shots() -> Iterator[tuple[str, QWidget, Callable[[], None]]]:
    view = unlock()
    yield "unlock", view, lambda: None
    yield (
        "unlock_refused",
        view,
        lambda: view.show_refusal("Cette phrase de passe n’ouvre pas l’espace.", 12),
    )
    recovery = unlock()
    yield "unlock_recovery", recovery, lambda: recovery.findChild(QWidget, "recovery_link").click()
    nothing = UnlockView()
    yield (
        "unlock_nothing",
        nothing,
        lambda: nothing.show_no_workspace("Aucun espace de travail n’existe encore sur ce poste."),
    )


def _search(window: MainWindow) -> None:
    window.focus_search()
    window.search.line.setText("auror")
    window.show_suggestions(
        [
            Suggestion(
                label="Aurore Exemple", detail="née en 1978 · Le Blanc", value=1, icon="user"
            ),
            Suggestion(
                label="Laurore Exemple", detail="née en 2003 · Argenton", value=2, icon="user"
            ),
            Suggestion(label="Nouvel accueil avec « auror »", value=3, icon="plus"),
        ]
    )


def main(folder: Path, themes: list[str]) -> None:
    """Draw everything into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    install_french(application)
    settings = settings_at(folder / "gallery.ini")
    appearance = Appearance(application, settings)
    for theme in themes:
        name, _, scale = theme.partition("@")
        appearance.set_theme(ThemeName(name))
        appearance.set_scale(int(scale or 100))
        for shot, window, prepare in shots(settings, appearance):
            for width, height in SIZES:
                window.resize(width, height)
                window.show()
                window.activateWindow()
                QTest.qWaitForWindowActive(window)
                prepare()
                QTest.qWait(30)
                path = folder / f"{theme}_{shot}_{width}.png"
                window.grab().save(str(path))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or ["light", "dark"])
