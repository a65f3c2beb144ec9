"""The shipped dictionary is what its script makes: anybody can make it again, byte for byte."""

import hashlib
import re

import pytest

from docs.data import train_dictionary
from resources import resource_path
from tests.relay_process import ROOT

SHIPPED = resource_path("dictionary", "1.zdict")


def test_invented_offices_write_the_same_columns_each_time(tmp_path):
    made = [
        train_dictionary.invented_samples(tmp_path / name, receptions=12)
        for name in ("first", "second")
    ]
    assert made[0] == made[1]
    assert len(made[0]) > 10


def test_shipped_dictionary_is_the_one_that_the_protocol_names():
    digest = hashlib.sha256(SHIPPED.read_bytes()).hexdigest()
    protocol = (ROOT / "sync" / "PROTOCOL.md").read_text("utf-8")
    named = re.search(r"`resources/dictionary/1.zdict`, 32,768 bytes, SHA-256 `(\w+)`", protocol)
    assert named is not None
    assert (digest, SHIPPED.stat().st_size) == (named[1], 32_768)


@pytest.mark.bench
def test_script_gives_the_shipped_dictionary(tmp_path):
    out = tmp_path / "again.zdict"
    assert train_dictionary.main(["--out", str(out)]) == 0
    assert out.read_bytes() == SHIPPED.read_bytes()
