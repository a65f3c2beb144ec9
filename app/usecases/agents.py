"""Who works at this desk: agents, their slots and what they may read."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.changes import Changes, Topic
from app.domain.errors import UnknownAgentError
from app.domain.personal_numbers import masked
from app.store.agent_cards import AgentCard, agent_cards
from app.store.compartments import AGENT, ENTITLED, keys_for
from app.store.writer import Tx
from app.usecases.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent of this workspace: `role` is `reception` or `adviser`."""

    agent: str
    name: str
    role: str
    is_here: bool


def agents_who_can_unlock(folder: Path) -> Sequence[AgentCard]:
    """Return the labels the unlock screen shows, none when there is no workspace."""
    return agent_cards(folder)


def agents(desk: Desk) -> list[Agent]:
    """Return the agents of this workspace."""
    with desk.workspace.read() as connection:
        rows = connection.execute("SELECT agent, name, role FROM agents ORDER BY name").fetchall()
    return [
        Agent(agent=agent, name=name, role=role, is_here=agent == desk.workspace.agent)
        for agent, name, role in rows
    ]


def add_agent(desk: Desk, *, name: str, role: str, passphrase: str) -> Changes:
    """Add an agent with a slot of their own and the compartments of their role.

    The agent who is here can give only what they hold. The name lies in clear beside the file: a
    number that may not be kept is masked in it.

    Raises:
        WeakPassphraseError: the passphrase is too short; nothing is written.
        UnknownAgentError: no such role.
    """
    if role not in ENTITLED:
        raise UnknownAgentError(role)
    name = masked(name)
    here = desk.workspace.opened
    opened = replace(
        here,
        agent=os.urandom(8).hex(),
        name=name,
        role=role,
        compartments=keys_for(role, here.compartments),
    )
    desk.workspace.add_agent_slot(opened, label=name, passphrase=passphrase)

    def work(tx: Tx) -> None:
        row = (opened.agent, name, role)
        tx.execute("INSERT INTO agents (agent, name, role) VALUES (?, ?, ?)", row)

    desk.workspace.writer.write(work)
    return Changes(topics=frozenset({Topic.AGENTS}))


def remove_agent(desk: Desk, agent: str) -> Changes:
    """Take an agent's way in away; what they wrote stays, with their name.

    Raises:
        UnknownAgentError: nobody has that identifier, or it is the agent who is here.
    """
    if agent == desk.workspace.agent or agent not in {known.agent for known in agents(desk)}:
        raise UnknownAgentError(agent)
    desk.workspace.remove_agent_slot(agent)
    desk.workspace.writer.write(
        lambda tx: tx.execute("DELETE FROM agents WHERE agent = ?", (agent,))
    )
    return Changes(topics=frozenset({Topic.AGENTS}))


def change_passphrase(desk: Desk, passphrase: str) -> None:
    """Seal the slot of the agent who is here under a new passphrase; no record is touched.

    Opened with the recovery code, the agent gets a new compartment of their own at the next
    unlocking: the notes they wrote for themselves alone went with their passphrase.

    Raises:
        WeakPassphraseError: the passphrase is too short; the old one still opens.
    """
    here = desk.workspace.opened
    if AGENT not in here.compartments:
        here = replace(here, compartments=keys_for(here.role, here.compartments))
    desk.workspace.add_agent_slot(here, label=here.name, passphrase=passphrase)
