"""Worlds of desks for the tests of the exchange, made once and copied for each test."""

import pytest

from tests.exchange.desks import new_world, opened_copy


@pytest.fixture(scope="session")
def certified_template(tmp_path_factory):
    """Le Blanc and Châteauroux, founded and certified, which have never exchanged."""
    made = new_world(tmp_path_factory.mktemp("certified") / "world")
    for name in ("blanc", "chateauroux"):
        made.found(name)
        made.certify(name)
    made.close()
    return made


@pytest.fixture(scope="session")
def introduced_template(tmp_path_factory, certified_template):
    """Le Blanc and Châteauroux, which know each other and have nothing to send."""
    made = certified_template.copy(tmp_path_factory.mktemp("introduced") / "world")
    for name in ("blanc", "chateauroux", "blanc", "chateauroux"):
        made[name].exchange()
    made.close()
    return made


@pytest.fixture
def certified(tmp_path, certified_template):
    """A copy of two desks that have never exchanged."""
    with opened_copy(certified_template, tmp_path / "world") as world:
        yield world


@pytest.fixture
def world(tmp_path, introduced_template):
    """A copy of two desks that know each other."""
    with opened_copy(introduced_template, tmp_path / "world") as world:
        yield world
