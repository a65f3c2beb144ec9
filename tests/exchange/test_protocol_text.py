"""The protocol's text names every code that crosses the wire, and every kind of statement."""

import pytest

from sync.accepted_chains import UNPROVEN
from sync.canonical import Flaw
from sync.certificates import Wait
from sync.relay.calls import BUNDLE_CODES, STATEMENT_CODES
from sync.relay.refusals import SENTENCES
from sync.settlement import UNKNOWN_SPACE_KIND, UNKNOWN_SUITE
from sync.statement_bodies import SHAPES
from tests.exchange.make_vectors import kept
from tests.relay_process import ROOT

PROTOCOL = (ROOT / "sync" / "PROTOCOL.md").read_text("utf-8")
OF_THE_WIRE = {str(one) for one in (*BUNDLE_CODES, *STATEMENT_CODES, *SENTENCES, *Wait)}
AT_THE_DESK = {UNPROVEN, UNKNOWN_SUITE, UNKNOWN_SPACE_KIND, str(Flaw.CANNOT_OPEN)}


@pytest.mark.parametrize("code", sorted(OF_THE_WIRE | AT_THE_DESK))
def test_every_code_is_in_the_protocol(code):
    assert f"`{code}`" in PROTOCOL


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_every_kind_of_statement_is_in_the_protocol(kind):
    assert f"| `{kind}` |" in PROTOCOL


@pytest.mark.parametrize("kind", sorted(kept("carried_files")["files"]))
def test_every_kind_of_carried_file_is_in_the_protocol(kind):
    assert f"`{kind}`" in PROTOCOL
