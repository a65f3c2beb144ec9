"""A referral (mise en relation) and what became of it, told by its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.events import Value

DRAFT = "brouillon"
TO_SEND = "a_transmettre"
SENT = "transmise"
RECEIVED = "recue"
CONSIDERED = "a_l_etude"
ACCEPTED = "acceptee"
MET = "contact_effectif"
CLOSED = "cloturee"
REFUSED = "refusee"
UNANSWERED = "sans_reponse"
CANCELLED = "annulee"
WITHDRAWN = "retiree_par_la_personne"
REPLACED = "remplacee"
RESUMED = "retablie"
CORRECTED = "corrigee"
CORRECTION_READ = "mise_a_jour_lue"

BY_RELAY = "relay"
BY_PAPER = "paper"
BY_FILE = "file"
BY_TELEPHONE = "telephone"
BY_EMAIL = "email"
HERE = "here"
ROUTES = (BY_RELAY, BY_PAPER, BY_TELEPHONE, BY_EMAIL, HERE)
"""How an answer can come. A referral leaves by the first two, or as an encrypted file (BY_FILE)."""

ANSWERS_OF_RECIPIENT = (CONSIDERED, ACCEPTED, MET, CLOSED, REFUSED)
ANSWERS_OF_SENDER = (UNANSWERED, CANCELLED, WITHDRAWN)

NOT_STANDING = (RECEIVED, CORRECTED, CORRECTION_READ, RESUMED)
"""Steps that say nothing of where a referral stands by themselves."""

KNOWN_AS = "known_as"
"""The field with the code that was printed before a referral was corrected, before it left."""

SERVICE = "to_service"
"""The field that names the service chosen of the recipient; it stays with who sent."""

SERVICE_NAME = "to_service_name"
"""The field with the name that service had then: both doors read it, whatever the directory."""

_GOES_ON = frozenset({TO_SEND, SENT, RECEIVED, CONSIDERED, ACCEPTED, MET, UNANSWERED})
_MAY_BE_LOST = frozenset({TO_SEND, SENT, UNANSWERED, CANCELLED})
_LEADS_NOWHERE = frozenset({REFUSED, UNANSWERED, CANCELLED, WITHDRAWN})

_FOLLOWS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        SENT: frozenset({CONSIDERED, ACCEPTED, REFUSED, MET, UNANSWERED, CANCELLED, WITHDRAWN}),
        RECEIVED: frozenset({CONSIDERED, ACCEPTED, REFUSED, MET, UNANSWERED, CANCELLED, WITHDRAWN}),
        TO_SEND: frozenset({CANCELLED, WITHDRAWN, UNANSWERED}),
        DRAFT: frozenset({CANCELLED, WITHDRAWN}),
        CONSIDERED: frozenset({ACCEPTED, REFUSED, MET, CLOSED, CANCELLED, WITHDRAWN}),
        ACCEPTED: frozenset({MET, CLOSED, REFUSED, CANCELLED, WITHDRAWN}),
        MET: frozenset({CLOSED, WITHDRAWN}),
        UNANSWERED: frozenset({CONSIDERED, ACCEPTED, REFUSED, MET, CANCELLED, WITHDRAWN}),
        REFUSED: frozenset({ACCEPTED, CONSIDERED}),
        CLOSED: frozenset(),
        CANCELLED: frozenset({RESUMED}),
        WITHDRAWN: frozenset(),
        # What was thought lost may have arrived: whoever has it can still answer it.
        REPLACED: frozenset({CONSIDERED, ACCEPTED, REFUSED, MET}),
    }
)


_UNDECIDED = frozenset({DRAFT, TO_SEND, SENT, UNANSWERED})
_MAY_GET_FILE = frozenset({SENT, UNANSWERED, CONSIDERED, ACCEPTED, MET})


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field that the sender corrected: what it said, and what it says; None for nothing."""

    field: str
    was: Value
    became: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The structure that whoever refuses proposes: a directory reference, and its name there."""

    reference: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a referral's history. `at_s` is the author's clock, for people to read.

    `changes` are what a correction changed; `proposed` comes with a refusal, if it does.
    """

    status: str
    at_s: int
    by: str
    structure: str
    route: str
    clock_doubtful: bool = False
    reason: str = ""
    message: str = ""
    changes: tuple[FieldChange, ...] = ()
    proposed: Proposed | None = None


def status_of(history: Sequence[Step]) -> str:
    """Return where a referral stands: its last step.

    Neither an acknowledgement nor sending it once more ever hides an answer.

    `history` is in causal order (Lamport), not by the clocks of those who answered. A cancellation
    that was taken back counts no more; what the other structure answered is never hidden because
    it was sent again meanwhile.
    """
    answers: list[str] = []
    for step in history:
        if step.status == RESUMED and answers and answers[-1] == CANCELLED:
            answers.pop()
        is_sent_again = step.status == SENT and answers and answers[-1] not in _UNDECIDED
        if step.status not in NOT_STANDING and not is_sent_again:
            answers.append(step.status)
    last = answers[-1] if answers else DRAFT
    if last == REPLACED:
        said = [status for status in answers if status in ANSWERS_OF_RECIPIENT]
        last = said[-1] if said else last
    arrived = any(step.status == RECEIVED for step in history)
    return RECEIVED if arrived and last in {DRAFT, TO_SEND, SENT} else last


def may_get_file(status: str) -> bool:
    """Is the recipient of a referral that stands there still in want of its slip?"""
    return status in _MAY_GET_FILE


def may_correct(present: str) -> bool:
    """Can the sender still correct what was handed over? Not once it is over or refused."""
    return present in _GOES_ON


def may_resend(present: str) -> bool:
    """Can the same be sent once more to the same structure, because it may be lost?"""
    return present in _MAY_BE_LOST


def may_reorient(present: str) -> bool:
    """Can somebody else be asked, because it leads nowhere as it stands?"""
    return present in _LEADS_NOWHERE


def may_follow(present: str, status: str) -> bool:
    """Can a referral that stands there receive that answer?

    What may follow a status of a newer program is not known here: nobody is kept from answering.
    """
    return status in _FOLLOWS.get(present, frozenset((*ANSWERS_OF_RECIPIENT, *ANSWERS_OF_SENDER)))
