"""An administrator asked for something that cannot be done."""


class RefusedError(Exception):
    """The text says why not, and what to do instead."""
