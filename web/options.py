"""What the pages can be told on the command line, beside what every program takes."""

from ui.program import (
    ALLOW_PLAIN,
    CA,
    DEVICE,
    LOG_FILE,
    LOG_JSON,
    LOG_LEVEL,
    SERVER,
    TOKEN,
    TOKEN_FILE,
)
from ui.settings import PATH, TEXT, WHOLE, AnyOption, Option

DATA = Option("data", PATH, None, "the branch's data folder, as the server has it", metavar="DIR")
DATABASE = Option(
    "database", TEXT, "", "address of a PostgreSQL database, if the branch has one", metavar="URL"
)
HOST = Option("host", TEXT, "127.0.0.1", "address of this machine to listen at", metavar="HOST")
PORT = Option("port", WHOLE, 8080, "port to listen at; 0 takes any free one", metavar="N")
CERTIFICATE = Option("certificate", PATH, None, "certificate (PEM), for https", metavar="FILE")
KEY = Option("key", PATH, None, "its key (PEM)", metavar="FILE")

OPTIONS: tuple[AnyOption, ...] = (
    SERVER,
    DEVICE,
    TOKEN,
    TOKEN_FILE,
    CA,
    ALLOW_PLAIN,
    DATA,
    DATABASE,
    HOST,
    PORT,
    CERTIFICATE,
    KEY,
    LOG_LEVEL,
    LOG_JSON,
    LOG_FILE,
)
EXAMPLES = """\
examples:
  antrean-server device add web-1 --role web --data DIR      (prints the token)
  antrean-web --server ws://127.0.0.1:8765/ --data DIR --device web-1 --token TOKEN
  antrean-web --data DIR --host 0.0.0.0 --certificate web.pem --key web.key

Settings are taken from flags, then ANTREAN_SERVER and so on, then the settings file, then
defaults. Visitors' phones need --host with an address of this machine, and link.base_url of the
branch must lead here.

exit codes: 0 well; 2 the command line is wrong; 3 settings, files or data cannot be used;
4 another program is in the way; 6 a bug
"""
