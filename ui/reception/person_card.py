"""Who the person is: asked last, only for a follow-up, kept only if they accept."""

from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.reception.actions import KnownPerson
from ui.reception.alike_line import AlikeLine
from ui.reception.fields import PageFields
from ui.reception.folds import OptionalCard
from ui.reception.page_body import IDENTITY, NO, YES
from ui.reception.young_words import YoungShown
from ui.widgets.buttons import link_button
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.date_field import DateField
from ui.widgets.date_text import DateSpan
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import IconLabel, words
from ui.widgets.suggest_field import SuggestField
from ui.widgets.text_watch import TextWatch

_NEW_DEMAND = "new"
_INSIDE = (
    "notice_given",
    "agreement_to_record",
    "agreed_by",
    "person_search",
    "known",
    "demand",
    *IDENTITY,
)


class PersonCard(OptionalCard):
    """The person, closed until there is a reason to name them.

    Signals:
        person_typed(str): propose files.
        person_chosen(object): the value of the proposal taken.
        person_submitted(str): Enter without a proposal: a new file for who was typed.
        file_wanted(): open the file that is used.
        person_dropped(): use that file no more.
    """

    person_typed = Signal(str)
    person_chosen = Signal(object)
    person_submitted = Signal(str)
    file_wanted = Signal()
    person_dropped = Signal()

    def __init__(self, fields: PageFields, *, today: date) -> None:
        super().__init__("user")
        self.set_words(
            title=self.tr("La personne"),
            sentence=self.tr("Sans nom\u202f: il n’en faut un que s’il y a une suite."),
            wish=self.tr("Écrire &le nom"),
            close=self.tr("Sans nom"),
        )
        self._fields = fields
        self._today = today
        self._record: ChoiceRow | None = None
        self._agreed_by: LabelledField | None = None
        self._young = YoungShown()
        self._young_words = words("", "soft")
        self._identity = QWidget()
        self._file = FileStrip()
        self._file.opened.connect(self.file_wanted)
        self._file.dropped.connect(self.person_dropped)
        self._file.demands.chosen.connect(fields.touch)
        self.search = SuggestField(
            self.tr("Rechercher ou créer"),
            placeholder=self.tr("Nom, prénom, naissance, téléphone ou code"),
        )
        self._box = self._labelled_search()
        self.alike = AlikeLine()
        self.alike.taken.connect(self.person_chosen)
        fields.fold("open_person", self)
        fields.made_on_opening(self, _INSIDE, self._make)

    def show_known(self, known: KnownPerson | None) -> None:
        """Show the file used and the demands one can go on with."""
        self._file.show_known(known)

    def show_young(self, young: YoungShown) -> None:
        """Ask who agreed when the person is young, and say what the law looks to first."""
        self._young = young
        self.show_state()

    def show_state(self) -> None:
        """Show only what the answers call for."""
        if self._record is None or self._agreed_by is None:
            return
        self._young_words.setText(self._young.words)
        self._young_words.setVisible(bool(self._young.words))
        is_asked = bool(self._young.words) or bool(self._agreed_by_value())
        self._agreed_by.setVisible(is_asked)
        self._identity.setVisible(self._record.value() != NO)
        self._file.setVisible(bool(self._file.value()["id"]))
        self._box.setVisible(not self._file.value()["id"])

    def _make(self) -> None:
        fields = self._fields
        notice = self.tr("La note d’information lui a été remise (papier ou lecture à voix haute)")
        self.first = fields.check("notice_given", notice)
        column = QVBoxLayout(self._identity)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(18)
        column.addWidget(self._box)
        column.addWidget(self._file)
        column.addLayout(_details(fields, self, self._today))
        column.addWidget(self.alike)
        fields.own("person_search", self.search, (self.search.text, self.search.set_text))
        fields.own("known", self._file, (self._file.value, self._file.set_value))
        fields.own("demand", self._file.demands, (self._file.demand, self._file.set_demand))
        label = self.tr("Qui donne cet accord")
        self._agreed_by = fields.row("agreed_by", label, "agreed_by")
        for part in (
            self.first,
            self._agreement(fields),
            self._young_words,
            self._agreed_by,
            self._identity,
        ):
            self.inside.addWidget(part)
        self.show_state()

    def _agreed_by_value(self) -> str:
        return str(self._fields.body()["agreed_by"])

    def _labelled_search(self) -> LabelledField:
        self.search.query_changed.connect(self.person_typed)
        self.search.query_changed.connect(self._fields.touch)
        self.search.chosen.connect(self.person_chosen)
        self.search.submitted.connect(self.person_submitted)
        hint = self.tr("une fiche trouvée est reprise, sinon Entrée en crée une")
        labelled = LabelledField(self.tr("&Rechercher ou créer"), self.search, hint=hint)
        TextWatch(labelled, self.search.line)
        return labelled

    def _agreement(self, fields: PageFields) -> QWidget:
        choices = [
            Choice(code=YES, label=self.tr("Oui, elle accepte")),
            Choice(code=NO, label=self.tr("Non\u202f: rien de cet accueil ne quittera ce poste")),
        ]
        label = self.tr("La personne accepte-t-elle que son nom soit gardé ici\u202f?")
        labelled = fields.row("agreement_to_record", label, choices)
        self._record = labelled.field  # type: ignore[assignment] # made just above
        return labelled


class FileStrip(QWidget):
    """The file that exists already and is used: who, and which demand goes on.

    Signals:
        opened(): open the file.
        dropped(): use it no more.
    """

    opened = Signal()
    dropped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._value = {"id": "", "name": "", "detail": ""}
        self._demand = ""
        self._name = words("", "strong")
        self._detail = words("", "small")
        self.demands = ChoiceRow(self.tr("Demande à poursuivre"), [])
        self._label = LabelledField(
            self.tr("Cet accueil poursuit-il une demande\u202f?"), self.demands
        )
        self.demands.chosen.connect(self._choose_demand)
        self._lay_out()
        self._show()

    def value(self) -> dict[str, str]:
        """Return the file used: its identifier, and how it was shown."""
        return dict(self._value)

    def set_value(self, value: dict[str, str]) -> None:
        """Show a file, or none when the identifier is empty."""
        self._value = dict(value)
        self._show()

    def demand(self) -> str:
        """Return the demand that goes on, "" for a new one."""
        return self._demand

    def set_demand(self, demand: Any) -> None:
        """Show which demand goes on."""
        self._demand = str(demand)
        self.demands.set_value(self._demand or _NEW_DEMAND)

    def show_known(self, known: KnownPerson | None) -> None:
        """Offer the demands of a file."""
        offered = [Choice(code=_NEW_DEMAND, label=self.tr("Nouvelle demande"))]
        for identifier, said in known.demands if known else ():
            offered.append(Choice(code=identifier, label=f"«\u00a0{said}\u00a0»"))
        self.demands.set_choices(offered)
        self.demands.set_value(self._demand or _NEW_DEMAND)
        self._label.setVisible(len(offered) > 1)

    def _choose_demand(self, code: str) -> None:
        self._demand = "" if code == _NEW_DEMAND else code

    def _show(self) -> None:
        self._name.setText(self._value["name"])
        self._detail.setText(self._value["detail"])
        self._label.setVisible(bool(self._value["id"]) and len(self.demands.choices()) > 1)

    def _lay_out(self) -> None:
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self._name)
        said.addWidget(self._detail)
        see = link_button(self.tr("Voir la fiche"))
        drop = link_button(self.tr("Ce n’est pas elle"))
        see.clicked.connect(self.opened)
        drop.clicked.connect(self.dropped)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(IconLabel("user", "accent", 22))
        row.addLayout(said, 1)
        row.addWidget(see)
        row.addWidget(drop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addLayout(row)
        column.addWidget(self._label)


def _details(fields: PageFields, card: QWidget, today: date) -> QGridLayout:
    birth = DateField(card.tr("Date de naissance"), span=DateSpan.of_births(today))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(18)
    grid.addWidget(fields.line("family_name", card.tr("N&om")), 0, 0)
    grid.addWidget(fields.line("given_name", card.tr("Prénom")), 0, 1)
    grid.addWidget(fields.date("birth", card.tr("Date de naissance"), birth), 1, 0, 1, 2)
    grid.addWidget(fields.line("telephone", card.tr("&Téléphone")), 2, 0)
    grid.addWidget(fields.line("email", card.tr("Courriel")), 2, 1)
    grid.addWidget(fields.line("address", card.tr("Adresse")), 3, 0, 1, 2)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return grid
