"""What every use case works with: the open workspace, the clock, the reference data."""

import datetime as dt
from dataclasses import dataclass

from app.domain.errors import NotEnrolledError, WorkspaceExistsError
from app.domain.identifiers import StructureId
from app.domain.personal_numbers import masked
from app.domain.spaces import Space, structure_space
from app.ports import CLOCK_DOUBT, Clock
from app.reference.communes import Communes
from app.reference.copying import CopyTemplate
from app.reference.directory import Directory
from app.reference.networks import Networks
from app.reference.rules import Rules
from app.reference.suggestions import MotiveSuggestions
from app.reference.vocabulary import Vocabularies
from app.store.log import Pen
from app.store.workspace import Workspace
from app.store.writer import Tx

OWN_STRUCTURE = "own_structure"
OWN_NAME = "own_name"
OWN_REFERENCE = "own_reference"

_ANY_EVENT = "SELECT 1 FROM events WHERE own = 1 LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Dated information the desk ships or imports: it holds no person."""

    communes: Communes
    vocabularies: Vocabularies
    directory: Directory
    networks: Networks
    rules: Rules
    suggestions: MotiveSuggestions
    copying: tuple[CopyTemplate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStructure:
    """The structure this workspace belongs to; `reference` names it in the directory, or is ""."""

    id: StructureId
    name: str
    reference: str

    @property
    def space(self) -> Space:
        """The space of its own records."""
        return structure_space(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An unlocked desk. Long-lived; built by the composition root."""

    workspace: Workspace
    clock: Clock
    reference: Reference

    def now(self) -> dt.datetime:
        """Return the present moment by this machine's clock, in UTC."""
        return self.clock.now()

    def own_structure(self) -> OwnStructure:
        """Return the structure of this workspace.

        Raises:
            NotEnrolledError: the workspace has no structure yet.
        """
        with self.workspace.read() as connection:
            memos = dict(connection.execute("SELECT name, text FROM memos").fetchall())
        if not memos.get(OWN_STRUCTURE):
            raise NotEnrolledError
        return OwnStructure(
            id=StructureId(bytes.fromhex(memos[OWN_STRUCTURE])),
            name=memos.get(OWN_NAME, ""),
            reference=memos.get(OWN_REFERENCE, ""),
        )

    def pen(self, tx: Tx, *, confined: bool = False) -> Pen:
        """Return a pen for the agent who is here, at this moment."""
        doubt = tx.one("SELECT text FROM memos WHERE name = ?", (CLOCK_DOUBT,))
        return Pen(
            tx,
            author=self.workspace.agent_name,
            at_s=int(self.now().timestamp()),
            doubtful=bool(doubt and doubt[0]),
            confined=confined,
        )


def name_own_structure(desk: Desk, *, structure: StructureId, name: str, reference: str) -> None:
    """Say which structure this workspace belongs to; repeating it corrects the name.

    A workspace that holds events never changes structure: only its name and reference move.

    Raises:
        WorkspaceExistsError: records of another structure lie here; choose another folder.
    """

    def work(tx: Tx) -> None:
        present = tx.one("SELECT text FROM memos WHERE name = ?", (OWN_STRUCTURE,))
        if present is not None and present[0] != structure.hex() and tx.one(_ANY_EVENT):
            raise WorkspaceExistsError(str(desk.workspace.folder))
        for memo, text in (
            (OWN_STRUCTURE, structure.hex()),
            (OWN_NAME, masked(name)),
            (OWN_REFERENCE, reference),
        ):
            tx.execute("INSERT OR REPLACE INTO memos (name, text) VALUES (?, ?)", (memo, text))

    desk.workspace.writer.write(work)
