"""Referrals changed once made: cancelled, corrected, sent again, asked elsewhere, found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from app.domain.identifiers import id_text, parse_subject
from app.domain.referral_corrections import CORRECTABLE
from ui.cli.french import FrenchCommand
from ui.cli.referral_shown import show_referral
from ui.cli.session import open_desk, session
from ui.cli.values import WORDS
from ui.writing_words import masked_words

if TYPE_CHECKING:
    from app.domain.reception import Reception
    from app.usecases.desk import Desk
    from app.usecases.referral_changes import CorrectionPreview

_UNKNOWN_CODE = "Aucune mise en relation de ce poste n’a ce code."
_IDENTIFIER = click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)


@click.command(cls=FrenchCommand)
@click.argument("code", metavar="CODE", type=WORDS)
def find(code: str) -> None:
    """Trouver une mise en relation par son code court, et celles qui la suivent ou la précèdent."""
    from app.usecases.referral_codes import referrals_by_code
    from ui.cli.lines import referral_rows
    from ui.cli.shapes import referral_shape

    given = session()
    with open_desk(given) as desk:
        lines = referrals_by_code(desk, code)
        content = {"referrals": [referral_shape(line) for line in lines]}
        given.show(content, referral_rows(lines, desk.reference.vocabularies) or [_UNKNOWN_CODE])


@click.command(cls=FrenchCommand)
@click.option(
    "--reason",
    type=WORDS,
    default="",
    metavar="RAISON",
    help="Pourquoi, du vocabulaire cancellation_reason.",
)
@click.option("--message", type=WORDS, default="", metavar="TEXTE", help="Mot au partenaire.")
@_IDENTIFIER
def cancel(identifier: str, reason: str, message: str) -> None:
    """Annuler une mise en relation envoyée ; pas encore partie, elle ne part pas."""
    from app.domain.personal_numbers import personal_numbers
    from app.usecases.referral_changes import cancel_referral

    given = session()
    with open_desk(given) as desk:
        subject = parse_subject(identifier)
        cancel_referral(desk, subject, reason=reason, message=message)
        show_referral(given, desk, subject, ["message"] if personal_numbers(message) else [])


@click.command(cls=FrenchCommand)
@_IDENTIFIER
def resume(identifier: str) -> None:
    """Rétablir une mise en relation annulée, telle qu’elle était."""
    from app.usecases.referral_changes import resume_referral

    given = session()
    with open_desk(given) as desk:
        subject = parse_subject(identifier)
        resume_referral(desk, subject)
        show_referral(given, desk, subject, [])


@click.command(cls=FrenchCommand)
@click.option(
    "--set",
    "fields",
    type=WORDS,
    multiple=True,
    required=True,
    metavar="CHAMP=VALEUR",
    help=f"Champ à corriger, vide pour l’ôter : {', '.join(CORRECTABLE)}.",
)
@click.option(
    "--preview", is_flag=True, help="Montrer ce qui changerait et tout ce qui partirait, sans plus."
)
@_IDENTIFIER
def correct(identifier: str, fields: tuple[str, ...], *, preview: bool) -> None:
    """Corriger ce qui est transmis ; le partenaire lit ce qui change, de quoi en quoi."""
    from app.domain.personal_numbers import personal_numbers
    from app.usecases.referral_changes import correct_referral, preview_correction

    given, wanted = session(), _fields(fields)
    with open_desk(given) as desk:
        subject = parse_subject(identifier)
        if preview:
            planned = preview_correction(desk, subject, wanted)
            given.show(_preview_shape(planned), _preview_lines(planned, desk))
            return
        correct_referral(desk, subject, wanted)
        masked = [name for name, text in wanted.items() if personal_numbers(text)]
        show_referral(given, desk, subject, masked)


@click.command(cls=FrenchCommand)
@_IDENTIFIER
def resend(identifier: str) -> None:
    """Renvoyer la même chose à la même structure ; la première est marquée remplacée."""
    from app.usecases.resending import resend_referral

    given = session()
    with open_desk(given) as desk:
        resent = resend_referral(desk, parse_subject(identifier))
        show_referral(given, desk, resent.referral, [])


@click.command(cls=FrenchCommand)
@click.option(
    "--to",
    type=WORDS,
    default="",
    metavar="STRUCTURE",
    help="Structure à qui demander ; sans elle, celle que le refus propose.",
)
@click.option("--agreed", is_flag=True, help="La personne accepte que cette structure la reçoive.")
@click.option(
    "--agreed-by",
    type=WORDS,
    default="",
    metavar="QUI",
    help="Qui a répondu pour une personne mineure, du vocabulaire agreed_by.",
)
@click.option("--notice-given", is_flag=True, help="La note d’information lui a été remise.")
@click.option("--message", type=WORDS, default=None, metavar="TEXTE", help="Mot à cette structure.")
@click.option(
    "--mode",
    type=WORDS,
    default="",
    metavar="MODE",
    help="Comment la personne a été jointe, du vocabulaire reception_mode (telephone sinon).",
)
@click.option("--preview", is_flag=True, help="Montrer ce qui partirait et ce qui manque.")
@_IDENTIFIER
def reorient(identifier: str, **options: Any) -> None:
    """Demander à une autre structure, avec tout ce qui a été dit et un nouvel accord."""
    from app.usecases.reception_json import recorded_as_json
    from app.usecases.receptions import preview as preview_reception
    from app.usecases.receptions import record_reception
    from app.usecases.resending import reorienting
    from ui.cli.lines import reception_line
    from ui.cli.shapes import details_shape

    given = session()
    with open_desk(given) as desk:
        begun = reorienting(desk, parse_subject(identifier))
        reception = _asked(begun.reception, options)
        if options["preview"]:
            leaving = preview_reception(desk, reception)
            content = details_shape(leaving.content) if leaving else {}
            missing = [problem.code for problem in leaving.missing] if leaving else []
            to = leaving.recipient.reference if leaving else None
            lines = [f"{name} : {value}" for name, value in content.items()]
            given.show({"to": to, "missing": missing, "leaves": content}, lines)
            return
        recorded = record_reception(desk, reception)
        follows = {"follows_id": id_text(begun.line.referral)}
        given.show(recorded_as_json(recorded) | follows, [reception_line(recorded)])
        if recorded.masked and not given.as_json:
            click.echo(masked_words(recorded.masked), err=True)


def _asked(reception: "Reception", options: Mapping[str, Any]) -> "Reception":
    from dataclasses import replace

    wanted = reception.referral
    if wanted is not None:
        message = wanted.message if options["message"] is None else options["message"]
        wanted = replace(
            wanted,
            to=options["to"] or wanted.to,
            agreement=True if options["agreed"] else None,
            message=message,
        )
    return replace(
        reception,
        referral=wanted,
        notice_given=options["notice_given"],
        agreed_by=options["agreed_by"],
        mode=options["mode"] or reception.mode,
    )


def _fields(given: tuple[str, ...]) -> dict[str, str]:
    fields = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name.strip() not in CORRECTABLE:
            problem = f"Champ à corriger, comme telephone=… : {', '.join(CORRECTABLE)}."
            raise click.BadParameter(problem, param_hint="--set")
        fields[name.strip()] = value
    return fields


def _preview_shape(planned: "CorrectionPreview") -> dict[str, Any]:
    from ui.cli.shapes import changes_shape, details_shape

    return {
        "to": planned.to_name,
        "waits": planned.waits,
        "on_paper": planned.is_on_paper,
        "changes": changes_shape(planned.changes),
        "leaves": details_shape(planned.leaves),
    }


def _preview_lines(planned: "CorrectionPreview", desk: "Desk") -> list[str]:
    from ui.widgets.history_words import change_words

    label = desk.reference.vocabularies.label
    changes = [change_words(change, label) for change in planned.changes]
    return [f"Vers {planned.to_name} :", *changes]
