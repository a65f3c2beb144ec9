"""A space of the real relay in which machines make checkpoints, with pieces nobody can open."""

import hashlib
import os
import socket
import time
from dataclasses import dataclass, field

from sync.key_wraps import EpochKey, new_epoch_key, wrap_epoch
from sync.pieces import CHUNK_MAGIC, MANIFEST_MAGIC
from sync.relay_port import Transport
from sync.statements import Checkpoint, Confirmation, Dormant, read_statement, statement_name
from tests.fakes.region import Machine
from tests.relay_process import RegionalRelay

Named = tuple[bytes, bytes]


def named(data: bytes) -> Named:
    """Bytes under their name."""
    return hashlib.sha256(data).digest(), data


@dataclass
class Proposal:
    """A checkpoint as its author made it."""

    statements: list[bytes]
    manifest: Named
    chunks: list[Named]

    @property
    def name(self) -> bytes:
        return statement_name(self.statements[-1])

    @property
    def pieces(self) -> list[Named]:
        return [*self.chunks, self.manifest]


@dataclass
class Compacted:
    """Two machines of one structure, known to the relay; the first writes."""

    relay: RegionalRelay
    author: Machine = field(init=False)
    other: Machine = field(init=False)
    link: Transport = field(init=False)
    other_link: Transport = field(init=False)
    epochs: list[EpochKey] = field(default_factory=list)
    written: list[Named] = field(default_factory=list)

    def __post_init__(self) -> None:
        structure = self.relay.region.structure()
        self.author, self.other = structure.machine(), structure.machine()
        self.link = self.relay.admitted(self.author)
        self.other_link = self.relay.admitted(self.other)
        self.kept_statements(*self.next_epoch())

    @property
    def space(self) -> bytes:
        return self.author.own_space

    @property
    def epoch(self) -> bytes:
        """The epoch under which one seals now."""
        return self.epochs[-1].epoch

    def next_epoch(self) -> list[bytes]:
        """Draw an epoch and wrap it for both machines."""
        self.epochs.append(new_epoch_key(self.space, len(self.epochs) + 1))
        certificates = (self.author.certificate, self.other.certificate)
        return [
            wrap_epoch(self.epochs[-1], read_statement(one).body, self.author.keys)
            for one in certificates
        ]

    def kept_statements(self, *statements: bytes, link: Transport | None = None) -> None:
        assert (link or self.link).send_statements(statements).refused == ()

    def write(self, count: int, **bundle) -> list[Named]:
        """Have the author write bundles, and the relay take them."""
        made = [self.author.bundle(epoch=self.epoch, **bundle) for _ in range(count)]
        answer = self.link.push([(*one, 0) for one in made])
        assert len(answer.receipts) == count
        self.written += made
        return made

    def propose(
        self, *, chunks: int | list[Named] = 2, size: int = 900, cover: int | None = None
    ) -> Proposal:
        """Have the author propose a checkpoint of its first bundles; nothing leaves yet."""
        last = len(self.written) if cover is None else cover
        wraps = self.next_epoch()
        pieces = chunks if isinstance(chunks, list) else self.drawn(chunks, size)
        manifest = named(MANIFEST_MAGIC + self.space + os.urandom(300))
        body = Checkpoint(
            machine=self.author.id,
            space=self.space,
            number=len(self.epochs),
            epoch=self.epoch,
            machines=tuple(sorted((self.author.id, self.other.id))),
            cover=((self.author.incarnation, last, self.written[last - 1][0]),),
            digest=os.urandom(32),
            manifest=manifest[0],
            chunks=tuple(name for name, _ in pieces),
            at_s=int(time.time()),
        )
        return Proposal([*wraps, self.author.signs(body)], manifest, pieces)

    def drawn(self, count: int, size: int = 900) -> list[Named]:
        """Chunks that nobody can open."""
        return [named(CHUNK_MAGIC + self.space + os.urandom(size)) for _ in range(count)]

    def confirmation(self, proposal: Proposal) -> bytes:
        body = Confirmation(
            machine=self.other.id, space=self.space, checkpoint=proposal.name, at_s=1
        )
        return self.other.signs(body)

    def dormant(self, proposal: Proposal) -> bytes:
        """The author says that a proposal need not wait for the other machine."""
        body = Dormant(
            machine=self.author.id,
            space=self.space,
            checkpoint=proposal.name,
            target=self.other.id,
            at_s=1,
        )
        return self.author.signs(body)

    def complete(self, proposal: Proposal) -> None:
        """Propose and confirm, without the pieces."""
        self.kept_statements(*proposal.statements)
        self.kept_statements(self.confirmation(proposal), link=self.other_link)

    def pulled(self, above: int = 0) -> list[Named]:
        """What the other machine is given that holds so many bundles, lacking frame and all."""
        vector = {self.author.incarnation: above}
        return list(self.other_link.pull({self.space: vector}, None))

    def pulled_until(self, expected: list[Named], within_s: float = 20) -> list[Named]:
        """Pull until the relay gives this, or for as long as it may take to drop the rest."""
        deadline = time.monotonic() + within_s
        while True:
            given = self.pulled()
            if given == expected or time.monotonic() > deadline:
                return given

    def fetched(self, names: list[bytes]) -> list[Named]:
        return list(self.other_link.fetch_pieces(self.space, names, None))


def sent(link: Transport, *several: Named) -> dict[bytes, str]:
    """Push bundles or pieces; return why those refused were, by name."""
    return {one.name: one.code for one in link.push([(*one, 0) for one in several]).refused}


def answered(link: socket.socket) -> bytes:
    """What the relay answers, head and JSON, on a connection of our own."""
    said = b""
    while not said.endswith(b"}") and (chunk := link.recv(65_536)):
        said += chunk
    return said
