"""What the person wishes of a partner, folded: how far, on site or not, when, which language."""

from typing import Final

from ui.reception.fields import PageFields
from ui.reception.folds import Fold
from ui.reception.words_of_choices import choices_of
from ui.widgets.labels import words

WISHES: Final = ("can_travel", "mode_wished", "go_day", "go_half", "languages")
"""The fields inside, in their order."""

_VOCABULARIES: Final = {
    "can_travel": "travel_distance",
    "mode_wished": "mode_wished",
    "go_day": "go_day",
    "go_half": "half_day",
    "languages": "language",
}
_SPOKEN_BY_ALL: Final = "fr"


class WishesFold(Fold):
    """Stands above the proposals, which every answer changes at once; its line says the answers."""

    def __init__(self, fields: PageFields) -> None:
        super().__init__("")
        self._fields = fields
        self._first = words("", "soft")
        self.body.setContentsMargins(0, 10, 0, 12)
        self.set_title(self.tr("Préciser\u202f: jusqu’où, comment, quand, en quelle langue"))
        self.button.setObjectName("wishes")
        fields.fold("open_wishes", self)
        fields.made_on_opening(self, WISHES, self._make)

    def show_state(self) -> None:
        """Say on the line what was answered, for when it is closed."""
        body, said = self._fields.body(), list[str]()
        for name, vocabulary in _VOCABULARIES.items():
            value = body[name]
            codes = value if isinstance(value, list) else [value] if value else []
            said += [self._fields.vocabularies.label(vocabulary, code) for code in codes]
        first, *rest = said or [""]
        self.set_said(", ".join([first, *(f"{word[:1].lower()}{word[1:]}" for word in rest)]))

    def show_first(self, name: str) -> None:
        """Say who is proposed first: the rows may be out of sight while the answers change them."""
        said = self.tr("En premier, pour l’instant\u202f: {name}").format(name=name)
        self._first.setText(said if name else self.tr("Personne n’est proposé, pour l’instant."))

    def _make(self) -> None:
        fields = self._fields
        self.add(self._first)
        now = self.tr("maintenant, si rien n’est dit")
        shared = self.tr("si ce n’est pas le français")
        spoken = choices_of(fields.vocabularies.get("language"))
        languages = [choice for choice in spoken if choice.code != _SPOKEN_BY_ALL]
        questions = {
            "can_travel": (self.tr("Jusqu’où peut-elle aller\u202f?"), ""),
            "mode_wished": (self.tr("Sur place, ou à distance\u202f?"), ""),
            "go_day": (self.tr("Quand peut-elle y aller\u202f?"), now),
            "go_half": (self.tr("À quel moment du jour\u202f?"), ""),
        }
        for name, (label, hint) in questions.items():
            self.add(fields.row(name, label, _VOCABULARIES[name], hint=hint))
        label = self.tr("En quelle langue souhaite-t-elle être reçue\u202f?")
        self.add(fields.chips("languages", label, languages, hint=shared))
