"""What both faces say of an old register: guesses, refused lines, counts. No Qt."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ui.texts import count, sentence_for, typeset

if TYPE_CHECKING:
    from app.usecases.register.previewing import Preview
    from app.usecases.register.reading import RejectedRow
    from app.usecases.register.undoing import Undone

_LONGEST_QUOTE: Final = 40

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        code: typeset(text)
        for code, text in {
            "title": "Le titre le dit.",
            "title_doubtful": "Le titre le dit, mais bien des cases ne se lisent pas ainsi.",
            "title_part": "Une partie du titre le dit.",
            "title_part_doubtful": (
                "Une partie du titre le dit, mais bien des cases ne se lisent pas ainsi."
            ),
            "title_close": "Le titre y ressemble.",
            "title_close_doubtful": "Le titre y ressemble, mais bien des cases non.",
            "cells": "Les cases y ressemblent ; le titre ne dit rien.",
            "cells_disagree": "Le titre y fait penser, mais les cases disent autre chose.",
            "ticks": "Une croix dans cette colonne veut dire cela.",
            "sentences": "Le titre annonce une liste, mais les cases sont des phrases.",
            "another_column": "Une autre colonne le dit déjà, plus sûrement.",
            "not_understood": (
                "Colonne non comprise, laissée de côté : dites ce qu’elle est, ou gardez-la dans"
                " les notes."
            ),
            "number": "Un numéro d’ordre ou de dossier : il ne sert plus ici.",
            "forbidden_number": "Un numéro de sécurité sociale ou d’élève : il n’est jamais gardé.",
            "other_number": "L’identifiant d’un autre service : il n’est pas gardé.",
            "not_our_mission": "Cela n’est pas utile à l’orientation : ce n’est pas gardé.",
            "sensitive": (
                "Santé ou handicap : rien n’est gardé sans que la personne l’ait demandé elle-même."
            ),
            "signature": "Une signature : elle n’est pas gardée.",
            "count": "Un nombre : chaque ligne vaut un accueil.",
            "period": "Une période : la date suffit.",
        }.items()
    }
)
"""Why a column was guessed so, or left out, by the code of the reason."""

ASIDE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "before_titles": "au-dessus des titres",
        "titles_again": "titres répétés",
        "sums_up": "totaux",
        "separates": "séparations",
        "nothing_kept": "sans rien dans les colonnes gardées",
        "sheet_without_titles": "feuilles sans les mêmes titres",
    }
)
"""Why a line is no reception and nothing to complain of."""

_REJECTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_date": "pas de date",
        "unreadable_date": "« {said} » n’est pas une date",
        "nothing_said": "rien d’autre qu’une date",
    }
)


def reason_words(code: str) -> str:
    """Say why a column was guessed so; words that somebody wrote in the plan are left."""
    return REASONS.get(code, code)


def rejection_words(row: "RejectedRow") -> str:
    """Say why a line is not recorded, numbers masked."""
    from app.usecases.masking import masked_value

    if row.error is not None:
        return sentence_for(row.error)
    said = str(masked_value(row.said))
    quoted = said if len(said) <= _LONGEST_QUOTE else f"{said[:_LONGEST_QUOTE]}…"
    return typeset(_REJECTED[row.why.value].format(said=quoted))


def place_words(sheet: str, line: int) -> str:
    """Say where a line stands: « Ligne 12 », « Ligne 12 de « mars » »."""
    return typeset(f"Ligne {line} de « {sheet} »" if sheet else f"Ligne {line}")


def preview_words(preview: "Preview", recorded: int | None = None) -> list[str]:
    """Return the sentences that sum up an import, done (`recorded`) or to come."""
    from app.reference.register.rows import Aside

    done = len(preview.rows) if recorded is None else recorded
    verb = "à enregistrer" if recorded is None else ("enregistré" if done < 2 else "enregistrés")  # noqa: PLR2004
    said = [
        f"{count(preview.read, 'ligne lue', 'lignes lues')} : {count(done, 'accueil')} {verb},"
        f" {count(len(preview.rejected), 'ligne refusée', 'lignes refusées')},"
        f" {count(preview.already, 'déjà enregistrée', 'déjà enregistrées')}."
    ]
    aside = {why: times for why, times in preview.aside.items() if why != Aside.BEFORE_TITLES}
    if aside:
        parts = ", ".join(f"{ASIDE[why.value]} ({times})" for why, times in aside.items())
        said.append(f"Lignes mises de côté : {parts}.")
    said.append(_names_words(preview))
    said += _care_words(preview)
    return [typeset(one) for one in said]


def undone_words(undone: "Undone") -> list[str]:
    """Return the sentences that say what undoing an import did."""
    gone = count(undone.receptions, "accueil effacé", "accueils effacés")
    if undone.persons:
        gone += f", {count(undone.persons, 'fiche de personne', 'fiches de personnes')} aussi"
    said = [f"{gone}."]
    if undone.had_left:
        left = count(
            undone.had_left, "enregistrement était parti", "enregistrements étaient partis"
        )
        said.append(f"{left} déjà : leur effacement suit au prochain échange, pour toujours.")
    if undone.kept:
        kept = count(undone.kept, "personne est revenue", "personnes sont revenues")
        said.append(f"{kept} depuis : leur fiche reste, sans ce qu’en disait le registre.")
    return [typeset(one) for one in said]


def _names_words(preview: "Preview") -> str:
    if not preview.named:
        return (
            "Aucun nom n’est gardé : sans accord des personnes, restent le jour, la commune, la"
            " tranche d’âge et la demande."
        )
    return f"{count(preview.persons, 'fiche de personne', 'fiches de personnes')}, avec accord."


def _care_words(preview: "Preview") -> list[str]:
    said = []
    if preview.masked:
        where = count(preview.masked, "ligne")
        said.append(f"Numéros de sécurité sociale ou d’élève masqués dans {where}.")
    if left := preview.count(lambda row: row.is_sensitive_left):
        said.append(f"Santé ou handicap laissés de côté dans {count(left, 'ligne')}.")
    if hurting := preview.count(lambda row: row.may_hurt):
        said.append(
            f"Des mots que la loi protège restent dans les textes de {count(hurting, 'ligne')} :"
            " relisez-les, la personne peut les lire."
        )
    return said
