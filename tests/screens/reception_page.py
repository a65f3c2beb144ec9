"""A reception page on a real desk, typed in as an agent does."""

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from app.store.compartments import AGENT, COUNSELLING, RECEPTION
from app.usecases.desk import Desk
from tests.builders import REFERENCE, SECOND_DOOR
from tests.fakes.clock import TickingClock
from tests.fakes.reception_desk import ReceptionDesk
from tests.fakes.runner import DirectRunner
from tests.screens.keyboard import type_text
from ui.reception.page_body import YES
from ui.reception.screen import ReceptionScreen
from ui.reception.view import PageSettings

HANDED_OVER = {
    "expressed": "Je voudrais un métier près d’ici.",
    "open_handover": True,
    "to": {"code": SECOND_DOOR, "text": "Mission locale", "reach": "program"},
    "agreement": YES,
    "open_person": True,
    "notice_given": True,
    "agreement_to_record": YES,
    "family_name": "Aubrun",
    "given_name": "Maëlys",
    "telephone": "06 39 98 00 01",
}
"""A page on which everything is said that a hand-over by the program needs."""


@dataclass(slots=True)
class Said:
    """What the desk was asked to say, the latest last, each with its way back."""

    words: list[str] = field(default_factory=list)
    undo: Any = None

    def offer(self, words: str, undo: Any) -> None:
        self.words.append(words)
        self.undo = undo


@dataclass(slots=True)
class PageAtWork:
    """The page shown, its desk, its clock, and what was said."""

    screen: ReceptionScreen
    back: ReceptionDesk
    clock: TickingClock
    said: Said
    keys: int = 0

    @property
    def desk(self) -> Desk:
        return self.back.desk

    def press(self, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
        """Press keys where the focus is, and count them."""
        for key in keys:
            QTest.keyClick(self.focused(), key, held)
            self.keys += 1

    def write(self, text: str) -> None:
        """Write free text where the focus is; it is what the person says, so it is not counted."""
        type_text(self.focused(), text)
        self.screen.flush()

    def go(self, field_name: str, text: str = "") -> None:
        """Go to a field of the page, and write in it."""
        self.screen.go_to(field_name)
        if text:
            focused = self.focused()
            assert isinstance(focused, QLineEdit | QPlainTextEdit)
            self.write(text)

    def save(self) -> None:
        self.press(Qt.Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)

    def focused(self) -> QWidget:
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused

    def body(self) -> dict[str, Any]:
        return self.screen.body()

    def part(self, kind: type, name: str) -> Any:
        return self.screen.findChild(kind, name)

    def fill(self, **fields: Any) -> None:
        """Put a state on the page as if it had been typed."""
        self.screen.set_body({**self.screen.body(), **fields})
        self.screen.changed.emit()


def a_page(desk: Desk, clock: TickingClock, runner: Any = None) -> PageAtWork:
    """Show the page of an adviser on a desk."""
    said = Said()
    back = ReceptionDesk(desk=desk, now=clock.now)
    settings = PageSettings(
        vocabularies=REFERENCE.vocabularies,
        compartments=(RECEPTION, COUNSELLING, AGENT),
        today=clock.now().date(),
        offer_undo=said.offer,
    )
    screen = ReceptionScreen(back.actions(), runner or DirectRunner(), settings=settings)
    screen.resize(1160, 680)
    screen.show()
    screen.activated()
    return PageAtWork(screen=screen, back=back, clock=clock, said=said)
