"""What happened at the first door, as one value: one page, any order, almost all of it optional."""

from dataclasses import dataclass, field

from app.domain.identifiers import SubjectId
from app.domain.outside import OutsideStructure

TEXT_MAX = 20_000
"""Signs that one field may hold: the events of a reception must fit in a bundle."""

SHORTEST_TELEPHONE = 6
"""Digits below which a telephone number reaches nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """Who the person is, asked last and only if there is a follow-up.

    `known` names a file that exists here already: what is given completes it.
    """

    known: SubjectId | None = None
    family_name: str = ""
    given_name: str = ""
    birth_name: str = ""
    usual_name: str = ""
    birth_on: str = ""
    telephone: str = ""
    email: str = ""
    address: str = ""
    commune: str = ""

    @property
    def has_name(self) -> bool:
        """Is there a name to write on a referral?"""
        return bool(self.family_name.strip() or self.given_name.strip())

    @property
    def has_contact(self) -> bool:
        """Is there a way to reach the person?"""
        name, _, host = self.email.strip().partition("@")
        digits = sum(sign.isdecimal() for sign in self.telephone)
        return digits >= SHORTEST_TELEPHONE or bool(name and host) or bool(self.address.strip())

    @property
    def says_something(self) -> bool:
        """Is anything said of the person, beyond which file is theirs?"""
        return self != PersonDetails(known=self.known)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedReferral:
    """A hand-over to one recipient.

    `agreement` is what the person answered for this recipient: True, False, or None when nobody
    asked yet. `to` is a directory reference (`source/id`), or a structure identifier in hex.
    `for_barrier` says that the hand-over is about a barrier (mobility, housing) and not about the
    guidance demand: it counts no interlocutor. `other_choice` is why another structure was chosen
    than the one proposed first, `instead_of` the reference of that one; neither ever leaves. With
    `outside`, no directory lists the recipient: `to` is its name, and the program never reaches it.
    `service` is the reference of the one of its services where the person is expected, a permanence
    for instance; "" when only the structure was chosen.
    """

    to: str
    agreement: bool | None = None
    handover: str = ""
    deadline_on: str = ""
    deadline_reason: str = ""
    message: str = ""
    for_barrier: str = ""
    other_choice: str = ""
    instead_of: str = ""
    outside: OutsideStructure | None = None
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """A reception as the agent leaves it. Codes are those of the vocabularies; "" is unknown.

    `received_at` is local time with its offset (ISO 8601). `notice_given` says that the information
    notice was given; `agreement_to_record` is the person's answer, None when it was not asked
    because nothing named is kept, and `agreed_by` says who answered. `is_simple` is a question
    answered in passing, which needs no words. `sensitive_agreed` holds the sensitive codes that the
    person asked to have written, one by one. `next_step` is what follows, by `next_on` (a day), and
    `next_reason` why that day; `beyond_reason` is why somebody meets more interlocutors than aimed.
    `executive` says whether they are one (« cadre »), None when nobody said. How they were received
    here says nothing of what they wish of the second door: the `languages` to be received in, how
    far they `can_travel`, the `mode_wished`, on which `go_day` and `go_half` of it they can go.
    """

    expressed: str
    received_at: str = ""
    door: str = "premiere"
    mode: str = ""
    place: str = ""
    visitor: str = ""
    how_they_came: str = ""
    already_met: tuple[str, ...] = ()
    analysed: str = ""
    purpose: str = ""
    motives: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()
    status: str = ""
    level_reached: str = ""
    diploma_obtained: str = ""
    executive: bool | None = None
    sex: str = ""
    age_band: str = ""
    commune: str = ""
    languages: tuple[str, ...] = ()
    can_travel: str = ""
    mode_wished: str = ""
    go_day: str = ""
    go_half: str = ""
    information_given: tuple[str, ...] = ()
    mixite_addressed: bool = False
    outcome: str = ""
    duration_min: int | None = None
    is_simple: bool = False
    next_step: str = ""
    next_on: str = ""
    next_reason: str = ""
    beyond_reason: str = ""
    sensitive_agreed: tuple[str, ...] = ()
    notice_given: bool = False
    agreement_to_record: bool | None = None
    agreed_by: str = ""
    person: PersonDetails | None = None
    referral: WantedReferral | None = None
    demand: SubjectId | None = None
    reception_note: str = ""
    counselling_note: str = ""
    private_note: str = field(default="", repr=False)

    @property
    def was_refused(self) -> bool:
        """Did the person refuse that something be recorded or transmitted?

        Everything of such a reception stays on this machine.
        """
        refused_hand_over = self.referral is not None and self.referral.agreement is False
        return refused_hand_over or self.agreement_to_record is False
