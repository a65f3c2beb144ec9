"""Invented events for the vectors: a reception, and cases where machines disagree."""

from app.domain.events import Append, Event, SealedValue, Write
from app.domain.identifiers import EventId, Incarnation, SubjectId, event_id
from tests.exchange.event_forms import OTHER, OWN, SPACE
from tests.exchange.parties import NOW_S

PERSON, DEMAND, ENCOUNTER = (event_id(OWN, counter) for counter in (1, 2, 3))


def event(name: EventId, subject: SubjectId, kind: str, lamport: int, **more) -> Event:
    return Event(
        id=name,
        space=SPACE,
        subject=subject,
        kind=kind,
        version=more.pop("version", 1),
        lamport=lamport,
        at_s=more.pop("at_s", NOW_S + lamport * 60),
        author=more.pop("author", "Agent exemple"),
        **more,
    )


def writes(**values) -> tuple[Write, ...]:
    return tuple(Write(field=field, value=value) for field, value in sorted(values.items()))


RECEPTION = [
    event(
        PERSON,
        SubjectId(PERSON),
        "person",
        1,
        writes=writes(
            family_name="Exemple",
            first_name="Camille",
            phone="0000000000",
            commune="37261",
            birth_year=1998,
        ),
    ),
    event(
        DEMAND,
        SubjectId(DEMAND),
        "demand",
        2,
        writes=writes(
            person=bytes(SubjectId(PERSON)),
            expressed="Je cherche une formation près de chez moi.",
            motives=("trouver_formation", "mobilite"),
            barriers=("mobilite",),
            counsel=SealedValue(
                compartment="conseil",
                key_id=bytes(range(8)),
                nonce=bytes(range(12)),
                ciphertext=bytes(range(40)),
            ),
        ),
    ),
    event(
        ENCOUNTER,
        SubjectId(ENCOUNTER),
        "encounter",
        3,
        clock_doubtful=True,
        writes=writes(demand=bytes(SubjectId(DEMAND)), minutes=25, mode="sans_rdv", alone=True),
        appends=(
            Append(list_name="information", value={"code": "FOR.1234", "given": True}),
            Append(list_name="information", value={"code": "MET.12", "given": False}),
        ),
    ),
    event(
        event_id(OWN, 7),
        SubjectId(event_id(OTHER, 4)),
        "person",
        9,
        author="Autre agent (exemple)",
        writes=(
            Write(
                field="commune",
                value="37018",
                replaces=(event_id(OTHER, 4), event_id(OWN, 5)),
            ),
            Write(field="phone", value=None, replaces=(event_id(OTHER, 4),)),
        ),
    ),
]

EVERY_FORM = [
    event(
        event_id(OWN, 100 + place),
        SubjectId(event_id(OWN, 100 + place)),
        "encounter",
        20 + place,
        at_s=NOW_S + place * place * 600,
        writes=writes(
            plain=None if place == 1 else {"n": place},
            table=("sans_rdv", "telephone")[place % 2],
            names=bytes(event_id(OWN, 90 + 2 * place)) if place else bytes(event_id(OTHER, 3)),
            days=f"19{70 + 9 * place}-02-28",
            moments=f"2026-11-2{place}T09:15:00+01:00",
            lists=("mobilite", "numerique", "sante")[: place % 3],
            texts="Texte " + "é" * place,
            integers=-(10**place),
            digits=f"06 39 98 00 0{place}",
        ),
        appends=tuple(Append(list_name="steps", value=f"pas {place}") for _ in range(place % 2)),
    )
    for place in range(4)
]
"""Fields named after the form that their values take in format 2."""

SUBJECT = SubjectId(event_id(OWN, 1))
CREATION = event(event_id(OWN, 1), SUBJECT, "person", 1, writes=writes(name="Un", town="37261"))


def edit(incarnation: Incarnation, counter: int, lamport: int, value, *replaces: EventId) -> Event:
    write = Write(field="name", value=value, replaces=replaces)
    return event(event_id(incarnation, counter), SUBJECT, "person", lamport, writes=(write,))


SEEN = edit(OTHER, 1, 2, "Deux", CREATION.id)
CONCURRENT = edit(OWN, 2, 2, "Trois", CREATION.id)
SETTLED = edit(OWN, 3, 3, "Quatre", SEEN.id, CONCURRENT.id)
LATE = edit(OTHER, 2, 5, "Trop tard", SETTLED.id)
ERASURE = event(event_id(OWN, 4), SUBJECT, "erase", 4)
FUTURE = event(event_id(OTHER, 9), SUBJECT, "person", 8, version=99, writes=writes(name="2040"))
LOOP = edit(OWN, 5, 2, "Boucle", event_id(OWN, 6))
LOOP_BACK = edit(OWN, 6, 3, "Retour", event_id(OWN, 5))
NOTES = [
    event(
        event_id(incarnation, 20),
        SUBJECT,
        "person",
        6,
        appends=(
            Append(list_name="notes", value=f"{label} 1"),
            Append(list_name="notes", value=f"{label} 2"),
        ),
    )
    for incarnation, label in ((OTHER, "autre"), (OWN, "propre"))
]

FOLD_CASES = [
    ("one value after another", SUBJECT, [CREATION, SEEN]),
    ("two values at the same time are both kept", SUBJECT, [CREATION, SEEN, CONCURRENT]),
    ("a person settled", SUBJECT, [CREATION, SEEN, CONCURRENT, SETTLED]),
    ("the settlement came before what it settles", SUBJECT, [SETTLED, CREATION]),
    ("erased for ever", SUBJECT, [CREATION, SEEN, ERASURE, LATE]),
    ("not created yet", SUBJECT, [SEEN, CONCURRENT]),
    ("a version of a later program is passed over", SUBJECT, [CREATION, FUTURE]),
    ("a loop of replacements empties nothing", SUBJECT, [CREATION, LOOP, LOOP_BACK]),
    ("items in order", SUBJECT, [CREATION, *NOTES]),
    ("repeated", SUBJECT, [CREATION, CREATION, SEEN, SEEN]),
]
"""Name, subject and events; the state is that of the events in any order and repetition."""
