"""PostText."""

from protocol.messages import PostText
from protocol.plain_text import plain_line
from server.commands.handler import Occasion
from server.domain.events import AnyEvent
from server.domain.posting import decide_post

TEXT_MOST = 300


def post_text(command: PostText, occasion: Occasion) -> list[AnyEvent]:
    """A line for the TV, for a while or for the rest of the day."""
    assert occasion.staff is not None, "the lane has seen that somebody sits there"
    text = {language: plain_line(line, TEXT_MOST) for language, line in command.text.items()}
    until_ms = None if command.until is None else int(command.until.timestamp() * 1000)
    return decide_post(
        occasion.day, text, until_ms, occasion.staff, occasion.asker.device, occasion.now_ms
    )
