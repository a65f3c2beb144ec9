"""A small world of two structures, and everything in it that is to be believed."""

from sync.registry import Registry
from sync.statements import statement_name
from sync.wire import space_name
from tests.exchange.parties import Machine, Region, Structure, epoch, octets

REGION = Region()
NORTH, SOUTH = Structure("nord"), Structure("sud")
N1, N2, S1 = Machine("nord/1"), Machine("nord/2"), Machine("sud/1")
STRANGER = Machine("stranger")
TOKEN = octets("token", 16)
PAIR = space_name(2, [NORTH.id, SOUTH.id])


def everything() -> dict[str, bytes]:
    """One statement of every sort, all of them to be believed."""
    n1, n2, s1 = (
        NORTH.sign_machine(N1.keys),
        NORTH.sign_machine(N2.keys),
        SOUTH.sign_machine(S1.keys),
    )
    own, pair = epoch(NORTH.space), epoch(PAIR, "pair")
    return {
        "relay": REGION.relay_certificate(),
        "north": REGION.certify(NORTH, directory="exemple/1"),
        "south": REGION.certify(SOUTH, directory="exemple/2"),
        "north profile": NORTH.profile(1),
        "north profile 2": NORTH.profile(2),
        "south profile": SOUTH.profile(1),
        "n1": n1,
        "n2": n2,
        "s1": s1,
        "n1 lives": N1.live(),
        "s1 lives": S1.live(),
        "north space": N1.name_space(1, NORTH.id),
        "pair": N1.name_space(2, NORTH.id, SOUTH.id),
        "wrap n1": N1.wrap(own, n1),
        "wrap n2": N1.wrap(own, n2),
        "wrap south": N1.wrap(pair, SOUTH.profile(1)),
        "structure key": N1.wrap_structure_key(NORTH, n2),
        "invitation": N1.invite(NORTH, TOKEN),
        "request": Machine("nord/3").ask_to_join(NORTH, TOKEN),
        "receipt": REGION.receipt(octets("bundle"), NORTH.space, N1.incarnation),
    }


ALL = everything()


def registry(*statements: bytes, **options) -> Registry:
    return Registry(REGION.key.public, statements, **options)


def reason(known: Registry, statement: bytes) -> str | None:
    name = statement_name(statement)
    assert known.believes(name) == (name not in known.waiting and name not in known.refused)
    return known.waiting.get(name) or known.refused.get(name)
