"""Turns what was found (communes, structures, persons) into rows to choose from. No Qt."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from app.domain.identifiers import id_text
from app.reference.communes import Commune
from app.store.search import PersonFound
from app.usecases.persons import EncounterLine, PersonFile
from app.usecases.recipients import Recipient
from ui.reception.actions import Chosen, KnownPerson, NewPerson, Proposal
from ui.reception.page_body import BY_PAPER, BY_PROGRAM, OUTSIDE
from ui.texts import count, day, recent_moment
from ui.widgets.referral_words import telephone_words

_MOST_DEMANDS: Final = 3
_SHORTEST_NAME: Final = 3
_LONGEST_DEMAND: Final = 60
_BETWEEN: Final = " · "


def commune_proposals(communes: Sequence[Commune]) -> list[Proposal]:
    """Return communes with their postal codes and their department's number."""
    return [
        Proposal(
            label=_commune_text(commune),
            value=Chosen(code=commune.insee_code, text=_commune_text(commune)),
            detail=_BETWEEN.join((", ".join(commune.postal_codes), commune.epci_name)),
            icon="map-pin",
        )
        for commune in communes
    ]


def recipient_proposals(
    typed: str, recipients: Sequence[Recipient], label: Callable[[str, str], str]
) -> list[Proposal]:
    """Return structures, each saying how it is reached, then the wish to keep what was typed."""
    listed = [
        Proposal(
            label=recipient.name,
            value=Chosen(
                code=recipient.reference
                or (recipient.structure.hex() if recipient.structure else recipient.name),
                text=recipient.name,
                reach=BY_PROGRAM if recipient.takes_part else BY_PAPER,
            ),
            detail=_BETWEEN.join(
                filter(None, (_reach(recipient), *_whereabouts(recipient, label)))
            ),
            icon="send" if recipient.takes_part else "file-text",
        )
        for recipient in recipients
    ]
    return [*listed, *_outside(typed, {one.name for one in recipients})]


def met_proposals(
    recipients: Sequence[Recipient], label: Callable[[str, str], str]
) -> list[Proposal]:
    """Return structures that may have been met already."""
    return [
        Proposal(
            label=recipient.name,
            value=Chosen(code=recipient.reference, text=recipient.name),
            detail=_BETWEEN.join(_whereabouts(recipient, label)),
            icon="building-2",
        )
        for recipient in recipients
    ]


def person_proposals(
    typed: str, persons: Sequence[PersonFound], commune_name: Callable[[str], str]
) -> list[Proposal]:
    """Return the files that answer to what was typed, then the wish for a new one.

    A homonym row opens the file that exists: so it shows what tells two persons apart.
    """
    known = [
        Proposal(
            label=person.display_name,
            value=person,
            detail=_BETWEEN.join(_signs(person, commune_name)),
            icon="user",
        )
        for person in persons
    ]
    new = Proposal(
        label=f"Nouvelle fiche\u202f: {typed.strip()}",
        value=NewPerson(typed=typed),
        detail="aucune de ces personnes" if persons else "personne de ce nom ici",
        icon="plus",
    )
    return [*known, new]


def known_person(file: PersonFile, commune_name: Callable[[str], str]) -> KnownPerson:
    """Return an existing file as the page shows it."""
    details = {
        name: value if isinstance(value := file.details.get(name), str) else ""
        for name in ("family_name", "given_name", "birth_on", "telephone", "email", "address")
    }
    born = details.pop("birth_on")
    return KnownPerson(
        identifier=id_text(file.person.person),
        name=file.person.display_name,
        detail=_BETWEEN.join((*_signs(file.person, commune_name), *_history(file.encounters))),
        fields={**details, "birth": day(born).replace("\u00a0", " ") if born else ""},
        demands=_demands(file.encounters),
    )


def _commune_text(commune: Commune) -> str:
    return f"{commune.name} ({commune.postal_codes[0]})"


def _reach(recipient: Recipient) -> str:
    return "par le programme" if recipient.takes_part else "sur papier ou par fichier chiffré"


def _outside(typed: str, listed: Collection[str]) -> Iterator[Proposal]:
    """Give the wish to hand over to who is in no directory."""
    name = " ".join(typed.split())
    if len(name) >= _SHORTEST_NAME and name not in listed:
        yield Proposal(
            label=f"Hors annuaire\u202f: {name}",
            value=Chosen(code=OUTSIDE, text=name, reach=OUTSIDE),
            detail="aucune de ces structures" if listed else "aucune structure de ce nom",
            icon="plus",
        )


def _whereabouts(recipient: Recipient, label: Callable[[str, str], str]) -> tuple[str, ...]:
    network = label("structure_network", recipient.network) if recipient.network else ""
    return tuple(filter(None, (recipient.commune, network)))


def _signs(person: PersonFound, commune_name: Callable[[str], str]) -> tuple[str, ...]:
    signs = (
        f"naissance {day(person.birth_on)}" if person.birth_on else "naissance non dite",
        commune_name(person.commune) if person.commune else "",
        telephone_words(person.telephone),
        person.short_id,
    )
    return tuple(filter(None, signs))


def _history(encounters: Sequence[EncounterLine]) -> tuple[str, ...]:
    if not encounters:
        return ()
    last = recent_moment(encounters[0].received_at)
    return (count(len(encounters), "accueil"), f"dernier\u202f: {last}")


def _demands(encounters: Sequence[EncounterLine]) -> tuple[tuple[str, str], ...]:
    said: dict[str, str] = {}
    for encounter in encounters:
        words = " ".join(encounter.expressed.split())
        short = words if len(words) <= _LONGEST_DEMAND else f"{words[: _LONGEST_DEMAND - 1]}…"
        said.setdefault(id_text(encounter.demand), short or "Demande sans mots")
    return tuple(said.items())[:_MOST_DEMANDS]
