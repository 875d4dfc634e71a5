"""Where the second steps of managers stand under seal: of people who work here, not visitors."""

KIND = "second-step"
# As long as somebody works here: no sweep and no visitor's wish takes it away.
KEEP_DAYS = 20 * 365


def record_of(staff: str) -> str:
    """The id of a person's record."""
    return f"{KIND}-{staff}"
