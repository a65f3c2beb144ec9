"""What a file changes to what is held: by source and identifier, corrections on top."""

from hypothesis import given
from hypothesis import strategies as st

from app.reference.importing.findings import Kind
from app.reference.importing.merging import (
    Change,
    Corrections,
    Held,
    Merged,
    Outcome,
    corrected,
    corrected_facts,
    key_of,
    merge,
    reference_of,
)
from tests.published_files import as_json, both, read, service, structure

NOTHING = Corrections()


def held_from(*contents: bytes, **options) -> Held:
    """Holds what files gave, one after the other."""
    held = Held()
    for content in contents:
        parsed = read(content, **options)
        held = stored(held, merge(held, parsed, corrections=NOTHING))
    return held


def stored(held: Held, merged: Merged) -> Held:
    """Stores as somebody else does in the real program."""
    return Held(
        structures={**held.structures, **_rows(merged.structures)},
        services={**held.services, **_rows(merged.services)},
        spro={**held.spro, **merged.spro},
    )


def _rows(outcome: Outcome):
    rows = (*outcome.added, *(change.after for change in outcome.updated))
    return {key_of(row): row for row in rows}


def test_everything_is_new_the_first_time():
    parsed = read(both(structure(1), structure(2), services=[service(1)]))
    merged = merge(Held(), parsed, corrections=NOTHING)
    assert merged.structures.added == parsed.structures
    assert merged.services.added == parsed.services
    assert merged.news == ()


def test_the_same_file_again_changes_nothing():
    content = both(structure(1, nom="CIO (exemple)"), services=[service(1)])
    merged = merge(held_from(content), read(content), corrections=NOTHING)
    assert merged.structures == Outcome(unchanged=(("dora", "dora--1"),))
    assert merged.services == Outcome(unchanged=(("dora", "dora--service-1"),))
    assert merged.spro == {}


def test_a_newer_entry_replaces_the_one_held_and_says_what_changed():
    held = held_from(as_json([structure(1), structure(2)]))
    newer = structure(1, date_maj="2026-11-01", telephone="+33261910009", courriel=None)
    merged = merge(held, read(as_json([newer, structure(2)])), corrections=NOTHING)
    (change,) = merged.structures.updated
    assert change == Change(before=structure(1), after=newer)
    assert change.fields == ("date_maj", "telephone", "courriel")
    assert merged.structures.unchanged == (("dora", "dora--2"),)


def test_an_older_file_replaces_nothing_and_says_nothing_of_who_is_gone():
    held = held_from(as_json([structure(1), structure(2)]))
    older = structure(1, date_maj="2025-01-01", nom="Ancien nom (exemple)")
    merged = merge(held, read(as_json([older])), corrections=NOTHING)
    assert merged.structures.updated == ()
    assert [change.after for change in merged.structures.outdated] == [older]
    assert merged.structures.absent == ()


def test_who_is_no_longer_published_is_said_and_never_removed():
    held = held_from(both(structure(1), structure(2), services=[service(1, of=2)]))
    merged = merge(held, read(as_json([structure(1)])), corrections=NOTHING)
    assert merged.structures.absent == (("dora", "dora--2"),)
    assert merged.services.absent == ()  # The file gives no services at all.


def test_entries_of_another_source_are_not_missed():
    held = held_from(as_json([structure(1)]), as_json([structure(7, source="autre")]))
    merged = merge(held, read(as_json([structure(1)])), corrections=NOTHING)
    assert merged.structures.absent == ()


def test_entries_of_other_departments_are_not_missed():
    orleans = structure(2, code_insee="45234", code_postal="45000", commune="Orléans")
    held = held_from(as_json([structure(1), orleans, structure(3)]))
    parsed = read(as_json([structure(1)]), departments=frozenset({"36"}))
    merged = merge(held, parsed, corrections=NOTHING)
    assert merged.structures.absent == (("dora", "dora--3"),)


def test_an_entry_that_is_refused_this_time_is_not_missed():
    held = held_from(as_json([structure(1), structure(2)]))
    parsed = read(as_json([structure(1), structure(2, nom="X")]))
    assert merge(held, parsed, corrections=NOTHING).structures.absent == ()


def test_corrections_stay_on_top_of_what_is_published():
    corrections = Corrections(
        structures={"dora/dora--1": {"telephone": "+33261910099", "courriel": None}}
    )
    row = corrected(structure(1), corrections.structures)
    assert row["telephone"] == "+33261910099"
    assert "courriel" not in row
    assert corrected(structure(2), corrections.structures) == structure(2)
    assert reference_of(row) == "dora/dora--1"


def test_a_correction_is_looked_at_again_when_its_field_is_published_otherwise():
    corrections = Corrections(
        structures={"dora/dora--1": {"telephone": "+33261910099", "nom": "Notre nom (exemple)"}},
        services={"dora/dora--service-1": {"frais": "payant"}},
    )
    held = held_from(both(structure(1), services=[service(1)]))
    newer = structure(1, date_maj="2026-11-01", telephone="+33261910099")
    parsed = read(both(newer, services=[service(1, date_maj="2026-11-01", frais="sur-devis")]))
    merged = merge(held, parsed, corrections=corrections)
    telephone, fees = merged.news
    assert (telephone.kind, telephone.name) == (Kind.STRUCTURE, "telephone")
    assert telephone.is_settled
    assert telephone.published_before == "+33261910001"
    assert (fees.kind, fees.published, fees.is_settled) == (Kind.SERVICE, "sur-devis", False)
    assert corrected(newer, corrections.structures)["nom"] == "Notre nom (exemple)"


def test_facts_of_ours_are_given_when_they_change_and_can_be_corrected():
    held = held_from(as_json([structure(1, nom="CIO (exemple)")]))
    assert held.spro["dora--1"]["network"] == "cio"
    newer = structure(1, nom="CIO (exemple)", reseaux_porteurs=["plie"], date_maj="2026-11-01")
    merged = merge(held, read(as_json([newer])), corrections=NOTHING)
    assert merged.spro["dora--1"]["network"] == "plie"
    corrections = Corrections(spro={"dora--1": {"network": "cio", "cep_operator": None}})
    facts = corrected_facts("dora--1", merged.spro["dora--1"], corrections)
    assert facts == {"network": "cio", "network_known_by": "carrier"}


numbered = st.lists(st.integers(1, 6), unique=True, min_size=1)


@given(numbered, numbered)
def test_every_entry_is_somewhere_once(before, after):
    held = held_from(as_json([structure(each) for each in before]))
    parsed = read(as_json([structure(each) for each in after]))
    outcome = merge(held, parsed, corrections=NOTHING).structures
    counted = (
        *(key_of(row) for row in outcome.added),
        *(key_of(change.after) for change in outcome.updated),
        *outcome.unchanged,
        *outcome.absent,
    )
    assert sorted(counted) == sorted({*held.structures, *map(key_of, parsed.structures)})
    assert len(outcome.added) == len(set(after) - set(before))
