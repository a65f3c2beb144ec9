"""What is kept, what an import would do, and the button that imports."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.register.page import Options, PlanShown, PreviewShown, RejectedShown, SampleShown
from ui.register.table import PERSON, FittedList, rejected_columns, sample_columns
from ui.theme import scaled
from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.choices import Choice, ChoiceChips
from ui.widgets.flow_layout import wrapped
from ui.widgets.kept_focus import focus_kept_in
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import heading, words
from ui.widgets.section_card import SectionCard

_NAMES, _ABOVE, _UNKNOWN = "names", "date_above", "keeps_unknown"
_SAMPLES, _REJECTED = 6, 8
_YEAR_DIGITS, _YEARS = 4, range(2000, 2100)
_YEAR_PX = 140


class CheckCard(SectionCard):
    """Options, then the preview of an import. Nothing is written before its last button.

    Signals:
        options_changed(object): these are the `Options`.
        preview_wanted(): say what an import would do.
        kept(): import what is shown.
        left(): put the register away.
        grew(): there is more to see in `part`, what an import would do.
    """

    options_changed = Signal(object)
    preview_wanted = Signal()
    kept = Signal()
    left = Signal()
    grew = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("4. Vérifier et importer"))
        named = Choice(code=_NAMES, label=self.tr("Garder les noms"))
        self._names = ChoiceChips(self.tr("Noms des personnes"), [named])
        self._options = ChoiceChips(
            self.tr("Lecture des lignes"),
            [
                Choice(
                    code=_ABOVE, label=self.tr("Sans date, prendre celle de la ligne du dessus")
                ),
                Choice(code=_UNKNOWN, label=self.tr("Garder les mots non compris dans les notes")),
            ],
        )
        self._year = QLineEdit()
        self._labelled_year = LabelledField(
            self.tr("&Année des dates écrites sans année"),
            self._year,
            hint=self.tr("vide s’il n’y en a pas"),
        )
        self._preview = main_button(self.tr("V&oir ce qui serait importé"), "eye")
        self._leave = quiet_button(self.tr("&Ne rien importer"))
        self.part = QWidget()
        self._said_title = heading("", 3)
        self._said = words()
        self._samples_title = words(
            self.tr("Les premiers accueils, comme ils seraient enregistrés"), "strong"
        )
        self._samples: FittedList[SampleShown] = FittedList(
            self.tr("Premiers accueils"), sample_columns(), most=_SAMPLES
        )
        self._rejected_title = words("", "strong")
        self._rejected: FittedList[RejectedShown] = FittedList(
            self.tr("Lignes refusées"), rejected_columns(), most=_REJECTED
        )
        self._keep = main_button(self.tr("I&mporter ces accueils"), "download")
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_options(self, shown: PlanShown) -> None:
        """Show what is kept."""
        options = shown.options
        self._names.set_values((_NAMES,) if options.with_names else ())
        wanted = {_ABOVE: options.date_above, _UNKNOWN: options.keeps_unknown}
        self._options.set_values(code for code, is_on in wanted.items() if is_on)
        if not self._labelled_year.error():
            self._year.setText("" if options.year is None else str(options.year))

    def show_preview(self, shown: PreviewShown | None) -> None:
        """Show what an import would do, or nothing."""
        if shown is None:
            with focus_kept_in(self.part, self.take_focus):
                self.part.hide()
            self._samples.set_rows(())
            self._rejected.set_rows(())
            return
        self._said_title.setText(shown.title)
        self._said.setText("\n".join(shown.sentences))
        self._samples.setColumnHidden(PERSON, not shown.named)
        self._samples.set_rows(shown.samples)
        self._rejected.set_rows(shown.rejected)
        self._rejected_title.setText(shown.rejected_title)
        self._rejected_title.setVisible(bool(shown.rejected))
        self._rejected.setVisible(bool(shown.rejected))
        self._samples_title.setVisible(bool(shown.samples))
        self._samples.setVisible(bool(shown.samples))
        self._keep.setVisible(shown.brings)
        self.part.show()
        announce(self.part, f"{shown.title} {' '.join(shown.sentences)}")
        if shown.brings:
            self._keep.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.take_focus()
        self.grew.emit()

    def go_on(self) -> None:
        """Press the next button: show what would be imported, then import it."""
        shown = self._preview if self._keep.isHidden() or self.part.isHidden() else self._keep
        if shown.isEnabled():
            shown.click()

    def take_focus(self) -> None:
        """Go to what shows the preview."""
        self._preview.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self) -> None:
        options, written = self._options.values(), self._year.text().strip()
        year = int(written) if written.isascii() and written.isdecimal() else None
        is_wrong = bool(written) and year not in _YEARS
        self._labelled_year.set_error(self.tr("Une année depuis 2000.") if is_wrong else "")
        if not is_wrong:
            self.options_changed.emit(
                Options(
                    with_names=bool(self._names.values()),
                    date_above=_ABOVE in options,
                    keeps_unknown=_UNKNOWN in options,
                    year=year,
                )
            )

    def _connect(self) -> None:
        self._names.changed.connect(self._changed)
        self._options.changed.connect(self._changed)
        self._year.editingFinished.connect(self._changed)
        self._preview.clicked.connect(self.preview_wanted)
        self._leave.clicked.connect(self.left)
        self._keep.clicked.connect(self.kept)

    def _name_parts(self) -> None:
        for part, name in (
            (self, "register_check_card"),
            (self._names, "register_names"),
            (self._options, "register_options"),
            (self._year, "register_year"),
            (self._preview, "register_preview"),
            (self._leave, "register_leave"),
            (self._said_title, "register_preview_title"),
            (self._said, "register_preview_said"),
            (self._samples, "register_samples"),
            (self._rejected_title, "register_rejected_title"),
            (self._rejected, "register_rejected"),
            (self._keep, "register_keep"),
        ):
            part.setObjectName(name)
        self._year.setMaxLength(_YEAR_DIGITS)
        self._year.setMaximumWidth(scaled(_YEAR_PX))
        self.part.hide()

    def _lay_out(self) -> None:
        names = self.tr(
            "Sans accord, aucun nom, aucune date de naissance, aucun contact n’est gardé. Ne cochez"
            " que si ces personnes ont accepté que la structure garde leur nom\u202f: un accord"
            " est noté pour chacune. S’il y a une colonne d’accord, seules celles qui ont dit oui"
            " gardent leur nom."
        )
        buttons = wrapped(self._preview, self._leave)
        column = QVBoxLayout(self.part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._said_title)
        column.addWidget(self._said)
        column.addWidget(self._keep, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._samples_title)
        column.addWidget(self._samples)
        column.addWidget(self._rejected_title)
        column.addWidget(self._rejected)
        self.add(LabelledField(self.tr("Noms des personnes"), self._names))
        self.add(words(names, "soft"))
        self.add(LabelledField(self.tr("Lecture des lignes"), self._options))
        self.add(self._labelled_year)
        self.add(buttons)
        self.add(self.part)
