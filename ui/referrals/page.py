"""Referrals as words: rows of the list, and the page of one. No Qt."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.identifiers import SubjectId
from app.domain.outside import outside_of
from app.domain.referral import (
    ACCEPTED,
    ANSWERS_OF_RECIPIENT,
    ANSWERS_OF_SENDER,
    BY_FILE,
    CANCELLED,
    CONSIDERED,
    DRAFT,
    MET,
    RECEIVED,
    REFUSED,
    SENT,
    TO_SEND,
    UNANSWERED,
    may_follow,
)
from app.reference.vocabulary import Vocabulary
from app.usecases import record_states
from app.usecases.record_states import RecordState
from app.usecases.referrals import IN, ReferralLine
from ui.referrals.sender_words import (
    PageLink,
    SenderOffers,
    page_links,
    sender_offers,
    update_words,
)
from ui.referrals.transmitted import transmitted_parts
from ui.texts import moment, since
from ui.widgets.expected_words import expected_words
from ui.widgets.history_words import history_entries
from ui.widgets.page_values import Badge, TimelineEntry
from ui.widgets.referral_words import Label, partner_words, status_badge, telephone_words
from ui.widgets.state_words import referral_state_badge
from ui.widgets.transmitted_fields import Part

if TYPE_CHECKING:
    from app.usecases.papers import SlipRead

LONG_WAIT = dt.timedelta(days=14)
"""After this long without an answer, one rings up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What turns codes into words; all answer for codes nobody knows.

    `reasons` is the vocabulary of refusals; `vocabulary` gives any by its name.
    """

    label: Label
    commune_name: Callable[[str], str]
    reasons: Vocabulary
    vocabulary: Callable[[str], Vocabulary]
    now: Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRow:
    """A referral as a row. `spoken` is the whole row for those who hear it."""

    referral: SubjectId
    name: str
    partner: str
    badge: Badge
    since: str
    next_step: str

    @property
    def spoken(self) -> str:
        """Say the row in one breath."""
        return ", ".join((self.name, self.partner, self.badge.text, self.since, self.next_step))

    @property
    def key(self) -> SubjectId:
        """What names it in the list."""
        return self.referral

    @property
    def tip(self) -> str:
        """What may be cut where there is little room."""
        return f"{self.name} · {self.partner}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that can be chosen: its code, its words, perhaps what to add.

    `asks_structure` says that it may come with the structure that would do instead.
    """

    code: str
    label: str
    hint: str = ""
    asks_structure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOffers:
    """What can be answered from here, now.

    `own` are answers of this structure, `reported` those the other structure gave by telephone or
    on paper, `reasons` those of a refusal. `reader` is who will read the message; `is_for_sender`
    says that it was sent from here.
    """

    own: tuple[Offer, ...]
    reported: tuple[Offer, ...]
    reasons: tuple[Offer, ...]
    reader: str
    is_for_sender: bool = False

    @property
    def is_empty(self) -> bool:
        """Is there nothing to answer any more?"""
        return not self.own and not self.reported


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPage:
    """Everything the page of one referral shows, in words.

    `sent` says how far what was written here of it has got; None when nothing was. `person`
    is whose it is, when their file is here. `partner` is where the person is expected there and how
    the other structure is reached, a line each, as far as it is known.
    `structure` names in the directory the one it goes to, or is "".
    `may_be_locked` says that its slip can go as an encrypted file. `sender` is what the sender can
    still do, `links` the others of the same story, and `updates` what was corrected and not read
    here before.
    """

    referral: SubjectId
    person: SubjectId | None
    direction: str
    name: str
    code: str
    telephone: str
    email: str
    badge: Badge
    sent: Badge | None
    since: str
    about: str
    partner: str
    next_step: str
    parts_title: str
    parts: tuple[Part, ...]
    history: tuple[TimelineEntry, ...]
    offers: AnswerOffers
    structure: str = ""
    may_be_locked: bool = False
    sender: SenderOffers = field(default_factory=SenderOffers)
    links: tuple[PageLink, ...] = ()
    updates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is read beside a referral for its page.

    Attributes:
        state: how far what was written here of it has got.
        has_left: did anything of it leave this machine?
        others: what it goes on from and what it led to.
    """

    state: RecordState | None = None
    has_left: bool = True
    others: tuple[ReferralLine, ...] = ()


_NOTED_BY_SENDER = tuple(status for status in ANSWERS_OF_SENDER if status != CANCELLED)
"""Cancelling has a place of its own."""

_NEXT_IN: Mapping[str, str] = MappingProxyType(
    {
        SENT: "À répondre",
        RECEIVED: "À répondre",
        UNANSWERED: "À répondre\u202f: l’autre structure attend",
        CONSIDERED: "Accepter ou refuser",
        ACCEPTED: "Joindre la personne",
        MET: "Clôturer le moment venu",
    }
)
_NEXT_OUT: Mapping[str, str] = MappingProxyType(
    {
        DRAFT: "Rien n’est parti",
        TO_SEND: "Partira au prochain échange",
        SENT: "Attendre la réponse",
        RECEIVED: "Attendre la réponse",
        UNANSWERED: "Appeler la structure",
        CONSIDERED: "Attendre la décision",
        ACCEPTED: "Attendre le premier contact",
        MET: "Rien à faire\u202f: la personne est reçue",
        REFUSED: "Demander à une autre structure",
    }
)


def referral_row(line: ReferralLine, words: Words) -> ReferralRow:
    """Put a referral in words, as a row."""
    now = words.now()
    return ReferralRow(
        referral=line.referral,
        name=line.display_name or "Sans nom",
        partner=partner_words(line),
        badge=status_badge(line.status, words.label),
        since=since(_standing_since_s(line), now),
        next_step=_next_step(line, now),
    )


def record_of(line: ReferralLine) -> SubjectId:
    """Return the record that travels: the copy that both doors read, when there is one."""
    return line.shared or line.referral


def referral_page(read: "SlipRead", beside: Beside, words: Words) -> ReferralPage:
    """Put a referral in words, as a page; what goes on paper alone is shown as its slip says it."""
    now, line, state = words.now(), read.line, beside.state
    told = line.details if line.shared is not None else {**line.details, **read.content}
    return ReferralPage(
        referral=line.referral,
        person=line.person,
        direction=line.direction,
        name=line.display_name or "Sans nom",
        code=line.short_id,
        telephone=telephone_words(_text(told.get("telephone"))),
        email=_text(told.get("email")),
        badge=status_badge(line.status, words.label),
        sent=_sent(line, state),
        since=since(_standing_since_s(line), now),
        about=f"{partner_words(line)} · {line.author} · {moment(line.created_at_s, now)}",
        partner="\n".join(filter(None, (_expected(read), _partner_contact(read)))),
        next_step=_by_stick(line, state) or _next_step(line, now),
        parts_title=_parts_title(read),
        parts=transmitted_parts(told, words.label, words.commune_name),
        history=history_entries(line.history, words.label),
        offers=_offers(line, words),
        structure="" if outside_of(line.details) else line.to_reference,
        may_be_locked=read.may_be_file,
        sender=sender_offers(
            line,
            has_left=beside.has_left,
            label=words.label,
            vocabulary=words.vocabulary,
            today=now.astimezone().date(),
        ),
        links=page_links(line, beside.others, words.label),
        updates=update_words(line, words.label),
    )


def _sent(line: ReferralLine, state: RecordState | None) -> Badge | None:
    """Say how far the referral has got, or the answer given here to one that came."""
    badge = referral_state_badge(state, line.status)
    if line.direction != IN or badge is None or state is None:
        return badge
    if state.state == record_states.PULLED or line.status in {SENT, RECEIVED, UNANSWERED}:
        return None  # nothing was answered yet: that it arrived is noted by itself
    return Badge(text=f"Votre réponse · {badge.text}", icon=badge.icon, colour=badge.colour)


def _partner_contact(read: "SlipRead") -> str:
    """Say how the other structure is reached: one calls it, to hear or to give an answer."""
    known = read.sender if read.line.direction == IN else read.outside or read.place
    if known is None:
        return ""
    said = " · ".join(filter(None, (telephone_words(known.telephone or ""), known.email)))
    return f"Joindre cette structure\u202f: {said}" if said else ""


def _expected(read: "SlipRead") -> str:
    """Say at which service the person is expected; whoever receives reads it in what they got."""
    if read.line.direction == IN:
        return ""
    return expected_words(read.line.to_service_name, read.place if read.service else None)


def _standing_since_s(line: ReferralLine) -> int:
    """Return when the referral came to where it stands, by the clock of who said so."""
    steps = [step.at_s for step in line.history if step.status == line.status]
    return steps[-1] if steps else line.created_at_s


def _next_step(line: ReferralLine, now: dt.datetime) -> str:
    if line.direction == IN:
        step = _NEXT_IN.get(line.status, "Rien à faire")
        return f"Mise à jour à lire · {step[:1].lower()}{step[1:]}" if line.unread else step
    if line.continued_by:
        return "Rien à faire\u202f: une autre la suit"
    waited = now - dt.datetime.fromtimestamp(_standing_since_s(line), tz=dt.UTC)
    if line.status in {SENT, RECEIVED, CONSIDERED, ACCEPTED} and waited > LONG_WAIT:
        return "Appeler la structure"
    return _NEXT_OUT.get(line.status, "Rien à faire")


def _by_stick(line: ReferralLine, state: RecordState | None) -> str:
    """Say what comes next of a referral that left by a stick, which no relay has signed for."""
    if line.status != TO_SEND or state is None:
        return ""
    if state.state == record_states.ON_STICK:
        return "La clé l’emporte\u202f; partira aussi au prochain échange"
    return "Arrivée par une clé" if state.state == record_states.RECEIVED else ""


def _parts_title(read: "SlipRead") -> str:
    line = read.line
    if line.direction == IN:
        return "Ce qui vous a été transmis"
    if line.shared is None:
        if not read.is_agreed:
            return "Sur papier seulement"
        by_file = any(step.route == BY_FILE for step in line.history)
        return "Ce que porte la fiche chiffrée" if by_file else "Ce que porte la fiche papier"
    return "Ce qui va partir" if line.status == TO_SEND else "Ce qui a été transmis"


def _offers(line: ReferralLine, words: Words) -> AnswerOffers:
    def among(statuses: tuple[str, ...]) -> tuple[Offer, ...]:
        return tuple(
            Offer(code=status, label=words.label("referral_status", status))
            for status in statuses
            if may_follow(line.status, status)
        )

    is_in = line.direction == IN
    return AnswerOffers(
        own=among(ANSWERS_OF_RECIPIENT if is_in else _NOTED_BY_SENDER),
        reported=() if is_in else among(ANSWERS_OF_RECIPIENT),
        reasons=tuple(
            Offer(
                code=entry.code,
                label=entry.label,
                hint=entry.hint,
                asks_structure=bool(entry.attributes.get("asks_structure")),
            )
            for entry in words.reasons.active(words.now().astimezone().date())
        ),
        reader=line.from_name if is_in else line.to_name,
        is_for_sender=not is_in,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
