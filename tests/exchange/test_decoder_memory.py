"""No small input becomes a large object: decoders are run where there is little memory.

Each case is read in a process of its own that may take so much more memory, and no more.
"""

import json
import subprocess
import sys

import pytest

from tests.exchange.memory_cases import CASES, ROOT
from tests.made_once import made_once

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")

EXPECTED = {
    "chunk of many groups of many numbers": "too_large",
    "chunk of many groups of many values": "too_large",
    "chunk of many groups of many texts": "too_large",
    "frame of half a gigabyte": "too_large",
    "frame of half a gigabyte with a dictionary": "too_large",
    "checkpoint manifest of many things": "malformed",
    "columns of as many maps as may be": "read",
    "columns of many sealed values": "read",
    "columns of too many numbers": "too_large",
    "columns of long lists of lists": "too_large",
    "first columns of long names": "too_large",
    "stick manifest of many files": "malformed",
    "stick manifest of one file many times": "malformed",
    "stick of eighty megabytes": "read",
    "answer of many lists": "relay_answer_unreadable",
    "answer of great depth": "relay_answer_unreadable",
    "answer of as many values as may be": "relay_answer_unreadable",
    "carried file of a gigabyte": "too_large",
    "carried file of many lists": "malformed",
    "frames of nothing": "malformed",
    "statements of one byte": "read",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What became of each case."""

    def try_them(folder):
        done = subprocess.run(
            [sys.executable, "-m", "tests.exchange.memory_cases"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            timeout=300,
        )
        (folder / "outcomes.json").write_bytes(done.stdout)

    folder = made_once(tmp_path_factory, "decoder-memory", try_them)
    return json.loads((folder / "outcomes.json").read_bytes())


def test_every_case_says_how_it_must_end():
    assert EXPECTED.keys() == CASES.keys()


@pytest.mark.parametrize("case", EXPECTED)
def test_small_input_takes_little_memory(outcomes, case):
    assert outcomes[case] == EXPECTED[case]
