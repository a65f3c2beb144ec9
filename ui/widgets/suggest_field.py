"""A line of text with a list of suggestions under it, walked by keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ui.widgets.announcements import announce
from ui.widgets.suggestion_list import Suggestion, SuggestionList


class SuggestField(QWidget):
    """A line that asks for suggestions as one types; who answers calls `show_suggestions`.

    Down and Up walk the list, Enter takes the row, Escape closes it, Tab goes on.

    Signals:
        query_changed(str): the user typed; send suggestions, now or later.
        chosen(object): the value of the suggestion taken; its label is now in the line.
        submitted(str): Enter with no suggestion taken; the text as typed.
    """

    query_changed = Signal(str)
    chosen = Signal(object)
    submitted = Signal(str)

    def __init__(
        self,
        name: str,
        *,
        placeholder: str = "",
        takes_first: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self._takes_first = takes_first
        self._list = SuggestionList(self.line)
        self._name_parts(name, placeholder)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._typed)
        self._list.taken.connect(self._take)

    def text(self) -> str:
        """Return what is written."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Write without a signal, and close the list."""
        self.line.setText(text)
        self.hide_suggestions()

    def show_suggestions(
        self, suggestions: Sequence[Suggestion], *, query: str | None = None
    ) -> None:
        """Show rows under the line; an empty sequence closes the list.

        Args:
            suggestions: in the order of the best first.
            query: the text they answer; when the user typed on meanwhile they are dropped.
        """
        is_late = query is not None and query != self.line.text()
        if is_late or not self.line.hasFocus():
            return
        self._list.show_rows(suggestions, highlights_first=self._takes_first)
        if suggestions:
            announce(self.line, self.tr("%n proposition(s)", "", len(suggestions)))

    def hide_suggestions(self) -> None:
        """Close the list."""
        self._list.hide()

    def suggestions_shown(self) -> tuple[Suggestion, ...]:
        """Return the rows on screen, none when the list is closed."""
        return self._list.rows() if self._list.isVisible() else ()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear the keys of the list before the line does."""
        if watched is self.line:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                # Ctrl+Enter sends the form around it.
                is_held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                return not is_held and self._key_pressed(Qt.Key(event.key()))
            if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
                self.hide_suggestions()
        return super().eventFilter(watched, event)

    def _typed(self, text: str) -> None:
        if not text.strip():
            self.hide_suggestions()
        self.query_changed.emit(text)

    def _key_pressed(self, key: Qt.Key) -> bool:
        """Say whether the key was for the list."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._enter()
        if not self._list.isVisible():
            if key == Qt.Key.Key_Down and self.line.text().strip():
                self.query_changed.emit(self.line.text())
                return True
            return False
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._list.walk(1 if key == Qt.Key.Key_Down else -1)
            announce(self.line, self._list.words_of_current())
            return True
        if key == Qt.Key.Key_Escape:
            self.hide_suggestions()
            return True
        return False

    def _enter(self) -> bool:
        suggestion = self._list.current() if self._list.isVisible() else None
        if suggestion is not None:
            self._take(suggestion)
        else:
            self.hide_suggestions()
            self.submitted.emit(self.line.text())
        return True

    def _take(self, suggestion: Suggestion) -> None:
        self.set_text(suggestion.label)
        self.chosen.emit(suggestion.value)

    def _name_parts(self, name: str, placeholder: str) -> None:
        self.setAccessibleName(name)
        self.line.setObjectName("suggest_line")
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(placeholder)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.line)
