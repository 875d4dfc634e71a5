"""Many rows of one question, without Core's row objects: of thousands of rows those would cost as
much time as the reading itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, TextClause


def rows_of(
    connection: Connection, question: TextClause, asked: Mapping[str, Any]
) -> Sequence[Any]:
    """All of them, as tuples in the order of the columns, as the driver gives them."""
    found = connection.execute(question, asked)
    assert found.cursor is not None, "a question has rows"
    try:
        return found.cursor.fetchall()
    finally:
        found.close()
