"""A program whose dictionary was lost or changed seals without one, and waits to open others."""

import os
import shutil
import subprocess
import sys

import pytest

from resources import resource_path
from sync.dictionaries import shipped_dictionary
from sync.envelope import compress
from tests.exchange.memory_cases import ROOT

ASKED = """
import sys
from sync.dictionaries import best_dictionary, shipped_dictionary
from sync.envelope import EnvelopeError, compress, decompress
assert best_dictionary() == 0
assert shipped_dictionary(1) is shipped_dictionary(2) is None
assert decompress(compress(b"sans", best_dictionary()), 0) == b"sans"
try:
    decompress(sys.stdin.buffer.read(), 1)
except EnvelopeError as error:
    print(error.code)
"""


@pytest.mark.parametrize("change", ["lost", "empty", "cut", "changed"])
def test_program_without_its_dictionary_seals_without_one(tmp_path, change):
    resources = tmp_path / "resources"
    (resources / "dictionary").mkdir(parents=True)
    shutil.copy(resource_path("__init__.py"), resources)
    whole = resource_path("dictionary", "1.zdict").read_bytes()
    content = {"empty": b"", "cut": whole[:-1], "changed": whole[:-1] + b"\0"}.get(change)
    if content is not None:
        (resources / "dictionary" / "1.zdict").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        input=compress(b"avec", 1),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [b"cannot_open"]
    assert shipped_dictionary(1) is not None
