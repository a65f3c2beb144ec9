"""The first parts of the page, in the order one talks: setting, demand, situation, analysis."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.reception.asked_line import AskedLine
from ui.reception.families import FamilyChips, FamilyRow
from ui.reception.fields import PageFields
from ui.reception.folds import Fold
from ui.reception.motive_proposals import MotiveProposals
from ui.reception.page_body import NO, YES
from ui.reception.words_of_choices import sensitive_choices
from ui.widgets.buttons import link_button
from ui.widgets.choices import Choice
from ui.widgets.date_field import DateField
from ui.widgets.date_text import DateSpan
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard

if TYPE_CHECKING:
    from ui.widgets.choices import ChoiceChips

_SETTING: Final = (
    ("visitor", "visitor"),
    ("mode", "reception_mode"),
    ("place", "place_type"),
)


_AT_THEIR_REQUEST: Final = ("sensitive_agreed", "sensitive")
_MORE_OF_SITUATION: Final = (
    "diploma_obtained",
    "how_they_came",
    "already_met",
    "open_sensitive",
    *_AT_THEIR_REQUEST,
)


class SettingLine(QWidget):
    """Who is here, how and where: one line in words, opened to be corrected.

    Signals:
        question_counted(): this was a question answered in passing.
    """

    question_counted = Signal()

    def __init__(self, fields: PageFields, *, today: date) -> None:
        super().__init__()
        self._fields = fields
        self._today = today
        self._fold = Fold("")
        self._fold.button.setObjectName("setting_line")
        fields.fold("open_setting", self._fold)
        names = [*(name for name, _vocabulary in _SETTING), "received_on"]
        fields.made_on_opening(self._fold, names, self._make)
        question = link_button(self.tr("Question simple (F4)"))
        question.setObjectName("question")
        question.setToolTip(self.tr("Compter une information simple, sans autre écriture"))
        question.clicked.connect(self.question_counted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._fold, 1)
        row.addWidget(question, 0, Qt.AlignmentFlag.AlignTop)

    def _make(self) -> None:
        labels = {
            "visitor": self.tr("&Qui est là"),
            "mode": self.tr("De quelle façon"),
            "place": self.tr("À quel endroit"),
        }
        for name, vocabulary in _SETTING:
            self._fold.add(self._fields.row(name, labels[name], vocabulary))
        label, hint = self.tr("Quel jour"), self.tr("pour un accueil noté sur papier\u202f; gardé")
        span = DateSpan(earliest=self._today - timedelta(days=2 * 366), latest=self._today)
        field = DateField(label, span=span)
        self._fold.add(self._fields.date("received_on", label, field, hint=hint))

    def show_words(self) -> None:
        """Say in words what is chosen."""
        said = []
        body = self._fields.body()
        for name, vocabulary in _SETTING:
            if code := body[name]:
                said.append(self._fields.vocabularies.label(vocabulary, code))
        if on := body["received_on"].strip():
            said.append(self.tr("le {0}").format(on))
        first, *rest = said or [self.tr("Qui est là, de quelle façon, à quel endroit")]
        self._fold.set_title(" · ".join([first, *(f"{w[:1].lower()}{w[1:]}" for w in rest)]))


class DemandCard(SectionCard):
    """What the person asks, in their words: where the page begins; motives that they suggest."""

    def __init__(self, fields: PageFields) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("La demande"))
        label = self.tr("Ce que la personne &demande, dans ses mots")
        self.add(fields.text("expressed", label, lines=3))
        self.proposals = MotiveProposals()
        self.add(self.proposals)


class SituationCard(SectionCard):
    """Where the person stands: status, level, age, sex as stated, commune; the rest folded."""

    commune_typed = Signal(str)
    met_typed = Signal(str)

    def __init__(self, fields: PageFields) -> None:
        super().__init__()
        self._fields = fields
        self.set_title(self.tr("Sa situation"))
        status = FamilyRow(self.tr("Situation"), fields.vocabularies.get("public_status"))
        self.add(fields.labelled_own("status", self.tr("&Situation"), status))
        answers = [Choice(code=YES, label=self.tr("Oui")), Choice(code=NO, label=self.tr("Non"))]
        executive = self.tr("Est-elle cadre\u202f?")
        self._executive = fields.row("executive", executive, answers)
        self._called_for: Collection[str] = ()
        self.add(self._executive)
        self.add(fields.row("level_reached", self.tr("&Niveau atteint"), "training_level"))
        self.add(fields.row("age_band", self.tr("Tranche d’â&ge"), "age_band"))
        self.add(fields.row("sex", self.tr("Se&xe, tel que la personne le dit"), "sex"))
        self.add(self._commune(fields))
        self._more = Fold(self.tr("Plus\u202f: diplôme, venue, déjà rencontré, à sa demande"))
        self._sensitive: AtTheirRequest | None = None
        fields.fold("open_situation", self._more)
        fields.made_on_opening(self._more, _MORE_OF_SITUATION, self._make_more)
        self.add(self._more)

    def show_called_for(self, fields: Collection[str]) -> None:
        """Show the questions that the situation or the motives call for."""
        self._called_for = fields
        self.show_state()

    def show_state(self) -> None:
        """Show only what the answers call for, and what was answered before they changed."""
        is_said = bool(self._fields.body()["executive"])
        self._executive.setVisible(is_said or "executive" in self._called_for)
        if self._sensitive is not None:
            self._sensitive.show_state()

    def _commune(self, fields: PageFields) -> QWidget:
        commune = fields.chosen(
            "commune",
            self.tr("&Commune où elle vit"),
            placeholder=self.tr("Nom ou code postal"),
        )
        fields.widget("commune").query_changed.connect(self.commune_typed)  # type: ignore[attr-defined]
        return commune

    def _make_more(self) -> None:
        fields, more = self._fields, self._more
        diploma = self.tr("Plus haut diplôme obtenu")
        more.add(fields.row("diploma_obtained", diploma, "training_level"))
        more.add(fields.row("how_they_came", self.tr("Comment elle est venue"), "how_they_came"))
        met = fields.many_chosen(
            "already_met",
            self.tr("Déjà rencontré pour cette demande"),
            placeholder=self.tr("Une structure\u202f; Entrée l’ajoute"),
        )
        fields.widget("already_met").field.query_changed.connect(self.met_typed)  # type: ignore[attr-defined]
        more.add(met)
        self._sensitive = AtTheirRequest(fields)
        more.add(self._sensitive)


class AtTheirRequest(Fold):
    """What the law calls sensitive: written only when the person wishes it, and says so."""

    def __init__(self, fields: PageFields) -> None:
        super().__init__("")
        self._fields = fields
        self._agreed: ChoiceChips | None = None
        self._words: QWidget | None = None
        self.set_title(self.tr("À la demande de la personne seulement"))
        fields.fold("open_sensitive", self)
        fields.made_on_opening(self, _AT_THEIR_REQUEST, self._make)

    def show_state(self) -> None:
        """Offer the words once the person asked for them."""
        if self._agreed is not None and self._words is not None:
            self._words.setVisible(bool(self._agreed.values()))

    def _make(self) -> None:
        explanation = self.tr(
            "Rien n’est à demander ici. Santé et arrêt de travail restent dans votre"
            " structure\u202f: ils ne partent jamais vers un partenaire."
        )
        agreed = self.tr("La personne demande que ce soit noté, et l’accepte")
        choices = sensitive_choices(self._fields.vocabularies)
        self._agreed = self._fields.check("sensitive_agreed", agreed)
        self._words = self._fields.chips("sensitive", self.tr("À noter"), choices)
        for part in (words(explanation, "soft"), self._agreed, self._words):
            self.add(part)


class AnalysisCard(SectionCard):
    """What was found together: the demand reformulated, its motives; needs and barriers folded."""

    def __init__(self, fields: PageFields) -> None:
        super().__init__()
        self.set_title(self.tr("L’analyse, ensemble"))
        self.add(fields.text("analysed", self.tr("La demande re&formulée avec elle")))
        motives = FamilyChips(
            self.tr("Motifs"),
            fields.vocabularies.get("request_motive"),
            main_name=self.tr("Motif principal"),
        )
        hint = self.tr("le premier coché est le principal")
        self.add(fields.labelled_own("motives", self.tr("&Motifs"), motives, hint=hint))
        self.asked = AskedLine()
        self.add(self.asked)
        self._fields = fields
        self._more = Fold(self.tr("Plus\u202f: visée, besoins, freins"))
        fields.fold("open_needs", self._more)
        fields.made_on_opening(self._more, ("purpose", "needs", "barriers"), self._make_more)
        self.add(self._more)

    def _make_more(self) -> None:
        fields = self._fields
        needs = FamilyChips(self.tr("Besoins"), fields.vocabularies.get("need"))
        hint = self.tr("si c’est utile à la demande")
        for part in (
            fields.row("purpose", self.tr("Visée de la demande"), "purpose"),
            fields.labelled_own("needs", self.tr("&Besoins trouvés ensemble"), needs),
            fields.chips("barriers", self.tr("Freins"), "barrier", hint=hint),
        ):
            self._more.add(part)


class DoneCard(SectionCard):
    """What was done now: information given, mixité, and what comes next."""

    def __init__(self, fields: PageFields, *, today: date) -> None:
        super().__init__()
        self.set_title(self.tr("Ce qui a été fait"))
        kinds = self.tr("&Informations données")
        self.add(fields.chips("information_given", kinds, "information_kind"))
        mixed = self.tr("La mixité des métiers a été abordée")
        self.add(fields.check("mixite_addressed", mixed))
        self.add(fields.row("outcome", self.tr("S&uite de l’accueil"), "outcome"))
        self.add(fields.row("next_step", self.tr("Et ensuite"), "next_step"))
        self._when = self._dated(fields, today)
        self.add(self._when)
        self._fields = fields
        self.show_state()

    def show_state(self) -> None:
        """Ask for a day once something is to follow."""
        said = self._fields.body()
        self._when.setVisible(bool(said["next_step"] or said["next_on"]))

    def _dated(self, fields: PageFields, today: date) -> QWidget:
        field = DateField(self.tr("Quand"), span=DateSpan.around(today))
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(fields.date("next_on", self.tr("Quand"), field))
        reason = self.tr("Raison de ce jour")
        column.addWidget(fields.row("next_reason", reason, "deadline_reason"))
        return whole
