"""A practice region: authority, relay on loopback, three structures, invented people.

Everything in it is real but the people: the same ceremonies, the same encrypted files, the same
relay process. It lies in a folder of its own and never meets a real workspace.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.usecases.desk import Desk
from app.usecases.practising import mark_for_practice
from app.usecases.reception_json import reception_from
from app.usecases.receptions import record_reception
from resources import resource_path
from ui import compose, compose_ceremonies, compose_exchange

PASSPHRASE = "phrase d’exercice"  # noqa: S105  (said on screen: it protects invented people)
REGION = "Région d’exercice (exemple)"
SOURCE = "deux-portes-exemple"
START_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeStructure:
    """One of the three structures: its place in the directory, and who works there."""

    key: str
    directory_id: str
    agent: str

    @property
    def reference(self) -> str:
        """The structure's reference in the practice directory."""
        return f"{SOURCE}/{self.directory_id}"


FIRST_DOOR = PracticeStructure(
    key="le-blanc",
    directory_id="deux-portes-exemple--france-services-le-blanc",
    agent="Accueil du Blanc",
)
SECOND_DOOR = PracticeStructure(
    key="chateauroux",
    directory_id="deux-portes-exemple--cep-chateauroux",
    agent="Conseil de Châteauroux",
)
THIRD = PracticeStructure(
    key="issoudun",
    directory_id="deux-portes-exemple--mission-locale-issoudun",
    agent="Mission locale d’Issoudun",
)
STRUCTURES = (FIRST_DOOR, SECOND_DOOR, THIRD)


class PracticeRegion:
    """The folder of a practice region and what is in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "relay" / "relay.sqlite3"
        self._done = folder / "ready.json"

    def workspace(self, structure: PracticeStructure) -> Path:
        """Return the workspace folder of one of the structures."""
        return self.folder / structure.key

    @property
    def is_ready(self) -> bool:
        """Was the region made entirely?"""
        return self._done.exists()

    def make(self) -> None:
        """Make the region; one whose making was cut short is begun again by its caller."""
        self.database.parent.mkdir(parents=True, exist_ok=True)
        port = _free_port()
        _authority(self.folder, "init", str(self.folder / "authority"), "--name", REGION)
        _command(
            "sync.relay",
            "init",
            *("--database", self._database_url),
            *("--authority", str(self.folder / "authority" / "authority.json")),
            *("--out", str(self.folder / "relay-request.json")),
        )
        _authority(
            self.folder,
            *("relay", "certify", str(self.folder / "relay-request.json")),
            *("--url", f"http://127.0.0.1:{port}"),
            *("--out", str(self.folder / "region.json")),
        )
        with self.relay(port):
            for structure in STRUCTURES:
                self._make_desk(structure)
            self._meet()
        self._done.write_text(json.dumps({"port": port}), encoding="utf-8")

    def make_again(self) -> None:
        """Make the region afresh, whatever a making cut short left in its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.make()

    @contextmanager
    def relay(self, port: int | None = None) -> Iterator["subprocess.Popen[str]"]:
        """Run the relay for a while, on its own port of the loopback."""
        chosen = port or json.loads(self._done.read_text("utf-8"))["port"]
        process = subprocess.Popen(  # noqa: S603  (our own command)
            [
                *(sys.executable, "-m", "sync.relay", "serve"),
                *("--database", self._database_url, "--listen", f"127.0.0.1:{chosen}"),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            if process.stdout is None or not process.stdout.readline():
                message = "the practice relay did not start"
                raise RuntimeError(message)
            yield process
        finally:
            process.terminate()
            process.wait(START_S)
            if process.stdout is not None:
                process.stdout.close()

    @property
    def _database_url(self) -> str:
        return f"sqlite:///{self.database}"

    def _make_desk(self, structure: PracticeStructure) -> None:
        desk, _code = compose.create_desk(
            self.workspace(structure),
            agent_name=structure.agent,
            role="adviser",
            passphrase=PASSPHRASE,
            region_file=self.folder / "region.json",
            reference=structure.reference,
        )
        try:
            mark_for_practice(desk)
            self._certify(desk, structure)
            if structure is FIRST_DOOR:
                for reception in _invented_receptions(structure):
                    record_reception(desk, reception_from(reception))
        finally:
            desk.workspace.close()

    def _certify(self, desk: Desk, structure: PracticeStructure) -> None:
        request = self.folder / f"{structure.key}-request.json"
        certificate = self.folder / f"{structure.key}-certificate.json"
        compose_ceremonies.structure_request(
            desk, name="", reference=structure.reference, out=request
        )
        _authority(self.folder, "structure", "certify", str(request), "--out", str(certificate))
        compose_ceremonies.accept_certificate(desk, certificate)

    def _meet(self) -> None:
        """Let each desk learn of the others: one exchange in turn, then the first again."""
        for structure in (*STRUCTURES, *STRUCTURES[:-1]):
            desk = compose.open_desk(self.workspace(structure), agent=None, passphrase=PASSPHRASE)
            try:
                compose_exchange.run_exchange(desk)
            finally:
                desk.workspace.close()


def _invented_receptions(structure: PracticeStructure) -> list[dict[str, Any]]:
    """Return the invented receptions of a structure, each with its invented person."""
    path = resource_path("starter", "practice_people.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    people = {person["id"]: person for person in content["people"]}
    return [
        _with_person(invented, people)
        for invented in content["first_receptions"]
        if invented["structure"] == structure.directory_id
    ]


def _with_person(
    invented: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    reception = dict(invented["reception"])
    if invented.get("person"):
        known = people[invented["person"]]
        fields = ("family_name", "given_name", "birth_on", "telephone", "commune")
        reception["person"] = {name: known[name] for name in fields if known.get(name)}
    return reception


def _authority(folder: Path, *words: str) -> None:
    _command("sync.authority", *words, folder=folder / "authority")


def _command(module: str, *words: str, folder: Path | None = None) -> None:
    """Run one of the Region's commands, as its operator would."""
    variables = {**os.environ, "DEUX_PORTES_PASSPHRASE": PASSPHRASE}
    if folder is not None:
        variables["DEUX_PORTES_AUTHORITY_FOLDER"] = str(folder)
    done = subprocess.run(  # noqa: S603  (our own commands)
        [sys.executable, "-m", module, *words],
        env=variables,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        message = f"{module} {words[0]}: {done.stderr.strip()}"
        raise RuntimeError(message)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
