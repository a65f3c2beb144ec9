"""What the settings decide of « Copier pour… »: the template that F9 fills, one's own. No Qt."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import AppError
from app.domain.folding import fold
from app.reference.copying import CopyTemplate
from ui.texts import sentence_for, typeset

if TYPE_CHECKING:
    from ui.running import Runner

_NOT_IN_CODES = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyingActions:
    """What is done elsewhere; `read`, `keep` and `forget` are called by the runner.

    Attributes:
        read: reads every template (`templates`) and the codes of those written here.
        chosen: the code of the template that F9 fills.
        choose: has F9 fill another one from now on.
        keep: keeps a template of this desk's own (`keep_template`).
        forget: forgets it (`forget_template`).
        fields: what a template may hold: name → words (`FIELDS`).
    """

    read: Callable[[], tuple[Sequence[CopyTemplate], frozenset[str]]]
    chosen: Callable[[], str]
    choose: Callable[[str], None]
    keep: Callable[[CopyTemplate], None]
    forget: Callable[[str], None]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateShown:
    """The template that F9 fills. `example` is what it gives; `is_own`: it was written here."""

    code: str
    label: str
    text: str
    example: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateTyped:
    """A template as it stands in the form; `code` is "" for a new one."""

    code: str
    label: str
    text: str


class CopyingScreen(Protocol):
    """What the card can show."""

    def show_templates(self, choices: Sequence[tuple[str, str]], shown: TemplateShown) -> None:
        """Show every template, as codes and labels, and the one that F9 fills."""
        ...

    def show_example(self, text: str) -> None:
        """Show what the text in the form would give."""
        ...

    def show_fields(self, query: str, found: Sequence[tuple[str, str]]) -> None:
        """Propose the fields that were asked for, as names and words."""
        ...

    def show_refusal(self, sentence: str) -> None:
        """Say why the template in the form is not kept."""
        ...

    def form_taken(self) -> None:
        """Close the form: what it held is kept."""
        ...

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Say what was just done, and offer to undo it."""
        ...


class CopyingPresenter:
    """Decides of the templates. It must be held, by its view for instance."""

    def __init__(self, view: CopyingScreen, actions: CopyingActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._templates: tuple[CopyTemplate, ...] = ()
        self._own: frozenset[str] = frozenset()

    def refresh(self) -> None:
        """Read the templates again."""
        self._runner.run(self._actions.read, self._show, self._refused)

    def choose(self, code: str) -> None:
        """Have F9 fill this template from now on."""
        self._actions.choose(code)
        self._show_chosen()

    def weigh(self, text: str) -> None:
        """Show what a text being typed would give."""
        self._view.show_example(self._example(text))

    def find_fields(self, query: str) -> None:
        """Propose the fields whose words or name hold what was typed."""
        asked = fold(query)
        found = [
            (name, words)
            for name, words in self._actions.fields.items()
            if asked and (asked in fold(words) or fold(name).startswith(asked))
        ]
        self._view.show_fields(query, found)

    def keep(self, typed: TemplateTyped) -> None:
        """Keep what is in the form, and have F9 fill it."""
        code = typed.code or self._new_code(typed.label)
        lines = tuple(line.rstrip() for line in typed.text.strip("\n").split("\n"))
        template = CopyTemplate(code=code, label=typed.label.strip(), lines=lines)
        self._runner.run(
            lambda: self._actions.keep(template), lambda _: self._kept(template), self._refused
        )

    def forget(self) -> None:
        """Forget the template that F9 fills, written here; it can be taken back."""
        template = self._chosen()
        if template is None or template.code not in self._own:
            return

        def forgotten(_: None) -> None:
            self.refresh()
            label = typeset(f"Modèle oublié : {template.label}")
            self._view.say(label, lambda: self._take_back(template))

        self._runner.run(lambda: self._actions.forget(template.code), forgotten, self._refused)

    def _take_back(self, template: CopyTemplate) -> None:
        self._runner.run(
            lambda: self._actions.keep(template),
            lambda _: self._choose_and_refresh(template.code),
            self._refused,
        )

    def _kept(self, template: CopyTemplate) -> None:
        self._view.form_taken()
        self._choose_and_refresh(template.code)
        self._view.say(typeset(f"Modèle gardé : {template.label}. F9 le remplit."))

    def _choose_and_refresh(self, code: str) -> None:
        self._actions.choose(code)
        self.refresh()

    def _show(self, found: tuple[Sequence[CopyTemplate], frozenset[str]]) -> None:
        self._templates, self._own = tuple(found[0]), found[1]
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        text = "\n".join(chosen.lines)
        self._view.show_templates(
            [(one.code, one.label) for one in self._templates],
            TemplateShown(
                code=chosen.code,
                label=chosen.label,
                text=text,
                example=self._example(text),
                is_own=chosen.code in self._own,
            ),
        )

    def _chosen(self) -> CopyTemplate | None:
        """Return the template that F9 fills; the first one if it was forgotten."""
        code = self._actions.chosen()
        named = (one for one in self._templates if one.code == code)
        return next(named, next(iter(self._templates), None))

    def _example(self, text: str) -> str:
        """Fill a text with the words that say what each field is: nobody is made up."""
        template = CopyTemplate(code="", label="", lines=tuple(text.split("\n")))
        return template.filled({name: f"({words})" for name, words in self._actions.fields.items()})

    def _new_code(self, label: str) -> str:
        """Return a code for a new template that no other has."""
        base = _NOT_IN_CODES.sub("-", fold(label)).strip("-") or "modele"
        taken = {one.code for one in self._templates}
        codes = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
        return next(code for code in codes if code not in taken)

    def _refused(self, error: Exception) -> None:
        self._view.show_refusal(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
