"""Of questions asked again and again, only the newest is answered, and none queues behind."""

from tests.fakes.runner import StepRunner
from ui.reception.latest import Latest


class Asked:
    """Asks for numbers and remembers the answers heard."""

    def __init__(self):
        self.runner = StepRunner()
        self.latest = Latest(self.runner)
        self.done, self.heard, self.failures = [], [], []

    def ask(self, number, error=None):
        def work():
            self.done.append(number)
            if error:
                raise error
            return number

        self.latest.ask(work, self.heard.append, self.failures.append)


def test_while_one_is_out_only_the_newest_waits():
    asked = Asked()
    for number in range(5):
        asked.ask(number)
    asked.runner.run_all()
    assert (asked.done, asked.heard) == ([0, 4], [4])


def test_a_dropped_question_is_not_heard():
    asked = Asked()
    asked.ask(1)
    asked.ask(2)
    asked.latest.drop()
    asked.runner.run_all()
    assert (asked.done, asked.heard) == ([1], [])


def test_after_a_failure_one_can_ask_again():
    asked = Asked()
    asked.ask(1, OSError())
    asked.runner.run_all()
    asked.ask(2)
    asked.runner.run_all()
    assert (len(asked.failures), asked.heard) == (1, [2])
