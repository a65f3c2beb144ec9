"""What is here already of the bundles that a request is about: found in one question.

Each question costs more than its answer: a push asks one, whatever it brings, and it is written
once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    LargeBinary,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from sync.relay.tables import bundles, parts, statements

_WHOLE, _BEGUN, _LAST = 1, 2, 3
_NO_BYTES = literal(b"", LargeBinary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A bundle that is kept: of which space, its receipt, and how long it is."""

    space: bytes
    receipt: bytes
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What is kept under some names.

    Attributes:
        whole: the whole bundles.
        begun: of each bundle that is not whole, how many bytes have arrived.
        position: that of the last statement.
    """

    whole: Mapping[bytes, Whole]
    begun: Mapping[bytes, int]
    position: int


def _question() -> CompoundSelect[Any]:
    names: BindParameter[Any] = bindparam("names", expanding=True)
    whole = select(
        literal(_WHOLE).label("what"),
        bundles.c.name.label("name"),
        bundles.c.space.label("space"),
        bundles.c.receipt.label("receipt"),
        bundles.c.size.label("number"),
    ).where(bundles.c.name.in_(names))
    end = func.max(parts.c.offset + func.length(parts.c.bytes))
    begun = (
        select(literal(_BEGUN), parts.c.name, _NO_BYTES, _NO_BYTES, end)
        .where(parts.c.name.in_(names))
        .group_by(parts.c.name)
    )
    last = select(literal(_LAST), _NO_BYTES, _NO_BYTES, _NO_BYTES, func.max(statements.c.position))
    return union_all(whole, begun, last)


_QUESTION = _question()


def look(connection: Connection, names: Collection[bytes]) -> Here:
    """Find what is here of some bundles, and how much was said."""
    rows = connection.execute(_QUESTION, {"names": list(names)}).all()
    return Here(
        whole={
            bytes(row.name): Whole(
                space=bytes(row.space), receipt=bytes(row.receipt), size=row.number
            )
            for row in rows
            if row.what == _WHOLE
        },
        begun={bytes(row.name): row.number for row in rows if row.what == _BEGUN},
        position=next(row.number or 0 for row in rows if row.what == _LAST),
    )
