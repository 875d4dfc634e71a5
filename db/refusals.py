"""Why a database cannot be used, in sentences that say what to do."""


class DatabaseRefusedError(Exception):
    """The database must not be opened like this; the text is for the person at the console."""


class DatabaseLockedError(DatabaseRefusedError):
    """Another program holds this branch's database (fault F09)."""


class DatabaseNewerError(DatabaseRefusedError):
    """The database was written by a newer version of the program (fault F08)."""


class DiskFailedError(Exception):
    """The disk failed while writing: stop, reopen and verify; trying again is not safe (F04)."""


class DatabaseDamagedError(DatabaseRefusedError):
    """The file is no sound database any more (F06)."""
