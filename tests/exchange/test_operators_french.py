"""What the relay's and the Region's commands say of their use: French, whatever click says."""

import re

import click
import pytest
from click.testing import CliRunner

from sync.authority.__main__ import main as authority
from sync.relay.__main__ import main as relay

ENGLISH = re.compile(
    r"Usage|Options?:|Commands|Error|Try |Show this|exit\.|default:|required|ARGS|\bCOMMAND\b|TEXT"
    r"|PATH|FILE\b|INTEGER|RANGE|does not exist|No such|Missing|Invalid|Got unexpected|requires"
    r"|is not|Aborted|do not match"
)


def commands(group, words=()):
    """Every command below a group, with its words, the group first."""
    yield words
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name)


EVERY = [(relay, words) for words in commands(relay)]
EVERY += [(authority, words) for words in commands(authority)]
WRONG = [
    (relay, ["allumer"], "La commande «\u00a0allumer\u00a0» n’existe pas."),
    (relay, ["status", "--jsno"], "L’option «\u00a0--jsno\u00a0» n’existe pas."),
    (relay, ["status", "encore"], "Il y a un mot de trop"),
    (relay, ["status", "encore", "plus"], "Il y a des mots de trop"),
    (relay, ["status", "--json=oui"], "ne prend pas de valeur"),
    (relay, ["init"], "Il manque l’option --authority"),
    (relay, ["init", "--authority"], "L’option «\u00a0--authority\u00a0» attend une valeur"),
    (relay, ["init", "--authority", "/nulle/part"], "ce fichier n’existe pas"),
    (authority, ["init", "--name", "Région"], "Il manque l’argument DOSSIER"),
    (
        authority,
        ["structure", "certify", "x", "--out", "y", "--valid-years", "0"],
        "il faut un nombre entier de 1 à 20",
    ),
    (
        authority,
        ["structure", "certify", "x", "--out", "y", "--valid-years", "cinq"],
        "il faut un nombre entier de 1 à 20",
    ),
    (authority, ["structure", "certifier"], "n’existe pas"),
]


@pytest.mark.parametrize(("program", "words"), EVERY)
def test_every_help_page_is_in_french(program, words):
    page = CliRunner().invoke(program, [*words, "--help"])
    assert page.exit_code == 0
    assert page.stdout.startswith("Utilisation\u202f: ")
    assert "Afficher cette aide et quitter." in page.stdout
    assert not ENGLISH.search(page.stdout)


@pytest.mark.parametrize(("program", "words", "said"), WRONG)
def test_wrong_words_are_refused_in_french(program, words, said):
    refused = CliRunner().invoke(program, words)
    assert refused.exit_code == 2
    assert "Erreur\u202f: " in refused.stderr
    assert said in refused.stderr
    assert not ENGLISH.search(refused.stderr)
    assert refused.stdout == ""


@pytest.mark.parametrize("program", [relay, authority])
def test_without_a_command_the_help_page_is_shown(program):
    shown = CliRunner().invoke(program, [])
    assert shown.exit_code == 2
    assert "Utilisation\u202f: " in shown.stderr
    assert not ENGLISH.search(shown.stderr)


def test_how_to_read_the_help_is_said():
    refused = CliRunner().invoke(relay, ["status", "encore"], prog_name="deux-portes-relay")
    assert "Utilisation\u202f: deux-portes-relay status [OPTIONS]" in refused.stderr
    assert refused.stderr.endswith("Aide\u202f: deux-portes-relay status --help\n")


def test_an_interruption_is_said_in_french():
    @click.command(cls=type(relay.commands["status"]))
    def stopped() -> None:
        raise KeyboardInterrupt

    ended = CliRunner().invoke(stopped, [])
    assert ended.exit_code == 130
    assert ended.stderr.strip() == "Interrompu."
