"""The keys of the desk at the door. Letters and digits alone are never keys there: they are what
a scanner types."""

KEYS: dict[str, str] = {
    "number": "F2",
    "solved": "F8",
    "channel": "F4",
    "self-service": "F6",
    "office": "F7",
    "return": "F9",
    "reprint": "F3",
    "recent": "F10",
    "identifier": "Ctrl+I",
    "services": "Alt+1 … 9",
    "matters": "Ctrl+1 … 9",
    "priorities": "Alt+Q W E R T",
    "papers": "Ctrl+L",
    "status": "Ctrl+T",
    "advice": "Ctrl+H",
    "details": "Ctrl+J",
    "kiosk": "Ctrl+O",
    "start-over": "Ctrl+B",
    "correct": "Ctrl+E",
    "cancel": "Ctrl+D",
    "guest": "Ctrl+U",
    "complaint": "Ctrl+P",
    "disturbance": "Ctrl+G",
    "hall": "Ctrl+M",
    "answer": "Ctrl+S",
    "sign-out": "Ctrl+K",
    "help": "F1",
}
"""What can be done, and the key for it as people read it."""

NTH = {"services": "Alt+{}", "matters": "Ctrl+{}"}
"""Actions that choose the first to the ninth of something."""

PRIORITY_KEYS = ("Alt+Q", "Alt+W", "Alt+E", "Alt+R", "Alt+T")
