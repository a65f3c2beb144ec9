"""The steps of a referral in words, the same on every screen and paper. No Qt."""

from collections.abc import Sequence

from app.domain.referral import CANCELLED, FieldChange, Step
from ui.texts import moment, route_label
from ui.widgets.page_values import Badge, TimelineEntry
from ui.widgets.referral_words import Label, status_badge
from ui.widgets.transmitted_fields import field_name, field_words

NOTHING = "rien"


def history_entries(history: Sequence[Step], label: Label) -> tuple[TimelineEntry, ...]:
    """Return the steps of a referral, the latest first, as a timeline shows them."""
    return tuple(_entry(step, label) for step in reversed(history))


def step_lines(step: Step, label: Label) -> tuple[str, ...]:
    """Return what a step says beside its message: why, who would do, what changed into what."""
    why = reason_words(step, label)
    return (*((f"Motif\u202f: {why}",) if why else ()), *told_lines(step, label))


def told_lines(step: Step, label: Label) -> tuple[str, ...]:
    """Return what a step says beside its reason and its message."""
    lines = []
    if step.proposed is not None:
        lines.append(f"Structure proposée\u202f: {step.proposed.name}")
    lines += [change_words(change, label) for change in step.changes]
    return tuple(lines)


def reason_words(step: Step, label: Label) -> str:
    """Return why somebody refused, or why the sender cancelled."""
    vocabulary = "cancellation_reason" if step.status == CANCELLED else "refusal_reason"
    return label(vocabulary, step.reason) if step.reason else ""


def change_words(change: FieldChange, label: Label) -> str:
    """Say what a field was and what it is: « Téléphone : 06… → 07… »."""
    was, became = (
        field_words(change.field, value, label) if value else NOTHING
        for value in (change.was, change.became)
    )
    return f"{field_name(change.field)}\u202f: {was} → {became}"


def _entry(step: Step, label: Label) -> TimelineEntry:
    badge = status_badge(step.status, label)
    doubt = Badge(
        text="Date à vérifier\u202f: l’horloge de ce poste était peut-être fausse",
        icon="clock",
        colour="attention",
    )
    return TimelineEntry(
        title=badge.text,
        when=moment(step.at_s),
        icon=badge.icon,
        colour=badge.colour,
        who=" · ".join(filter(None, (step.by, step.structure, route_label(step.route)))),
        quote=step.message,
        lines=step_lines(step, label),
        badges=(doubt,) if step.clock_doubtful else (),
    )
