"""What the sender can still do with a referral, in words. No Qt."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.domain.identifiers import SubjectId
from app.domain.referral import (
    CANCELLED,
    CORRECTED,
    RESUMED,
    may_correct,
    may_follow,
    may_reorient,
    may_resend,
)
from app.domain.referral_corrections import HELD_FIELDS, RELAY_FIELDS, VOCABULARY_OF_RELAY
from app.reference.vocabulary import Vocabulary
from app.usecases.referral_changes import CANCELLATION_REASON, CorrectionPreview
from app.usecases.referrals import OUT, ReferralLine
from ui.referrals.transmitted import transmitted_parts
from ui.texts import moment
from ui.widgets.history_words import change_words
from ui.widgets.referral_words import Label, partner_words
from ui.widgets.transmitted_fields import Part, field_name

DAY: Final = "day"
CHOICE: Final = "choice"
LINE: Final = "line"
LINES: Final = "lines"

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(VOCABULARY_OF_RELAY, CHOICE),
        **dict.fromkeys(("birth_on", "deadline_on"), DAY),
        **dict.fromkeys(("expressed", "analysed", "message"), LINES),
    }
)
_FIRST: Final = ("telephone", "email")
_ORDER: Final = (
    *_FIRST,
    *RELAY_FIELDS,
    *(field for field in HELD_FIELDS if field not in _FIRST),
)
"""What changes most often comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectableField:
    """A field as the form offers it: its code, its name, how it is typed, what it says now."""

    field: str
    label: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderOffers:
    """What can be done from here, now, `today`. `cancels` and `resends` say what doing it does."""

    cancels: str = ""
    resends: str = ""
    may_resume: bool = False
    may_reorient: bool = False
    reasons: tuple[tuple[str, str], ...] = ()
    fields: tuple[CorrectableField, ...] = ()
    today: dt.date = dt.date.min

    @property
    def is_empty(self) -> bool:
        """Is there nothing more to do with it?"""
        return not (self.cancels or self.resends or self.fields or self._leads_on)

    @property
    def _leads_on(self) -> bool:
        return self.may_resume or self.may_reorient


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionShown:
    """What a correction would do: each change, where it goes, and all that then is there."""

    headline: str
    lines: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """Another referral of the same story, and what it is to this one."""

    referral: SubjectId
    words: str


def sender_offers(
    line: ReferralLine,
    *,
    has_left: bool,
    label: Label,
    vocabulary: Callable[[str], Vocabulary],
    today: dt.date,
) -> SenderOffers:
    """Return what the sender may do with a referral; nothing with one that was received."""
    if line.direction != OUT:
        return SenderOffers()
    may_cancel = may_follow(line.status, CANCELLED)
    is_open_end = not line.continued_by
    resends = may_resend(line.status) and is_open_end and (line.shared is None or has_left)
    return SenderOffers(
        cancels=_cancels(line, has_left=has_left) if may_cancel else "",
        resends=_resends(line) if resends else "",
        may_resume=may_follow(line.status, RESUMED),
        may_reorient=may_reorient(line.status) and is_open_end and line.person is not None,
        reasons=_choices(vocabulary(CANCELLATION_REASON), today),
        fields=_fields(line, label, vocabulary, today) if may_correct(line.status) else (),
        today=today,
    )


def correction_shown(
    preview: CorrectionPreview, label: Label, commune_name: Callable[[str], str]
) -> CorrectionShown:
    """Say what a correction would change, and show everything that the recipient then holds."""
    headline = f"{preview.to_name} lira ce qui change, et gardera ce qui était\u202f:"
    if preview.waits:
        headline = "Rien n’est parti encore\u202f: seul ce qui est corrigé partira, sans l’ancien."
    if preview.is_on_paper:
        headline = "Rien ne part par le réseau\u202f: réimprimez la fiche pour la remettre."
    return CorrectionShown(
        headline=headline,
        lines=tuple(change_words(change, label) for change in preview.changes),
        # On paper the slip says more than the referral holds: the page goes on showing it.
        parts=() if preview.is_on_paper else transmitted_parts(preview.leaves, label, commune_name),
    )


def page_links(
    line: ReferralLine, others: Sequence[ReferralLine], label: Label
) -> tuple[PageLink, ...]:
    """Return what a referral goes on from, and what it led to."""
    links = []
    for other in others:
        before = other.referral in {line.follows, line.resends}
        is_copy = other.referral == line.resends or other.resends == line.referral
        what = ("Copie de" if is_copy else "Suite de") if before else "Suite"
        if is_copy and not before:
            what = "Renvoyée"
        status = label("referral_status", other.status)
        words = f"{what}\u202f: code {other.short_id} · {partner_words(other)} · {status}"
        links.append(PageLink(referral=other.referral, words=words))
    return tuple(links)


def update_words(line: ReferralLine, label: Label) -> tuple[str, ...]:
    """Say what the sender corrected last and nobody here had read: who, when, field by field."""
    made = [step for step in line.history if step.status == CORRECTED]
    new = made[-len(line.unread) :] if line.unread else []
    return tuple(
        text
        for step in new
        for text in (
            f"Mise à jour par {step.structure}, {moment(step.at_s)}",
            *(change_words(change, label) for change in step.changes),
        )
    )


def _cancels(line: ReferralLine, *, has_left: bool) -> str:
    if line.shared is None:
        return "La fiche est entre les mains de la personne\u202f: dites-le-lui, et au partenaire."
    if not has_left:
        return "Elle n’est pas partie\u202f: elle ne partira pas."
    return f"{line.to_name} verra qu’elle est annulée, et pourquoi si vous le dites."


def _resends(line: ReferralLine) -> str:
    if line.shared is None:
        return (
            "Une nouvelle fiche est faite, avec un autre code et le même contenu\u202f;"
            " celle-ci est marquée remplacée."
        )
    return (
        f"{line.to_name} recevra de nouveau exactement ce qui est montré ici, sous un autre"
        " code\u202f; celle-ci est marquée remplacée."
    )


def _fields(
    line: ReferralLine,
    label: Label,
    vocabulary: Callable[[str], Vocabulary],
    today: dt.date,
) -> tuple[CorrectableField, ...]:
    fields = []
    for name in _ORDER:
        value = line.details.get(name)
        if name in HELD_FIELDS and not value:
            continue  # the agreement does not cover what did not leave
        said = value if isinstance(value, str) else ""
        choices: tuple[tuple[str, str], ...] = ()
        if name in VOCABULARY_OF_RELAY:
            choices = _choices(vocabulary(VOCABULARY_OF_RELAY[name]), today)
            if said and said not in dict(choices):
                choices += ((said, label(VOCABULARY_OF_RELAY[name], said)),)
        fields.append(
            CorrectableField(
                field=name,
                label=field_name(name),
                kind=_KINDS.get(name, LINE),
                value=said,
                choices=choices,
            )
        )
    return tuple(fields)


def _choices(vocabulary: Vocabulary, today: dt.date) -> tuple[tuple[str, str], ...]:
    return tuple((entry.code, entry.label) for entry in vocabulary.active(today))
