"""Which fields of a reception are written of the person, of the demand and of the meeting."""

from app.store.compartments import AGENT, COUNSELLING, RECEPTION

PERSON_FIELDS = (
    "family_name",
    "given_name",
    "birth_name",
    "usual_name",
    "birth_on",
    "telephone",
    "email",
    "address",
    "commune",
)
DEMAND_FIELDS = ("expressed", "analysed", "purpose", "motives", "needs", "barriers")
ENCOUNTER_FIELDS = (
    "received_at",
    "door",
    "mode",
    "place",
    "visitor",
    "how_they_came",
    "already_met",
    "status",
    "level_reached",
    "diploma_obtained",
    "sex",
    "age_band",
    "commune",
    "languages",
    "can_travel",
    "mode_wished",
    "go_day",
    "go_half",
    "information_given",
    "outcome",
    "is_simple",
    "next_step",
    "next_on",
    "next_reason",
    "beyond_reason",
)
NOTES = {
    "reception_note": RECEPTION,
    "counselling_note": COUNSELLING,
    "private_note": AGENT,
}
