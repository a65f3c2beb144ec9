"""What the commands of the register answer: stable JSON for scripts, lines for people."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from app.domain.identifiers import id_text
from app.domain.reception import PersonDetails, Reception
from app.reference.register.plan import plan_as_json
from app.reference.register.words import register_words
from ui.cli.lines import aligned
from ui.register_words import place_words, preview_words, reason_words, rejection_words
from ui.texts import typeset, utc_text

if TYPE_CHECKING:
    from app.reference.register.plan import RegisterPlan
    from app.usecases.desk import Reference
    from app.usecases.register.importing import Imported
    from app.usecases.register.previewing import Preview
    from app.usecases.register.reading import RejectedRow
    from app.usecases.register.undoing import RegisterImport

_SHOWN_ROWS: Final = 20
_SHOWN_WORDS: Final = 30


def plan_shape(plan: "RegisterPlan") -> dict[str, Any]:
    """Return a plan, its reasons in words."""
    content = plan_as_json(plan)
    for column in content["columns"]:
        column["reason"] = reason_words(column["reason"])
    return content


def import_shape(preview: "Preview", done: "Imported | None") -> dict[str, Any]:
    """Return what an import did, or would do: then with its first receptions."""
    first_on, last_on = preview.days
    name = None if done is None else done.register_import
    content: dict[str, Any] = {
        "read": preview.read,
        "recorded": 0 if done is None else done.recorded,
        "rejected": list(map(_rejected, preview.rejected)),
        "import": None if name is None else id_text(name),
        "was_here": preview.standing is not None if done is None else done.was_here,
        "already": preview.already,
        "named": preview.named,
        "persons": preview.persons if done is None else done.persons,
        "set_aside": {why.value: times for why, times in preview.aside.items()},
        "masked": preview.masked,
        "sensitive_left": preview.count(lambda row: row.is_sensitive_left),
        "sensitive_words": preview.count(lambda row: row.may_hurt),
        "unknown": [
            {"field": field, "text": text, "lines": times}
            for (field, text), times in _unknown(preview)
        ],
        "first_on": first_on or None,
        "last_on": last_on or None,
    }
    if done is None:
        content["would_record"] = len(preview.rows)
        content["samples"] = [
            {
                "sheet": row.sheet or None,
                "line": row.line,
                "reception": _said(one.checked.reception),
            }
            for one in preview.rows[:_SHOWN_ROWS]
            for row in (one.row,)
        ]
    return content


def import_lines(preview: "Preview", done: "Imported | None", reference: "Reference") -> list[str]:
    """Return the same for people."""
    if done is not None and done.was_here and done.register_import is not None:
        name = id_text(done.register_import)
        return [typeset(f"Ce fichier est déjà importé ainsi ({name}) : rien n’a été ajouté.")]
    lines = preview_words(preview, None if done is None else done.recorded)
    if preview.rejected:
        lines += ["", *_rejected_lines(preview)]
    if words := list(_unknown(preview)):
        lines += ["", typeset("Mots qu’aucune liste ne connaît, laissés « non communiqué » :")]
        lines += [f"  {line}" for line in aligned(_word_rows(words[:_SHOWN_WORDS]))]
    if done is None and preview.rows:
        lines += [
            "",
            "Premiers accueils, comme ils seraient enregistrés",
            *_samples(preview, reference),
        ]
    if done is not None and done.register_import is not None:
        name = id_text(done.register_import)
        lines += ["", typeset(f"Pour tout défaire : deux-portes register undo {name}")]
    return lines


def imports_shape(found: Sequence["RegisterImport"]) -> list[dict[str, Any]]:
    """Return the imports that stand."""
    return [
        {
            "import": id_text(one.register_import),
            "at": utc_text(one.created_at_s),
            "author": one.author,
            "file": one.file,
            "named": one.named,
            "read": one.read,
            "recorded": one.recorded,
            "rejected": one.rejected,
            "first_on": one.first_on or None,
            "last_on": one.last_on or None,
            "receptions": one.receptions,
            "persons": one.persons,
            "double": one.is_double,
        }
        for one in found
    ]


def _rejected(row: "RejectedRow") -> dict[str, Any]:
    return {
        "sheet": row.sheet or None,
        "line": row.line,
        "code": row.why.value if row.error is None else row.error.code,
        "reason": rejection_words(row),
    }


def _unknown(preview: "Preview") -> Iterator[tuple[tuple[str, str], int]]:
    from app.usecases.masking import masked_value

    for (name, text), times in preview.unknown().items():
        yield (name, str(masked_value(text))), times


def _word_rows(words: Sequence[tuple[tuple[str, str], int]]) -> Iterator[tuple[str, str, str]]:
    labels = register_words().fields
    for (name, text), times in words:
        yield labels[name], text, f"× {times}"


def _rejected_lines(preview: "Preview") -> list[str]:
    shown = [
        typeset(f"{place_words(row.sheet, row.line)} : {rejection_words(row)}")
        for row in preview.rejected[:_SHOWN_ROWS]
    ]
    left = len(preview.rejected) - len(shown)
    return [*shown, f"… et {left} de plus (--json les donne toutes)."] if left else shown


def _samples(preview: "Preview", reference: "Reference") -> list[str]:
    from ui.cli.shapes import commune_name
    from ui.texts import day

    label = reference.vocabularies.label
    return aligned(
        (
            place_words(one.row.sheet, one.row.line),
            day(said.received_at),
            "" if said.person is None else f"{said.person.given_name} {said.person.family_name}",
            commune_name(reference.communes, said.commune),
            ", ".join(label("request_motive", code) for code in said.motives),
            " ".join(said.expressed.split())[:60],
        )
        for one in preview.rows[:_SHOWN_ROWS]
        for said in (one.checked.reception,)
    )


def _said(part: Reception | PersonDetails) -> dict[str, Any]:
    """Return what a reception says, as `reception add` would read it."""
    found: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, PersonDetails):
            found[field.name] = _said(value)
        elif value not in ("", (), None, False):
            found[field.name] = list(value) if isinstance(value, tuple) else value
    return found
