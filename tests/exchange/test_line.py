"""A connection gone silent gives place to one that is answered; one that lives is left alone."""

import contextlib
import socket
import sys
import threading
import time

import pytest

from sync.knocking import KNOCK_EVERY_S, Address, Knocks
from sync.line import STAYS_OPEN_S, Line, Signs, signs_of

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a connection"),
]

SOON_S = 10


class Door:
    """Somebody who listens, and may stop opening."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(SOON_S)
        self.opened = []

    def connect(self):
        connection = socket.create_connection(self.listening.getsockname())
        self.open()
        return connection

    def open(self):
        opened, _ = self.listening.accept()
        self.opened.append(opened)
        return opened

    def close(self):
        for one in (self.listening, *self.opened):
            one.close()


class Told:
    """What the system says of the watched connection, and a clock that runs as fast as is said."""

    def __init__(self):
        self.signs = Signs()
        self.looks = threading.Semaphore(0)
        self.ahead_s = 0.0

    def look(self, _sock):
        self.looks.release()
        return self.signs

    def now(self):
        return time.monotonic() + self.ahead_s

    def looked_again(self, times=2):
        while self.looks.acquire(blocking=False):
            pass
        for _ in range(times):
            assert self.looks.acquire(timeout=SOON_S)


@pytest.fixture
def door():
    made = Door()
    yield made
    made.close()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def line(told):
    made = Line(told.look, told.now)
    yield made
    made.close()


@pytest.fixture
def connection(door):
    with door.connect() as made:
        yield made


def go_silent(told, for_s=60.0):
    """Have the other end owe a sign for some time."""
    told.signs = Signs(expects=True, sign_s=for_s, round_trip_s=0.6)
    told.looked_again()
    told.ahead_s += for_s


def test_who_waits_on_a_dead_connection_is_freed_and_finds_another_one_open(
    door, told, line, connection
):
    line.watch(connection, ())
    go_silent(told)
    answered = door.open()
    connection.settimeout(SOON_S)
    assert connection.recv(1) == b""  # freed, long before any system would have noticed
    line.leave()
    taken = line.take(SOON_S)
    with taken:
        taken.settimeout(SOON_S)
        answered.sendall(b"x")
        assert taken.recv(1) == b"x"


def test_connection_whose_other_end_gives_a_sign_is_never_cut(door, told, line, connection):
    line.watch(connection, ())
    for sign_s, expects in ((0.4, True), (3_600.0, False)):
        told.signs = Signs(expects=expects, sign_s=sign_s, round_trip_s=0.6)
        told.looked_again()
        told.ahead_s += 3_600
        told.looked_again()
    door.listening.settimeout(0.2)
    with pytest.raises(TimeoutError):
        door.open()
    connection.sendall(b"x")
    assert door.opened[0].recv(1) == b"x"


def test_slow_link_is_given_the_time_of_its_own_round_trips(door, told, line, connection):
    line.watch(connection, ())
    told.signs = Signs(expects=True, sign_s=30.0, round_trip_s=16.0)
    told.looked_again()
    told.ahead_s += 30.0
    told.looked_again()
    door.listening.settimeout(0.2)
    with pytest.raises(TimeoutError):
        door.open()


def test_sign_that_is_old_because_none_was_owed_is_no_silence(door, told, line, connection):
    line.watch(connection, ())
    told.signs = Signs(expects=True, sign_s=3_600.0, round_trip_s=0.6)  # a request, after an hour
    told.looked_again()
    door.listening.settimeout(0.2)
    with pytest.raises(TimeoutError):
        door.open()


def test_connection_that_nobody_takes_is_not_kept(door, told, line, connection):
    line.watch(connection, ())
    go_silent(told)
    answered = door.open()
    line.leave()
    told.ahead_s += STAYS_OPEN_S + 60
    answered.settimeout(SOON_S)
    assert answered.recv(1) == b""


def test_nothing_is_taken_where_nobody_opened_before(line):
    assert line.take(SOON_S) is None


def test_refusal_is_told_at_once(door, line, connection):
    line.watch(connection, ())
    line.leave()
    door.listening.close()
    with pytest.raises(ConnectionRefusedError):
        line.take(SOON_S)


def test_nobody_who_answers_is_waited_for_only_so_long(line, connection):
    line.watch(connection, ())
    line.leave()
    with unanswered() as address:
        line._address = address
        with pytest.raises(TimeoutError):
            line.take(0.3)


def test_knocks_follow_each_other_and_one_that_is_answered_ends_them(door):
    hands = [0.0]
    place = door.listening.getsockname()
    knocks = Knocks(address=Address(family=socket.AF_INET, place=place), clock=lambda: hands[0])
    opened = None
    while opened is None:
        opened = knocks.wait(0.1)
        hands[0] += KNOCK_EVERY_S
    with opened:
        door.open().sendall(b"x")
        opened.settimeout(SOON_S)
        assert opened.recv(1) == b"x"


def test_knocks_that_nobody_answers_do_not_pile_up():
    hands = [0.0]
    with unanswered() as address:
        knocks = Knocks(address=address, clock=lambda: hands[0])
        most = 0
        for _ in range(200):
            assert knocks.wait(0) is None
            most = max(most, len(knocks._waiting))
            hands[0] += 0.1
        knocks.close()
    assert 1 < most <= 4


def test_the_system_tells_of_a_connection_that_lives_and_of_one_that_is_over(door):
    with door.connect() as connection:
        assert signs_of(connection).is_open
        assert not signs_of(connection).expects
        assert 0 <= signs_of(connection).round_trip_s < SOON_S
    assert not signs_of(connection).is_open


@contextlib.contextmanager
def unanswered():
    """A place where calls are neither answered nor refused: the queue of who listens is full."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield Address(family=socket.AF_INET, place=listening.getsockname())
