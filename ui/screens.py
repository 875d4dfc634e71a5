"""Tells how large this machine's main screen is: ``python -m ui.screens``.

One JSON object, ``{"x":0,"y":0,"width":1920,"height":1040}``: what panels leave free, in Qt's own
units. Without a screen Qt itself ends the program, with its reason on standard error. For programs
that arrange windows without Qt of their own.
"""

import json
import sys

from PySide6.QtGui import QGuiApplication


def main() -> int:
    """Print the main screen's free area."""
    app = QGuiApplication([])
    free = app.primaryScreen().availableGeometry()
    area = {"x": free.x(), "y": free.y(), "width": free.width(), "height": free.height()}
    sys.stdout.write(json.dumps(area) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
