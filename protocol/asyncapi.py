"""The documents for other people's programs, made from the words themselves.

``script/write-protocol-docs`` writes them to ``docs/protocol/``; a test holds them to the code.
"""

from typing import Any

import msgspec

from protocol.codec import COMMAND_TYPES, FRAME_BYTES_MAX
from protocol.messages import (
    Accepted,
    Answer,
    AnyCommand,
    Hello,
    Moment,
    Query,
    Rejected,
    ServerMessage,
    Snapshot,
    Welcome,
)
from protocol.roles import PROTOCOL_VERSION

_SERVER_KINDS: tuple[type[msgspec.Struct], ...] = tuple(
    kind for part in ServerMessage.__args__ for kind in getattr(part, "__args__", (part,))
)
_COMMANDS = tuple(COMMAND_TYPES.values())
_NOTICES: tuple[type[msgspec.Struct], ...] = (*Snapshot.__args__, *Moment.__args__)

# Who hears what (protocol.md, Telling).
NOTICE_ROLES = {
    "KioskSnapshot": ["kiosk"],
    "BoardSnapshot": ["display"],
    "QueueSnapshot": ["counter"],
    "ScreeningSnapshot": ["screening"],
    "HallSnapshot": ["manager", "web"],
    "Announcement": ["display"],
    "AnnouncementWithdrawn": ["display"],
    "TicketToPrint": ["kiosk"],
    "SlipToPrint": ["kiosk"],
    "RatingInvitation": ["rating"],
    "OfficerCall": ["screening"],
    "SignedOut": ["counter", "manager", "screening"],
}

CLOSE_CODES = {
    "1009": f"a frame of more than {FRAME_BYTES_MAX} bytes",
    "4400": "not JSON, no type, a key twice, or no Hello within 5 s",
    "4401": "bad token",
    "4403": "role not allowed",
    "4409": "replaced by a newer connection of the same device",
    "4429": "too many",
    "4503": "server closing",
}

_DESCRIPTION = """\
One WebSocket per program, text frames, one JSON object each, UTF-8, no compression. Every object
has `type`. Instants are RFC 3339 UTC with milliseconds, durations are seconds and end in `_s`.

The server refuses unknown types and fields with a reason. A client ignores notices and fields
that it does not know, so that neighbouring versions can talk.

Open with `Hello`; the server answers `Welcome` and the snapshot of the role. A command carries an
`id`, a UUID made once per intention; a retry after a lost answer, a reconnect or a server restart
repeats the same `id` and body and gets the same answer, with one effect. `Accepted` comes only
after the change is durable. `Rejected` says `reason` to programs and `message` to the person.

Both sides ping every 5 s and drop a peer that is silent for 12 s. A client counts the link as
lost at the first of: socket closed, a command unanswered for 2 s, 12 s of silence.
"""


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of every message, each under its name in ``$defs``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Antrean: the words on the wire",
        "description": f"Protocol version {PROTOCOL_VERSION}.",
        "anyOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in _all_kinds()],
        "$defs": _components("#/$defs/{name}"),
    }


def _answers(kind: type[AnyCommand]) -> list[type[msgspec.Struct]]:
    return [Answer if issubclass(kind, Query) else Accepted, Rejected]


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document: who says which word to whom, and what comes back."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Antrean",
            "version": str(PROTOCOL_VERSION),
            "description": _DESCRIPTION,
        },
        "defaultContentType": "application/json",
        "servers": {
            "branch": {
                "host": "{host}:8765",
                "protocol": "wss",
                "description": "The branch's server with the branch's certificate; plain ws "
                "needs a setting, except on the server's own machine.",
                "variables": {"host": {"description": "Name or address of the server PC."}},
            }
        },
        "channels": {
            "connection": {
                "address": "/",
                "description": "Close codes: "
                + "; ".join(f"{code} {meaning}" for code, meaning in CLOSE_CODES.items()),
                "messages": {
                    kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"}
                    for kind in _all_kinds()
                },
            }
        },
        "operations": {
            "Hello": _operation("receive", Hello, [Welcome, Rejected], None),
            **{
                kind.__name__: _operation("receive", kind, _answers(kind), sorted(kind.roles))
                for kind in _COMMANDS
            },
            **{
                kind.__name__: _operation("send", kind, [], NOTICE_ROLES[kind.__name__])
                for kind in _NOTICES
            },
        },
        "components": {
            "messages": {
                kind.__name__: {
                    "name": kind.__name__,
                    "summary": _summary(kind),
                    "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
                }
                for kind in _all_kinds()
            },
            "schemas": _components("#/components/schemas/{name}"),
        },
    }


def as_text(document: dict[str, Any]) -> str:
    """The document as it stands in a file."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _all_kinds() -> tuple[type[msgspec.Struct], ...]:
    return (Hello, *_COMMANDS, *_SERVER_KINDS)


def _summary(kind: type[msgspec.Struct]) -> str:
    return " ".join((kind.__doc__ or "").split())


def _operation(
    action: str,
    kind: type[msgspec.Struct],
    replies: list[type[msgspec.Struct]],
    roles: list[str] | None,
) -> dict[str, Any]:
    """``receive`` and ``send`` are said from where the server stands."""
    channel = {"$ref": "#/channels/connection"}
    operation: dict[str, Any] = {
        "action": action,
        "channel": channel,
        "summary": _summary(kind),
        "messages": [{"$ref": f"#/channels/connection/messages/{kind.__name__}"}],
    }
    if replies:
        operation["reply"] = {
            "channel": channel,
            "messages": [
                {"$ref": f"#/channels/connection/messages/{reply.__name__}"} for reply in replies
            ],
        }
    if roles is not None:
        operation["x-device-roles"] = roles
    return operation


def _components(template: str) -> dict[str, Any]:
    _, components = msgspec.json.schema_components(_all_kinds(), ref_template=template)
    return {name: _for_other_languages(components[name]) for name in sorted(components)}


def _for_other_languages(schema: Any) -> Any:
    """Patterns as ECMA-262 has them, which knows no ``\\Z`` and ends at ``$`` only."""
    if isinstance(schema, dict):
        return {
            key: value.replace("\\Z", "$")
            if key == "pattern" and isinstance(value, str)
            else _for_other_languages(value)
            for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [_for_other_languages(each) for each in schema]
    return schema
