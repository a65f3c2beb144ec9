"""The words of lists: what each means, those that nobody knows first, and correcting them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.register.meanings import Meaning
from ui.register.page import WordShown
from ui.register.table import FittedList, word_columns
from ui.widgets.buttons import quiet_button
from ui.widgets.choices import Choice, ChoiceChips
from ui.widgets.flow_layout import wrapped
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import heading, words
from ui.widgets.section_card import SectionCard
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion

_ROWS = 5


class WordsCard(SectionCard):
    """The list, and what is said of the word under the highlight.

    The order is kept while words are corrected, so that nothing jumps.

    Signals:
        codes_wanted(str, str): words of a meaning are being typed for a field.
        codes_chosen(str, str, object): a word of a field means these codes, a tuple.
        one_chosen(): it was the only answer: the list has the focus again.
        grew(): `panel`, what is said of a word, is to be seen whole.
    """

    codes_wanted = Signal(str, str)
    codes_chosen = Signal(str, str, object)
    one_chosen = Signal()
    grew = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("3. Les mots"))
        self._order: list[tuple[str, str]] = []
        self._offered: tuple[str, str] | None = None
        self._about = words("", "soft")
        self.rows: FittedList[WordShown] = FittedList(
            self.tr("Mots du registre"), word_columns(), most=_ROWS, key=lambda row: row.key
        )
        self.panel = QWidget()
        self._title = heading("", 3)
        self._one = SuggestField(
            self.tr("Ce que veut dire le mot"),
            placeholder=self.tr("les premières lettres"),
            takes_first=True,
        )
        self._labelled = LabelledField(self.tr("&Il veut dire"), self._one)
        self._several = ChoiceChips(self.tr("Ce que veut dire le mot"), ())
        self._labelled_several = LabelledField(
            self.tr("Il &veut dire"), self._several, hint=self.tr("plusieurs réponses possibles")
        )
        self._all = quiet_button(self.tr("Tous les &sens"), "chevron-down")
        self._leave = quiet_button(self.tr("&Laisser non compris"), "x")
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_words(self, shown: Sequence[WordShown], about: str, *, is_new: bool) -> None:
        """Show the words; the order of a register already shown is kept."""
        if is_new:
            self._order.clear()
        known = {key: place for place, key in enumerate(self._order)}
        rows = sorted(shown, key=lambda one: known.get(one.key, len(known)))
        self._order = [one.key for one in rows]
        self._about.setText(about)
        self.rows.set_rows(rows)
        self.setVisible(bool(rows))
        self._show_selected()

    def show_meanings(self, query: str, found: Sequence[Meaning]) -> None:
        """Propose meanings."""
        rows = [Suggestion(label=one.label, value=one.code, detail=one.detail) for one in found]
        self._one.show_suggestions(rows, query=query or None)
        wrong = self.tr("Aucun sens de ce nom.") if query.strip() and not found else ""
        self._labelled.set_error(wrong)

    def _show_selected(self) -> None:
        word = self.rows.selected_row()
        self.panel.setVisible(word is not None)
        if word is None:
            return
        self._title.setText(
            self.tr("«\u00a0{0}\u00a0», dans «\u00a0{1}\u00a0»").format(word.text, word.field_label)
        )
        self._labelled.setVisible(not word.takes_several)
        self._labelled_several.setVisible(word.takes_several)
        self._all.setVisible(not word.takes_several and word.field != "commune")
        self._leave.setEnabled(bool(word.codes))
        if word.takes_several:
            self._offer(word)
        else:
            self._one.set_text(word.meaning if word.codes else "")
            self._labelled.set_error("")

    def _offer(self, word: WordShown) -> None:
        if self._offered != word.key:
            self._offered = word.key
            offered = tuple(Choice(code=one.code, label=one.label) for one in word.choices)
            if offered != self._several.choices():
                self._several.set_choices(offered)
        self._several.set_values(word.codes)

    def _open_codes(self) -> None:
        word = self.rows.selected_row()
        if word is None:
            return
        self.grew.emit()
        if word.takes_several:
            self._several.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self._one.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._one.line.selectAll()
        self.codes_wanted.emit(word.field, "")

    def _typed(self, query: str) -> None:
        if (word := self.rows.selected_row()) is not None:
            self.codes_wanted.emit(word.field, query)

    def _choose(self, codes: tuple[str, ...]) -> None:
        word = self.rows.selected_row()
        if word is None:
            return
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        self.one_chosen.emit()
        self.codes_chosen.emit(word.field, word.text, codes)

    def _connect(self) -> None:
        self.rows.selected.connect(self._show_selected)
        self.rows.opened.connect(self._open_codes)
        self._all.clicked.connect(self._open_codes)
        self._one.query_changed.connect(self._typed)
        self._one.chosen.connect(lambda code: self._choose((str(code),)))
        self._several.changed.connect(self._ticked)
        self._leave.clicked.connect(lambda: self._choose(()))

    def _ticked(self) -> None:
        if (word := self.rows.selected_row()) is not None:
            self.codes_chosen.emit(word.field, word.text, self._several.values())

    def _name_parts(self) -> None:
        self.setObjectName("register_words_card")
        self.rows.setObjectName("register_words")
        self._about.setObjectName("register_words_about")
        self._title.setObjectName("register_word")
        self._one.setObjectName("register_meaning")
        self._several.setObjectName("register_meanings")
        self._all.setObjectName("register_all_meanings")
        self._leave.setObjectName("register_not_known")
        self.panel.hide()

    def _lay_out(self) -> None:
        buttons = wrapped(self._all, self._leave)
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._title, self._labelled, self._labelled_several, buttons):
            column.addWidget(part)
        self.add(self._about)
        self.add(self.rows)
        self.add(self.panel)
