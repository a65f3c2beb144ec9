"""What the screen of an old register shows, in words. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.usecases.masking import masked_value
from app.usecases.register.correcting import CHOSEN, words_to_map
from ui.register.meanings import Meaning, Meanings
from ui.register_words import place_words, preview_words, reason_words, rejection_words
from ui.texts import count, day, moment, number, typeset
from ui.widgets.page_values import PastImport

if TYPE_CHECKING:
    from app.reference.register.book import RegisterBook
    from app.reference.register.plan import RegisterPlan
    from app.usecases.register.previewing import PreparedRow, Preview
    from app.usecases.register.undoing import RegisterImport

MOST_LINES: Final = 500
"""Refused lines that are shown; the count says how many there are."""
_LONGEST_EXAMPLE: Final = 60
_YOUR_CHOICE: Final = "Vous l’avez choisi."


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnShown:
    """A column of the register: what it holds, and why it was understood so."""

    title: str
    examples: str
    field: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordShown:
    """A word of a list and what it means."""

    field: str
    field_label: str
    text: str
    codes: tuple[str, ...]
    meaning: str
    takes_several: bool
    choices: tuple[Meaning, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others."""
        return (self.field, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is kept, and how lines are read; `year` is that of dates written without one."""

    with_names: bool = False
    date_above: bool = False
    keeps_unknown: bool = True
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShown:
    """How the register is read. `sheets` are all there are, `taken` those that are read."""

    file: str
    about: str
    sheets: tuple[str, ...]
    taken: tuple[str, ...]
    columns: tuple[ColumnShown, ...]
    words: tuple[WordShown, ...]
    words_about: str
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleShown:
    """A line as it would be recorded."""

    place: str
    on: str
    person: str
    commune: str
    motives: str
    expressed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedShown:
    """A line that would not be recorded, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewShown:
    """What an import would do; `brings` says that something is new."""

    title: str
    sentences: tuple[str, ...]
    samples: tuple[SampleShown, ...]
    rejected: tuple[RejectedShown, ...]
    rejected_title: str
    brings: bool
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """What is under way, how many lines of how many; `can_stop` offers the way out."""

    sentence: str
    done: int = 0
    whole: int = 0
    can_stop: bool = True


def plan_shown(
    book: "RegisterBook",
    plan: "RegisterPlan",
    cells: Mapping[str, tuple[str, ...]],
    meanings: Meanings,
) -> PlanShown:
    """Put in words how a register is read."""
    sheets = tuple(sheet.name for sheet in book.sheets)
    taken = plan.sheets or sheets
    lines = sum(len(sheet.lines) for sheet in book.sheets if sheet.name in taken)
    shown = words_shown(plan, meanings)
    return PlanShown(
        file=book.name,
        about=plan_about(lines, plan),
        sheets=sheets,
        taken=taken,
        columns=columns_shown(plan, cells, meanings),
        words=shown,
        words_about=words_about(shown),
        options=options_of(plan),
    )


def options_of(plan: "RegisterPlan") -> Options:
    """Return the options of a plan."""
    return Options(
        with_names=plan.with_names,
        date_above=plan.date_above,
        keeps_unknown=plan.keeps_unknown,
        year=plan.year,
    )


def columns_shown(
    plan: "RegisterPlan", cells: Mapping[str, tuple[str, ...]], meanings: Meanings
) -> tuple[ColumnShown, ...]:
    """Put the columns in words."""
    return tuple(
        ColumnShown(
            title=column.title,
            examples=" · ".join(map(_example, cells.get(column.title, ()))),
            field=column.field,
            label=_field_words(column.field, column.code, meanings),
            reason=_YOUR_CHOICE if column.reason == CHOSEN else reason_words(column.reason),
        )
        for column in plan.columns
    )


def words_shown(plan: "RegisterPlan", meanings: Meanings) -> tuple[WordShown, ...]:
    """Put the words of lists beside what they mean, those that nobody knows first."""
    found = [
        WordShown(
            field=field,
            field_label=meanings.field_label(field),
            text=text,
            codes=tuple(codes),
            meaning=meanings.said(field, codes),
            takes_several=meanings.takes_several(field),
            choices=tuple(meanings.codes(field)) if meanings.takes_several(field) else (),
        )
        for field, said in words_to_map(plan).items()
        for text, codes in said.items()
    ]
    return tuple(sorted(found, key=lambda one: bool(one.codes)))


def words_about(shown: Sequence[WordShown]) -> str:
    """Say how many words are left to be understood."""
    left = sum(not one.codes for one in shown)
    if not left:
        return typeset("Tous les mots de listes sont compris. Vérifiez-les si vous le souhaitez.")
    said = count(left, "mot n’est pas compris", "mots ne sont pas compris")
    return typeset(f"{said}, en tête de liste : sans réponse, ils vont dans les notes.")


def plan_about(lines: int, plan: "RegisterPlan") -> str:
    """Say how much of the register is understood."""
    kept = sum(bool(column.field) for column in plan.columns)
    left = len(plan.columns) - kept
    return typeset(
        f"{count(lines, 'ligne')}, {count(len(plan.columns), 'colonne')} :"
        f" {count(kept, 'gardée')}, {count(left, 'laissée de côté', 'laissées de côté')}."
    )


def preview_shown(preview: "Preview", meanings: Meanings) -> PreviewShown:
    """Put in words what an import would do."""
    new = len(preview.rows)
    first_on, last_on = preview.days
    title = f"{count(new, 'accueil')} à enregistrer, {_period(first_on, last_on)}."
    if preview.standing is not None or not new:
        title = "Rien de nouveau : ce registre est déjà importé."
        if not preview.already and preview.standing is None:
            title = "Aucune ligne ne donne un accueil : corrigez les colonnes."
    rejected = [
        RejectedShown(place=place_words(row.sheet, row.line), reason=rejection_words(row))
        for row in preview.rejected[:MOST_LINES]
    ]
    refused = count(
        len(preview.rejected), "ligne ne sera pas importée", "lignes ne seront pas importées"
    )
    return PreviewShown(
        title=typeset(title),
        sentences=tuple(preview_words(preview)),
        samples=tuple(_sample(one, meanings) for one in preview.rows[:20]),
        rejected=tuple(rejected),
        rejected_title=refused if rejected else "",
        brings=bool(new) and preview.standing is None,
        named=preview.named,
    )


def import_shown(line: "RegisterImport") -> PastImport:
    """Put in words an import, and what undoing it takes away."""
    here = count(line.receptions, "accueil")
    if line.receptions != line.recorded:
        here += f" encore là, sur {number(line.recorded)}"
    about = [
        moment(line.created_at_s),
        line.author,
        here,
        _period(line.first_on, line.last_on),
        "avec les noms" if line.named else "sans les noms",
        count(line.rejected, "ligne refusée", "lignes refusées") if line.rejected else "",
        "importé deux fois : défaites l’un des deux" if line.is_double else "",
    ]
    gone = count(line.receptions, "accueil")
    if line.persons:
        gone += f" et {count(line.persons, 'fiche de personne', 'fiches de personnes')}"
    undo = (
        "Une personne revenue depuis garde sa fiche. Le même fichier pourra être importé de"
        " nouveau.",
        f"Seront effacés, pour toujours, ici et sur les autres postes : {gone}.",
    )
    return PastImport(
        key=line.register_import,
        title=line.file,
        about=typeset(" · ".join(filter(None, about))),
        undo=tuple(map(typeset, undo)),
    )


def _sample(one: "PreparedRow", meanings: Meanings) -> SampleShown:
    said = one.checked.reception
    who = one.someone
    return SampleShown(
        place=f"{one.row.sheet}, {one.row.line}" if one.row.sheet else f"{one.row.line}",
        on=day(said.received_at),
        person=f"{who.details.given_name} {who.details.family_name}".strip() if who else "",
        commune=meanings.code_label("commune", said.commune) if said.commune else "",
        motives=", ".join(meanings.code_label("motives", code) for code in said.motives),
        expressed=" ".join(said.expressed.split()),
    )


def _field_words(field: str, code: str, meanings: Meanings) -> str:
    label = meanings.field_label(field)
    return typeset(f"{label} : {meanings.code_label(field, code)}") if code else label


def _example(text: str) -> str:
    masked = str(masked_value(text))
    return masked if len(masked) <= _LONGEST_EXAMPLE else f"{masked[:_LONGEST_EXAMPLE]}…"


def _period(first_on: str, last_on: str) -> str:
    if not first_on or first_on == last_on:
        return f"le {day(first_on)}" if first_on else ""
    return f"du {day(first_on)} au {day(last_on)}"
