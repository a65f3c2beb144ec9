"""The templates of « Copier pour… »: those of the program, and those that a desk writes."""

import json
from collections.abc import Collection
from dataclasses import replace

from app.domain.errors import TemplateRefusedError, UnknownTemplateError
from app.domain.personal_numbers import masked
from app.reference.copying import CopyTemplate
from app.store.writer import Tx
from app.usecases.desk import Desk

_OWN = "copy_templates"
MOST_TEMPLATES = 50
LONGEST_TEMPLATE = 4_000


def templates(desk: Desk) -> list[CopyTemplate]:
    """Return the templates to choose from: the program's, then this desk's own, by name."""
    own = sorted(_own(desk).values(), key=lambda template: template.label.casefold())
    replaced = {template.code for template in own}
    return [one for one in desk.reference.copying if one.code not in replaced] + own


def own_templates(desk: Desk) -> frozenset[str]:
    """Return the codes of the templates written at this desk."""
    return frozenset(_own(desk))


def find_template(desk: Desk, code: str) -> CopyTemplate:
    """Return the template of a code, or of a label.

    Raises:
        UnknownTemplateError: there is none.
    """
    for template in templates(desk):
        if code in {template.code, template.label}:
            return template
    raise UnknownTemplateError(code)


def keep_template(desk: Desk, template: CopyTemplate, *, known: Collection[str]) -> None:
    """Keep a template at this desk; one of the same code is replaced. Numbers are masked.

    Args:
        desk: where.
        template: what to keep.
        known: the fields that can be filled.

    Raises:
        TemplateRefusedError: it has no name, no text, a field that nothing fills, or is too long.
    """
    template = replace(
        template, label=masked(template.label), lines=tuple(map(masked, template.lines))
    )
    unknown = template.unknown_fields(known)
    is_short = sum(map(len, template.lines)) <= LONGEST_TEMPLATE
    others = {code: one for code, one in _own(desk).items() if code != template.code}
    says_something = bool(template.label.strip() and any(map(str.strip, template.lines)))
    if unknown or not is_short or not says_something or len(others) >= MOST_TEMPLATES:
        raise TemplateRefusedError(unknown)
    _keep(desk, {**others, template.code: template})


def forget_template(desk: Desk, code: str) -> None:
    """Forget a template that this desk wrote; the program's own comes back if it replaced one.

    Raises:
        UnknownTemplateError: this desk wrote no such template.
    """
    own = _own(desk)
    if code not in own:
        raise UnknownTemplateError(code)
    _keep(desk, {name: one for name, one in own.items() if name != code})


def _own(desk: Desk) -> dict[str, CopyTemplate]:
    with desk.workspace.read() as connection:
        row = connection.execute("SELECT text FROM memos WHERE name = ?", (_OWN,)).fetchone()
    kept = json.loads(row[0]) if row else {}
    return {
        code: CopyTemplate(code=code, label=one["label"], lines=tuple(one["lines"]))
        for code, one in kept.items()
    }


def _keep(desk: Desk, own: dict[str, CopyTemplate]) -> None:
    content = {
        code: {"label": one.label, "lines": list(one.lines)} for code, one in sorted(own.items())
    }

    def work(tx: Tx) -> None:
        memo = (_OWN, json.dumps(content, ensure_ascii=False))
        tx.execute("INSERT OR REPLACE INTO memos (name, text) VALUES (?, ?)", memo)

    desk.workspace.writer.write(work)
