"""A referral (mise en relation) and what became of it, told by its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

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
        CANCELLED: frozenset(),
        WITHDRAWN: frozenset(),
    }
)


_UNDECIDED = frozenset({DRAFT, TO_SEND, SENT, UNANSWERED})
_MAY_GET_FILE = frozenset({SENT, UNANSWERED, CONSIDERED, ACCEPTED, MET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a referral's history. `at_s` is the author's clock, for people to read."""

    status: str
    at_s: int
    by: str
    structure: str
    route: str
    clock_doubtful: bool = False
    reason: str = ""
    message: str = ""


def status_of(history: Sequence[Step]) -> str:
    """Return where a referral stands: its last step.

    Neither an acknowledgement nor sending it once more ever hides an answer.

    `history` is in causal order (Lamport), not by the clocks of those who answered.
    """
    last = DRAFT
    for step in history:
        if step.status != RECEIVED and (step.status != SENT or last in _UNDECIDED):
            last = step.status
    arrived = any(step.status == RECEIVED for step in history)
    return RECEIVED if arrived and last in {DRAFT, TO_SEND, SENT} else last


def may_get_file(status: str) -> bool:
    """Is the recipient of a referral that stands there still in want of its slip?"""
    return status in _MAY_GET_FILE


def may_follow(present: str, status: str) -> bool:
    """Can a referral that stands there receive that answer?

    What may follow a status of a newer program is not known here: nobody is kept from answering.
    """
    return status in _FOLLOWS.get(present, frozenset((*ANSWERS_OF_RECIPIENT, *ANSWERS_OF_SENDER)))
