"""A program that only listens to the global keys, and says on stdout what it hears."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from counter.actions import ACTIONS
from counter.global_keys_x11 import X11GlobalKeys

app = QApplication(sys.argv)
keys = X11GlobalKeys()


def say(word: str) -> None:
    """One line, at once."""
    print(word, flush=True)


def grab() -> None:
    """Take the keys and say which."""
    letters = {action.name: action.global_letter for action in ACTIONS.values()}
    found = keys.grab({name: letter for name, letter in letters.items() if letter}, say)
    for name, moves in (("taken", found.taken), ("refused", found.refused)):
        say(f"{name} {','.join(sorted(moves)) or 'none'}")


QTimer.singleShot(0, grab)
app.exec()
