"""One corrects while the other answers: every machine ends with the same referral."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import AnswerNotAllowedError
from app.domain.referral_errors import NothingToCorrectError
from app.store.rows import rebuild
from app.usecases.referral_changes import (
    cancel_referral,
    correct_referral,
    note_corrections_read,
    resume_referral,
)
from app.usecases.referrals import (
    IN,
    Answer,
    acknowledge_arrivals,
    answer_referral,
    list_referrals,
    open_referral,
)
from app.usecases.resending import resend_referral
from tests.builders import SECOND_DOOR, a_desk, dump, handed_over, referral_of
from tests.fakes.courier import acknowledged, deliver, sealed_by

ROWS = ("referrals", "shared_referrals", "referral_answers")


def correcting(**wanted):
    return lambda desk, name: correct_referral(desk, name, wanted)


def answering(**answer):
    return lambda desk, name: answer_referral(desk, name, Answer(**answer))


SENDER = st.sampled_from(
    (
        correcting(telephone="06 39 98 00 02"),
        correcting(message="Un"),
        correcting(message="Deux", handover="rdv_pris"),
        cancel_referral,
        resume_referral,
        resend_referral,
        answering(status="sans_reponse"),
    )
)
RECIPIENT = st.sampled_from(
    (
        answering(status="acceptee"),
        answering(status="refusee", reason="hors_competence", proposed="une/autre"),
        answering(status="contact_effectif"),
        note_corrections_read,
        lambda desk, _name: acknowledge_arrivals(desk),
    )
)
ROUNDS = st.lists(
    st.tuples(
        st.lists(SENDER, max_size=2), st.lists(SENDER, max_size=1), st.lists(RECIPIENT, max_size=2)
    ),
    max_size=4,
)


def exchanged(*desks, backwards=False):
    """Everybody gives everything, in either order, and gets it twice."""
    for desk in desks[::-1] if backwards else desks:
        bundles = sealed_by(desk)
        acknowledged(desk, bundles)
        others = [one for one in desks if one is not desk]
        deliver(bundles, *others)
        deliver(bundles, *others)


def _standing(line):
    return "" if line.status in {"a_transmettre", "transmise"} else line.status


@given(ROUNDS, st.booleans())
@settings(max_examples=10, deadline=None)
def test_corrections_and_answers_made_at_once_end_alike(tmp_path_factory, rounds, backwards):
    folder = tmp_path_factory.mktemp("doors")
    first, other = a_desk(folder / "first"), a_desk(folder / "other")
    second = a_desk(folder / "second", reference=SECOND_DOOR)
    everyone = (first, other, second)
    referral = referral_of(handed_over(first))
    exchanged(*everyone)
    (copy,) = (line.referral for line in list_referrals(second, IN))
    for acts in rounds:
        for desk, name, some in zip(everyone, (referral, referral, copy), acts, strict=True):
            for act in some:
                # It stands elsewhere by now, or says that already.
                with contextlib.suppress(AnswerNotAllowedError, NothingToCorrectError):
                    act(desk, name)
        exchanged(*everyone, backwards=backwards)
    exchanged(*everyone)

    ours, also, theirs = (
        open_referral(desk, name)
        for desk, name in ((first, referral), (other, referral), (second, copy))
    )
    assert ours.details == also.details == theirs.details
    assert ours.disputed == also.disputed == theirs.disputed
    # All but how it left, which each machine knows of itself.
    assert len({_standing(line) for line in (ours, also, theirs)}) == 1
    assert ours.history[2:] == also.history[1:] == theirs.history[1:]
    assert len(ours.continued_by) == len(also.continued_by) == len(theirs.continued_by)
    for desk in everyone:
        before = dump(desk, *ROWS)
        desk.workspace.writer.write(rebuild)
        assert dump(desk, *ROWS) == before
        desk.workspace.close()
