"""To which network of ours a published structure belongs, by tables kept as data.

`resources/networks/carriers.json` says, network by network, which codes of publishers mean it and
by which names it goes.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from app.domain.folding import fold
from app.reference.directory import NO_NETWORK
from app.reference.vocabulary import Vocabulary


class KnownBy(StrEnum):
    """What says to which network a structure belongs, the surest first."""

    PIVOT = "pivot"
    CARRIER = "carrier"
    SOURCE = "source"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publisher says of a structure that tells its network."""

    name: str
    source: str
    carriers: tuple[str, ...] = ()
    pivots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """The network of a structure, what tells it, and whether that makes it an operator of the CEP.

    The network alone makes an operator when a publisher says it by a code; when only a name does,
    those whose name nobody else bears.
    """

    network: str
    known_by: KnownBy
    is_cep_operator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    network: str
    names: tuple[str, ...]
    name_proves: bool
    is_otherwise: bool

    def is_named_in(self, folded: str) -> bool:
        """Tell whether a name speaks of the network: several words anywhere, one at the start."""
        padded = f" {folded} "
        return any(
            f" {name} " in padded if " " in name else padded.startswith(f" {name} ")
            for name in self.names
        )


class Carriers:
    """The table of a file, read the first time it is asked."""

    def __init__(self, path: Path, networks: Vocabulary) -> None:
        self._path = path
        self._networks = networks

    def pivots(self) -> frozenset[str]:
        """Return the kinds of local services that are of use to guidance everywhere."""
        return frozenset(pivot for row in self._rows for pivot in row.get("pivots", ()))

    def carriers_of(self, membership: Membership | None) -> tuple[str, ...]:
        """Return the codes of data·inclusion that stand for a network told by a code."""
        if membership is None or membership.known_by is KnownBy.NAME:
            return ()
        return self._networks.check(membership.network).data_inclusion

    def membership(self, published: Published) -> Membership | None:
        """Return the network of a structure, None when nothing tells it."""
        folded = fold(published.name)
        said: tuple[tuple[KnownBy, Iterable[str]], ...] = (
            (KnownBy.PIVOT, published.pivots),
            (KnownBy.CARRIER, published.carriers),
            (KnownBy.SOURCE, (published.source,)),
        )
        for known_by, codes in said:
            for code in codes:
                entry = _decided(self._by_code[known_by].get(code, ()), folded)
                if entry is not None and entry.network != NO_NETWORK:
                    return self._as_membership(entry, known_by)
        named = next((entry for entry in self._entries if entry.is_named_in(folded)), None)
        return None if named is None else self._as_membership(named, KnownBy.NAME)

    def _as_membership(self, entry: _Entry, known_by: KnownBy) -> Membership:
        may = bool(self._networks.check(entry.network).attributes.get("cep_operator"))
        is_proved = known_by is not KnownBy.NAME or entry.name_proves
        return Membership(
            network=entry.network, known_by=known_by, is_cep_operator=may and is_proved
        )

    @cached_property
    def _rows(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(json.loads(self._path.read_text(encoding="utf-8"))["entries"])

    @cached_property
    def _entries(self) -> tuple[_Entry, ...]:
        return tuple(
            _Entry(
                network=row["network"],
                names=tuple(row.get("names", ())),
                name_proves=row.get("name_proves", False),
                is_otherwise=row.get("otherwise", False),
            )
            for row in self._rows
        )

    @cached_property
    def _by_code(self) -> Mapping[KnownBy, Mapping[str, list[_Entry]]]:
        keys = (
            (KnownBy.PIVOT, "pivots"),
            (KnownBy.PIVOT, "pivots_on_request"),
            (KnownBy.CARRIER, "carriers"),
            (KnownBy.SOURCE, "sources"),
        )
        found: dict[KnownBy, dict[str, list[_Entry]]] = {
            known_by: defaultdict(list) for known_by, _ in keys
        }
        for row, entry in zip(self._rows, self._entries, strict=True):
            for known_by, key in keys:
                for code in row.get(key, ()):
                    found[known_by][code].append(entry)
        return {known_by: dict(codes) for known_by, codes in found.items()}


def _decided(entries: Iterable[_Entry], folded: str) -> _Entry | None:
    """Return the one that a code means; when several share it, a name decides."""
    shared = tuple(entries)
    if len(shared) == 1:
        return shared[0]
    named = next((entry for entry in shared if entry.is_named_in(folded)), None)
    return named or next((entry for entry in shared if entry.is_otherwise), None)
