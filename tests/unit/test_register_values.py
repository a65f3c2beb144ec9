"""Words of registers become words of the trade, or stay unknown: nothing is invented."""

import pytest

from app.reference.register.values import WITH_VALUES, How, ValueReader
from app.reference.register.words import register_words
from tests.builders import REFERENCE


@pytest.fixture(scope="module")
def values() -> ValueReader:
    return ValueReader(
        REFERENCE.vocabularies, REFERENCE.communes, REFERENCE.suggestions, register_words()
    )


@pytest.mark.parametrize(
    ("field", "text", "codes"),
    [
        ("status", "DE inscrit", ("inscrit",)),
        ("status", "D.E.", ("demandeur_emploi",)),
        ("status", "DE non inscrit depuis 2022", ("non_inscrit",)),
        ("status", "Salariée en CDI", ("cdi",)),
        ("status", "demandeur d'emplois", ("demandeur_emploi",)),
        ("status", "arrêt maladie", ("arret_invalidite",)),
        ("level_reached", "V", ("3",)),
        ("level_reached", "niveau IV", ("4",)),
        ("level_reached", "Niveau 4", ("4",)),
        ("level_reached", "NV5", ("3",)),
        ("level_reached", "Bac +2", ("5",)),
        ("level_reached", "CAP coiffure", ("3",)),
        ("sex", "Mme", ("femme",)),
        ("mode", "Tél", ("telephone",)),
        ("mode", "spontané", ("sans_rdv",)),
        ("outcome", "Orienté vers la mission locale", ("mise_en_relation",)),
        ("motives", "CV / LM", ("candidature",)),
        ("motives", "Emploi, Formation", ("recherche_emploi", "trouver_formation")),
        ("motives", "voudrait changer de métier", ("reconversion",)),
        ("barriers", "Permis + logement", ("mobilite", "logement_hebergement")),
        ("age", "18-25", ("18_25",)),
        ("age", "Moins de 16 ans", ("moins_16",)),
        ("commune", "36300 LE BLANC", ("36018",)),
        ("commune", "Le Blanc (36)", ("36018",)),
        ("commune", "St Gaultier", ("36192",)),
        ("commune", "Chateauroux cedex 9", ("36044",)),
        ("commune", "36018", ("36018",)),
    ],
)
def test_a_word_of_the_field_has_its_code(values, field, text, codes):
    assert values.read(field, text).codes == codes


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("status", "zorglub"),
        ("status", "NC"),
        ("status", "?"),
        ("status", ""),
        ("level_reached", "I"),  # a master's degree or a doctorate
        ("age", "- de 26 ans"),  # over two bands
        ("commune", "36300"),  # several communes share it
        ("commune", "Paris"),
        ("outcome", "R.A.S."),
    ],
)
def test_what_may_be_several_things_is_none(values, field, text):
    assert values.read(field, text).codes == ()
    assert values.read(field, text).how is How.NOT


def test_how_a_word_was_understood_is_said(values):
    assert values.read("commune", "Le Blanc").how is How.SAME
    assert values.read("commune", "Châteaurou").how is How.CLOSE
    assert values.read("status", "DE inscrit").how is How.KNOWN
    assert values.read("status", "Artisan taxi").how is How.WORDS


def test_every_word_of_the_data_gives_a_code_of_its_vocabulary():
    words = register_words()
    for name in REFERENCE.vocabularies.names():
        codes = set(REFERENCE.vocabularies.get(name).codes())
        assert set(words.words_for(name)) <= codes, name


def test_every_label_of_a_vocabulary_is_read_as_itself(values):
    from app.reference.register.values import CODED

    for field, vocabulary in CODED.items():
        for entry in REFERENCE.vocabularies.get(vocabulary).active():
            if not register_words().says_nothing(entry.label):
                assert values.read(field, entry.label).codes == (entry.code,), (field, entry.label)


@pytest.mark.parametrize("field", WITH_VALUES)
def test_a_very_long_cell_is_read_no_further_than_it_must(values, field):
    values.read(field, "mot " * 8_000)
