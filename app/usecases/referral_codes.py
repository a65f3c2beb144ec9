"""Finding a referral by the short code that somebody says aloud or reads on a paper."""

from app.domain.errors import UnknownRecordError
from app.domain.identifiers import SubjectId, read_spoken_code, spoken_code
from app.usecases.desk import Desk
from app.usecases.referrals import ReferralLine, open_referral


def referrals_by_code(desk: Desk, text: str) -> list[ReferralLine]:
    """Return the referrals that a code names and those they continue or lead to, latest first.

    Spaces, dashes and small letters are forgiven; a text that is no code finds nothing, and asks
    the file nothing.
    """
    code = read_spoken_code(text)
    names = _named(desk, code) if code else []
    found: dict[SubjectId, ReferralLine] = {}
    while names:
        name = names.pop()
        if name in found:
            continue
        try:
            line = open_referral(desk, name)
        except UnknownRecordError:
            continue  # a copy between others, or one that was erased
        found[line.referral] = line
        linked = (line.follows, line.resends, *line.continued_by)
        names += [one for one in linked if one is not None and one not in found]
    return sorted(found.values(), key=lambda line: (line.created_at_s, line.referral), reverse=True)


def _named(desk: Desk, code: str) -> list[SubjectId]:
    """Return the referrals of that code, without reading what any of them says."""
    with desk.workspace.read() as connection:
        made = connection.execute("SELECT referral, shared FROM referrals").fetchall()
        shared = connection.execute(
            "SELECT shared FROM shared_referrals WHERE short_id = ?", (code,)
        ).fetchall()
    names = [SubjectId(name) for (name,) in shared]
    return names + [
        SubjectId(referral)
        for referral, copy in made
        if code in {spoken_code(name) for name in (referral, copy) if name}
    ]
