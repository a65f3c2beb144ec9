"""Turns: one after the other, in the order asked."""

from ui.turns import Turns


def test_one_begins_at_once_and_the_others_in_their_order():
    turns, begun = Turns(), []
    assert turns.ask(lambda: begun.append("first"))
    assert not turns.ask(lambda: begun.append("second"))
    assert not turns.ask(lambda: begun.append("third"))
    assert begun == ["first"]
    turns.leave()
    assert begun == ["first", "second"]
    turns.leave()
    turns.leave()
    assert begun == ["first", "second", "third"]
    assert turns.ask(lambda: None)


def test_a_turn_that_has_not_come_can_be_given_up():
    turns, begun = Turns(), []

    def second():
        begun.append("second")

    assert not turns.withdraw(second)
    turns.ask(lambda: None)
    turns.ask(second)
    assert turns.withdraw(second)
    turns.leave()
    assert begun == []
