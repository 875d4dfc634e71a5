"""How a law says that it was broken."""


class BrokenLaw(AssertionError):
    """``law`` is its number in reliability.md, or a name; the text says what was seen."""

    def __init__(self, law: str, seen: str) -> None:
        super().__init__(f"{law} is broken: {seen}")
        self.law = law


def demand(lawful: object, law: str, *seen: object) -> None:
    """Raise BrokenLaw unless all is well; ``seen`` is put together only then."""
    if not lawful:
        raise BrokenLaw(law, " ".join(map(str, seen)))
