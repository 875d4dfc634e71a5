"""The line of text at the foot of the TV, for a while instead of the branch's own."""

from collections.abc import Mapping

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, TextPosted
from server.domain.hall_visitor import PostedText


def decide_post(
    day: BranchDay,
    text: Mapping[str, str],
    until_ms: int | None,
    staff: str,
    device: str,
    now_ms: int,
) -> list[AnyEvent]:
    """Another line, in some of the branch's languages; an empty one takes it away again."""
    if any(language not in day.branch.languages for language in text):
        raise QueueRuleError("bad-value", field="text")
    said = {language: line for language, line in text.items() if line}
    if said and until_ms is not None and until_ms <= now_ms:
        raise QueueRuleError("bad-value", field="until")
    if not said and day.posted_text is None:
        return []
    return [TextPosted(text=said, staff=staff, device=device, until_ms=until_ms if said else None)]


def text_of_board(day: BranchDay, now_ms: int) -> Mapping[str, str]:
    """What stands at the foot of the TV."""
    posted = posted_now(day, now_ms)
    return day.branch.board_text if posted is None else posted.text


def posted_now(day: BranchDay, now_ms: int) -> PostedText | None:
    """What a manager posted, while it stands; None: the branch's own line does."""
    posted = day.posted_text
    if posted is None or (posted.until_ms is not None and posted.until_ms <= now_ms):
        return None
    return posted
