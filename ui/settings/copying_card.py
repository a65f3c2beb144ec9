"""« Copier pour… » in the settings: the template that F9 fills, and writing one's own."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from ui.settings.copying_presenter import TemplateShown, TemplateTyped
from ui.widgets.buttons import link_button, quiet_button
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.flow_layout import wrapped
from ui.widgets.growing_text import GrowingText
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import words
from ui.widgets.opening_form import OpeningForm
from ui.widgets.section_card import SectionCard
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion
from ui.widgets.text_watch import TextWatch


class TemplateForm(OpeningForm):
    """A template being written: its name, its text, fields to put in, and what it would give.

    Signals:
        typed(str): the text, as it stands.
        field_wanted(str): words of a field are being typed.
    """

    typed = Signal(str)
    field_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            "template",
            opens=self.tr("Écrire un &modèle…"),
            sends=self.tr("Garder ce modèle"),
            icon="plus",
        )
        self._code = ""
        self._name = self.first = QLineEdit()
        self._text = GrowingText(self.tr("Texte du modèle"), lines=6, most_lines=16)
        self._field = SuggestField(
            self.tr("Mettre un champ"),
            placeholder=self.tr("motifs, date, commune…"),
            takes_first=True,
        )
        self._example = words("", "soft")
        self._name_parts_of_template()
        self._lay_fields()
        self._text.textChanged.connect(lambda: self.typed.emit(self._text.text()))
        self._field.query_changed.connect(self.field_wanted)
        self._field.chosen.connect(self._put_in)

    def fill(self, shown: TemplateShown | None) -> None:
        """Write a template to change, or nothing for a new one."""
        self._code = shown.code if shown else ""
        self._name.setText(shown.label if shown else "")
        self._text.set_text(shown.text if shown else "")
        self._field.set_text("")
        self.show_problem("")
        self.typed.emit(self._text.text())

    def content(self) -> TemplateTyped:
        """Return what is written."""
        return TemplateTyped(code=self._code, label=self._name.text(), text=self._text.text())

    def show_example(self, text: str) -> None:
        """Show what the text would give."""
        self._example.setText(text or self.tr("Rien encore."))

    def show_fields(self, query: str, found: Sequence[tuple[str, str]]) -> None:
        """Propose fields by their words."""
        rows = [Suggestion(label=label, value=name, detail=f"{{{name}}}") for name, label in found]
        self._field.show_suggestions(rows, query=query)

    def _put_in(self, name: object) -> None:
        self._field.set_text("")
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._text.insertPlainText(f"{{{name}}}")

    def _name_parts_of_template(self) -> None:
        self._name.setObjectName("template_name")
        self._text.setObjectName("template_text")
        self._field.setObjectName("template_field")
        self._example.setObjectName("template_example")

    def _lay_fields(self) -> None:
        name = LabelledField(self.tr("Nom du modèle"), self._name)
        text = LabelledField(
            self.tr("Texte"),
            self._text,
            hint=self.tr("une ligne, ou ce qui est [entre crochets], part avec ses champs vides"),
        )
        TextWatch(name, self._name)
        TextWatch(text, self._text)
        for field in (
            name,
            text,
            LabelledField(self.tr("Mettre un champ"), self._field),
            LabelledField(self.tr("Ce que cela donne"), self._example),
        ):
            self.fields.addWidget(field)


class CopyingCard(SectionCard):
    """The screen of `CopyingPresenter`.

    Signals:
        chosen(str): have F9 fill the template of this code.
        typed(str): the text of the form, as it stands.
        field_wanted(str): words of a field are being typed.
        kept(object): keep this `TemplateTyped`.
        forgotten(): forget the template shown.
        done(str, object): what was just done, and how to undo it or None.
        grew(): there is more to see.
    """

    chosen = Signal(str)
    typed = Signal(str)
    field_wanted = Signal(str)
    kept = Signal(object)
    forgotten = Signal()
    done = Signal(str, object)
    grew = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Copier pour un autre logiciel"))
        self._shown: TemplateShown | None = None
        self._row = ChoiceRow(self.tr("Modèle que F9 remplit"), ())
        self._example = words("", "soft")
        self._change = quiet_button(self.tr("Changer ce modèle…"), "pencil")
        self._forget = link_button(self.tr("Oublier ce modèle"))
        self._notice = InlineNotice()
        self.form = TemplateForm()
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_templates(self, choices: Sequence[tuple[str, str]], shown: TemplateShown) -> None:
        """See `CopyingScreen.show_templates`."""
        self._shown = shown
        self._notice.hide_notice()
        self._row.set_choices([Choice(code=code, label=label) for code, label in choices])
        self._row.set_value(shown.code)
        self._example.setText(shown.example)
        self._forget.setVisible(shown.is_own)

    def show_example(self, text: str) -> None:
        """See `CopyingScreen.show_example`."""
        self.form.show_example(text)

    def show_fields(self, query: str, found: Sequence[tuple[str, str]]) -> None:
        """See `CopyingScreen.show_fields`."""
        self.form.show_fields(query, found)

    def show_refusal(self, sentence: str) -> None:
        """See `CopyingScreen.show_refusal`."""
        if self.form.is_open():
            self.form.show_problem(sentence)
        else:
            self._notice.show_notice(NoticeKind.ATTENTION, sentence)

    def form_taken(self) -> None:
        """See `CopyingScreen.form_taken`."""
        self.form.close_form()
        self.form.fill(None)

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """See `CopyingScreen.say`."""
        self.done.emit(text, undo)

    def _open_to_change(self) -> None:
        self.form.fill(self._shown)
        self.form.open_form()

    def _connect(self) -> None:
        self._row.chosen.connect(self.chosen)
        self._change.clicked.connect(self._open_to_change)
        self._forget.clicked.connect(self.forgotten)
        self.form.typed.connect(self.typed)
        self.form.field_wanted.connect(self.field_wanted)
        self.form.submitted.connect(lambda: self.kept.emit(self.form.content()))
        self.form.opened.connect(self.grew)

    def _name_parts(self) -> None:
        self.setObjectName("copying_card")
        self._row.setObjectName("copying_template")
        self._example.setObjectName("copying_example")
        self._change.setObjectName("template_change")
        self._forget.setObjectName("template_forget")
        self._notice.setObjectName("copying_notice")
        self._forget.hide()

    def _lay_out(self) -> None:
        about = self.tr(
            "F9 met le dernier accueil dans le presse-papiers, pendant une minute. Rien de ce que"
            " la loi dit sensible n’y va."
        )
        buttons = wrapped(self._change, self._forget)
        self.add(words(about, "soft"))
        self.add(LabelledField(self.tr("Modèle que F9 remplit"), self._row))
        self.add(LabelledField(self.tr("Ce qu’il donne"), self._example))
        self.add(buttons)
        self.add(self.form)
        self.add(self._notice)
