"""How every ceremony ends: a French sentence or JSON, and an exit code."""

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from sync.authority.refusals import CeremonyError
from sync.authority.texts import REFUSALS

REFUSED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a ceremony did: sentences for a person, facts for a program."""

    said: tuple[str, ...]
    facts: Mapping[str, Any]


def sentence(error: CeremonyError) -> str:
    """Return the French sentence of a refusal."""
    return REFUSALS[error.code].format(**error.facts)


def reporting(ceremony: Callable[..., Outcome]) -> Callable[..., None]:
    """Make a ceremony a command: add `--json`, say the outcome, leave with 1 when it refuses."""

    @click.option("as_json", "--json", is_flag=True, help="Répondre en JSON.")
    @functools.wraps(ceremony)
    def run(*args: Any, as_json: bool = False, **kwargs: Any) -> None:
        try:
            outcome = ceremony(*args, **kwargs)
        except CeremonyError as error:
            _refuse(error, as_json=as_json)
        else:
            text = json.dumps(outcome.facts, ensure_ascii=False) if as_json else None
            click.echo(text or "\n".join(outcome.said))

    return run


def _refuse(error: CeremonyError, *, as_json: bool) -> None:
    text = sentence(error)
    if as_json:
        refusal = {"code": error.code, "message": text}
        text = json.dumps({"error": refusal}, ensure_ascii=False)
    click.echo(text, err=True)
    raise SystemExit(REFUSED)
