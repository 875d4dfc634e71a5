"""Somebody else's window with a text field: it says on stdout what was typed into it."""

import sys

from PySide6.QtWidgets import QApplication, QLineEdit

app = QApplication(sys.argv)
field = QLineEdit()
field.setWindowTitle("other program")
field.textChanged.connect(lambda text: print(f"typed {text}", flush=True))
field.show()
app.exec()
