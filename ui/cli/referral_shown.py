"""One referral as commands show it: in words, or as stable JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ui.cli.session import Session
from ui.writing_words import masked_words

if TYPE_CHECKING:
    from app.domain.identifiers import SubjectId
    from app.usecases.desk import Desk


def show_referral(
    given: Session, desk: "Desk", subject: "SubjectId", masked: Sequence[str] | None = None
) -> None:
    """Show a referral; `masked` names the fields where a number was masked, after a writing."""
    from app.usecases.referrals import open_referral
    from ui.cli.lines import referral_lines
    from ui.cli.shapes import details_shape, referral_shape

    line = open_referral(desk, subject)
    content = referral_shape(line) | {"details": details_shape(line.details)}
    if masked is not None:
        content["masked"] = list(masked)
    given.show(content, referral_lines(line, desk.reference.vocabularies))
    if masked and not given.as_json:
        click.echo(masked_words(list(masked)), err=True)
