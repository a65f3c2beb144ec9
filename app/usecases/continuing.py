"""What a demand was already handed over for: who refused it, and what the next one goes on from."""

import datetime as dt
from typing import Any

from app.domain.identifiers import SubjectId
from app.domain.reception import Reception
from app.domain.referral import REFUSED, may_reorient
from app.usecases.desk import Desk
from app.usecases.referral_lines import OUT_ROWS, ReferralLine, linked, out_line


def led_nowhere(desk: Desk, connection: Any, reception: Reception) -> SubjectId | None:
    """Return the latest referral of a demand that leads nowhere and that nothing continues yet.

    The next one for the same demand goes on from it; one about a barrier goes on from another
    about the same.
    """
    if reception.demand is None or reception.referral is None:
        return None
    barrier = reception.referral.for_barrier
    for line in referrals_of_demand(desk, connection, reception.demand):
        is_alike = str(line.kept_here.get("for_barrier", "")) == barrier
        if is_alike and may_reorient(line.status) and not line.continued_by:
            return line.referral
    return None


def refused_by(desk: Desk, demand: SubjectId | None) -> tuple[tuple[str, dt.date], ...]:
    """Return the structures that refused a demand, by their references, and the day they did."""
    if demand is None:
        return ()
    with desk.workspace.read() as connection:
        lines = referrals_of_demand(desk, connection, demand)
    refused = {line.to_reference: refused_on(line) for line in reversed(lines)}
    return tuple((one, day) for one, day in refused.items() if day is not None)


def refused_on(line: ReferralLine) -> dt.date | None:
    """Return the day of a refusal, None for what is not refused."""
    if line.status != REFUSED:
        return None
    at_s = [step.at_s for step in line.history if step.status == REFUSED][-1]
    return dt.datetime.fromtimestamp(at_s, tz=dt.UTC).astimezone().date()


def referrals_of_demand(desk: Desk, connection: Any, demand: SubjectId) -> list[ReferralLine]:
    """Return the referrals made for a demand, the latest first."""
    sql = f"{OUT_ROWS} WHERE r.demand = ? ORDER BY r.created_at_s DESC, r.referral DESC"
    rows = connection.execute(sql, (demand,)).fetchall()
    own = desk.own_structure().name if rows else ""
    return linked([out_line(connection, own, row) for row in rows])
