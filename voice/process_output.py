"""Standard output as a line to whoever started this process, and nobody else's."""

import os
import sys
from typing import BinaryIO


def take_output() -> BinaryIO:
    """Keep standard output for our words alone: what libraries print goes to the log."""
    ours = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return ours
