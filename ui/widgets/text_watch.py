"""Watches a field being typed: masks numbers that may not be kept, reminds who may read it."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from app.domain.personal_numbers import MASK, masked_while_typing, personal_numbers
from app.domain.sensitive_words import SensitiveWords
from ui.widgets.announcements import announce
from ui.widgets.labelled_field import LabelledField
from ui.widgets.pause_timer import PauseTimer
from ui.writing_words import NUMBER_MASKED, READ_BY_THE_PERSON

MASKED_NOTE = "masked_note"
READER_NOTE = "reader_note"


class TextWatch(QObject):
    """Stands beside a field of free text, and writes calm notes under it.

    A number is masked as soon as it is complete; one that may go on is masked when the field is
    left. Undo takes back the mask with what was typed, so that no number comes back.

    The reminder about sensitive words comes at a pause in typing. It blocks nothing, and is said
    aloud once until the field is emptied.
    """

    def __init__(
        self,
        labelled: LabelledField,
        field: QLineEdit | QPlainTextEdit,
        words: SensitiveWords | None = None,
    ) -> None:
        """Watch a field.

        Args:
            labelled: the field with its label, under which notes stand; it holds the watch.
            field: where one types, `labelled.field` or inside it.
            words: the words to remind about, None where there is nothing to remind of.
        """
        super().__init__(labelled)
        self._labelled = labelled
        self._field = field
        self._words = words
        self._is_masking = False
        self._was_said = False
        self._steps = 0
        self._pause = PauseTimer(self, self._remind)
        field.textChanged.connect(self._changed)
        field.installEventFilter(self)

    def set_words(self, words: SensitiveWords) -> None:
        """Remind about these words from now on."""
        self._words = words

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaving the field ends what was being typed, before anything else hears of it."""
        if watched is self._field and event.type() == QEvent.Type.FocusOut:
            self._mask(is_typing=False)
            self._pause.flush()
        return super().eventFilter(watched, event)

    def _text(self) -> str:
        field = self._field
        return field.text() if isinstance(field, QLineEdit) else field.toPlainText()

    def _changed(self) -> None:
        if self._is_masking:
            return
        self._mask(is_typing=self._field.hasFocus())
        if MASK not in self._text():
            self._labelled.set_note(MASKED_NOTE, "")
        if self._words is not None:
            self._pause.start()

    def _mask(self, *, is_typing: bool) -> None:
        self._is_masking = True
        field = self._field
        if isinstance(field, QLineEdit):
            is_masked = _mask_line(field, is_typing=is_typing)
        else:
            is_passing = is_typing and self._is_passing(field)
            is_masked = not is_passing and _mask_text(field, is_typing=is_typing)
            self._steps = field.document().availableUndoSteps()
        self._is_masking = False
        if is_masked:
            self._labelled.set_note(MASKED_NOTE, NUMBER_MASKED)
            announce(field, NUMBER_MASKED)

    def _is_passing(self, edit: QPlainTextEdit) -> bool:
        """Say whether undoing or redoing stopped between a number and its mask; it then goes on.

        One turn of the loop later: Qt puts the cursor in place at the end of each step.
        """
        document = edit.document()
        if not document.isRedoAvailable() or not personal_numbers(edit.toPlainText()):
            return False
        is_undoing = document.availableUndoSteps() < self._steps
        if is_undoing and not document.isUndoAvailable():
            return False
        QTimer.singleShot(0, self, edit.undo if is_undoing else edit.redo)
        return True

    def _remind(self) -> None:
        text = self._text()
        is_sensitive = self._words is not None and bool(self._words.find(text))
        self._labelled.set_note(READER_NOTE, READ_BY_THE_PERSON if is_sensitive else "")
        if is_sensitive and not self._was_said:
            announce(self._field, READ_BY_THE_PERSON)
        self._was_said = bool(text.strip()) and (self._was_said or is_sensitive)


def _mask_line(line: QLineEdit, *, is_typing: bool) -> bool:
    """Mask what a line holds. It forgets what could be undone: undoing would bring the number back.

    Whoever hears what is typed hears the text that stands there now.
    """
    text = line.text()
    cursor = _signs_before(text, line.cursorPosition())
    done = masked_while_typing(text, cursor if is_typing else -1)
    if not done.count:
        return False
    was_typed = line.isModified()
    line.setText(done.text)
    line.setCursorPosition(_units(done.text[: done.cursor if is_typing else None]))
    if was_typed:
        line.textEdited.emit(done.text)
    return True


def _mask_text(edit: QPlainTextEdit, *, is_typing: bool) -> bool:
    """Mask what a text holds, as one step that can be undone."""
    text = edit.toPlainText()
    cursor = _signs_before(text, edit.textCursor().position())
    spans = personal_numbers(text, typing_at=cursor if is_typing else None)
    if not spans:
        return False
    pen = QTextCursor(edit.document())
    pen.beginEditBlock()
    for span in reversed(spans):
        pen.setPosition(_units(text[: span.start]))
        pen.setPosition(_units(text[: span.end]), QTextCursor.MoveMode.KeepAnchor)
        pen.insertText(MASK)
    pen.endEditBlock()
    return True


def _units(text: str) -> int:
    """Return how many places Qt counts for a text: signs beyond the first plane take two."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def _signs_before(text: str, place: int) -> int:
    """Return how many signs of a text stand before a place that Qt counts."""
    return len(
        text.encode("utf-16-le", "surrogatepass")[: 2 * place].decode("utf-16-le", "replace")
    )
