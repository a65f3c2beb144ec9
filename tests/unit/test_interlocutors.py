"""Two interlocutors is the aim: each professional counts once, and a barrier's partner does not."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.interlocutors import (
    Interlocutor,
    InterlocutorRule,
    Known,
    count_interlocutors,
)

ONE_BY_ONE, BY_TEAM = InterlocutorRule(), InterlocutorRule(team_counts_once=True)
HERE = Interlocutor(structure="Relais du Blanc (exemple)", agent="Alix Exemple")
COLLEAGUE = Interlocutor(structure="Relais du Blanc (exemple)", agent="Camille Exemple")
THERE = Interlocutor(structure="Mission locale (exemple)", known=Known.NEXT)

anybody = st.builds(
    Interlocutor,
    structure=st.sampled_from(["A", "a ", "B", "C"]),
    agent=st.sampled_from(["", "x", "X", "y"]),
)


def figure(*everyone, rule=ONE_BY_ONE):
    return count_interlocutors(everyone, rule).figure


def test_somebody_met_twice_is_one_interlocutor():
    assert figure(HERE, HERE) == 1
    assert figure(HERE, THERE, HERE) == 2


def test_colleagues_of_one_structure_are_two_unless_the_region_says_otherwise():
    assert figure(HERE, COLLEAGUE) == 2
    assert figure(HERE, COLLEAGUE, rule=BY_TEAM) == 1


def test_a_structure_declared_without_a_name_is_whoever_is_known_there():
    declared = Interlocutor(structure=HERE.structure, known=Known.DECLARED)
    assert figure(declared, HERE) == figure(HERE, declared) == 1
    (kept,) = count_interlocutors([declared, HERE], ONE_BY_ONE).met
    assert kept == HERE


def test_only_the_third_is_beyond_the_aim():
    assert not count_interlocutors([HERE, THERE], ONE_BY_ONE).is_beyond
    assert count_interlocutors([HERE, COLLEAGUE, THERE], ONE_BY_ONE).is_beyond
    aims_higher = InterlocutorRule(target=3)
    assert not count_interlocutors([HERE, COLLEAGUE, THERE], aims_higher).is_beyond


@given(st.lists(anybody), st.sampled_from([ONE_BY_ONE, BY_TEAM]))
def test_the_order_of_meetings_never_changes_the_count(everyone, rule):
    backwards = count_interlocutors(reversed(everyone), rule)
    assert count_interlocutors(everyone, rule).figure == backwards.figure


@given(st.lists(anybody), anybody)
def test_meeting_somebody_more_never_lowers_the_count(everyone, one):
    assert figure(*everyone, one) >= figure(*everyone)
    assert figure(*everyone, one, one) == figure(*everyone, one)
