"""Who a referral can go to: by the program when the structure takes part, else on paper."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.errors import ReferralToOneselfError, UnknownStructureError
from app.domain.folding import fold_tokens
from app.domain.identifiers import StructureId
from app.domain.outside import OutsideStructure
from app.domain.reception import WantedReferral
from app.domain.referral_errors import UnknownServiceError
from app.usecases.desk import Desk, OwnStructure
from app.usecases.directory.shelf import desk_directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A structure as a choice: `structure` is None when the program does not reach it.

    `outside` says how one that no directory lists is reached; its name stands for a reference.
    `service` is the reference of the service of it that was chosen, and `service_name` its name.
    """

    reference: str
    name: str
    network: str
    commune: str
    structure: StructureId | None
    outside: OutsideStructure | None = None
    service: str = ""
    service_name: str = ""

    @property
    def takes_part(self) -> bool:
        """Can a sealed referral reach this structure through the program?"""
        return self.structure is not None


def recipients(desk: Desk, text: str = "", *, limit: int = 20) -> list[Recipient]:
    """Return the structures that match a few words (all of them without), own one left out."""
    own = desk.own_structure()
    others = [found for found in _everyone(desk) if not _is_own(found, own)]
    if not text.strip():
        return others
    directory = desk_directory(desk)
    by_reference = {found.reference: found for found in others}
    found = directory.search(text, limit + 1)  # one more: the own structure may be among them
    matching = [by_reference[one.reference] for one in found if one.reference in by_reference]
    listed = {entry.reference for entry in directory.all()}
    asked = fold_tokens(text)
    matching += [
        other
        for other in others
        if other.reference not in listed and _begins_words_of(asked, other.name)
    ]
    return matching[:limit]


def find_recipient(desk: Desk, wanted: str) -> Recipient:
    """Return the recipient a referral names: directory reference, identifier or whole name.

    Raises:
        UnknownStructureError: no structure answers to that, or several bear that name.
        ReferralToOneselfError: it is the structure of this workspace.
    """
    everyone, asked = _everyone(desk), wanted.strip()
    found = [one for one in everyone if asked and asked in _identifiers(one)]
    found = found or [one for one in everyone if asked and asked == one.name]
    if len(found) != 1:
        raise UnknownStructureError(wanted)
    if _is_own(found[0], desk.own_structure()):
        raise ReferralToOneselfError
    return found[0]


def recipient_of(desk: Desk, wanted: WantedReferral) -> Recipient:
    """Return the recipient of a hand-over, listed or not, with the service chosen.

    Raises:
        UnknownStructureError, ReferralToOneselfError: see `find_recipient`.
        UnknownServiceError: the service wanted is not one of that structure.
    """
    if wanted.outside is None:
        return _with_service(desk, find_recipient(desk, wanted.to), wanted.service)
    if wanted.service:
        raise UnknownServiceError(wanted.service)
    name = " ".join(wanted.to.split())
    own = desk.own_structure()
    if fold_tokens(name) == fold_tokens(own.name):
        raise ReferralToOneselfError
    if any(name in _identifiers(one) for one in _everyone(desk)):
        return find_recipient(desk, name)  # a reference, which would be taken for that structure
    return Recipient(
        reference=name, name=name, network="", commune="", structure=None, outside=wanted.outside
    )


def _with_service(desk: Desk, found: Recipient, wanted: str) -> Recipient:
    if not wanted:
        return found
    try:
        services = desk_directory(desk).by_reference(found.reference).services
    except UnknownStructureError:
        services = ()
    for one in services:
        if wanted in {one.reference, one.id}:
            return replace(found, service=one.reference, service_name=one.name)
    raise UnknownServiceError(wanted)


def _everyone(desk: Desk) -> list[Recipient]:
    """Return every structure of the directory, then those that take part outside of it."""
    taking_part = _taking_part(desk)
    listed = [
        Recipient(
            reference=entry.reference,
            name=entry.display_name,
            network=entry.network,
            commune=entry.commune_name,
            structure=taking_part.pop(entry.reference, (None, ""))[0],
        )
        for entry in desk_directory(desk).all()
    ]
    return listed + [
        Recipient(reference=reference, name=name, network="", commune="", structure=structure)
        for reference, (structure, name) in taking_part.items()
    ]


def _is_own(recipient: Recipient, own: OwnStructure) -> bool:
    return recipient.structure == own.id or recipient.reference == own.reference


def _identifiers(recipient: Recipient) -> set[str]:
    identifier = recipient.structure.hex() if recipient.structure else recipient.reference
    return {recipient.reference, recipient.reference.rpartition("/")[2], identifier}


def _begins_words_of(asked: Sequence[str], name: str) -> bool:
    words = fold_tokens(name)
    return all(any(word.startswith(one) for word in words) for one in asked)


def _taking_part(desk: Desk) -> dict[str, tuple[StructureId, str]]:
    with desk.workspace.read() as connection:
        rows = connection.execute(
            "SELECT structure, name, directory FROM structures ORDER BY name, structure"
        ).fetchall()
    return {
        directory or structure.hex(): (StructureId(structure), name)
        for structure, name, directory in rows
    }
