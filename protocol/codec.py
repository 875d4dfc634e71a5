"""Bytes to words and back, with every check that needs no knowledge of the branch."""

import json
import re
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import fields as struct_fields

from protocol.messages import AnyCommand, Hello, Rejected, ServerMessage

FRAME_BYTES_MAX = 64 * 1024

_encoder = msgspec.json.Encoder()
_hello_decoder = msgspec.json.Decoder(Hello)
_command_decoder: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_server_decoder: msgspec.json.Decoder[ServerMessage] = msgspec.json.Decoder(ServerMessage)

COMMAND_TYPES: dict[str, type[AnyCommand]] = {kind.__name__: kind for kind in AnyCommand.__args__}
_SERVER_TYPES = {
    kind.__name__ for part in ServerMessage.__args__ for kind in getattr(part, "__args__", (part,))
}


class MalformedFrame(Exception):
    """Not a message at all: the connection is closed with 4400 after a ``Rejected``."""


class RefusedCommand(Exception):
    """A message that is no proper command; the connection stays.

    ``reason`` is a code of protocol.md, ``field`` the field that it is about, if any.
    """

    def __init__(self, command_id: str | None, reason: str, field: str = "") -> None:
        super().__init__(f"{reason} {field}".strip())
        self.command_id = command_id
        self.reason = reason
        self.field = field


class _DuplicateKey(ValueError):
    pass


# msgspec writes microseconds, or none at all; the wire has exactly milliseconds. Nearly every
# instant is of whole milliseconds, and a function called for each would take most of the time.
_MILLISECONDS = re.compile(rb'000Z"(?<=T\d\d:\d\d:\d\d\.\d\d\d\d\d\dZ")')
_OTHERS = re.compile(rb'Z"(?:(?<=T\d\d:\d\d:\d\dZ")|(?<=T\d\d:\d\d:\d\d\.\d\d\d\d\d\dZ"))')
_INSTANT = re.compile(rb'(T\d\d:\d\d:\d\d)(?:\.(\d{3})\d*)?Z"')


def encode(message: msgspec.Struct) -> bytes:
    """One frame."""
    frame = _MILLISECONDS.sub(b'Z"', _encoder.encode(message))
    return frame if _OTHERS.search(frame) is None else _INSTANT.sub(_to_milliseconds, frame)


def _to_milliseconds(found: re.Match[bytes]) -> bytes:
    return found[1] + b"." + (found[2] or b"000") + b'Z"'


def body_of(command: AnyCommand) -> bytes:
    """A command without its id, the same whatever the order of keys on the wire."""
    words: dict[str, Any] = msgspec.to_builtins(command)
    del words["id"]
    return _encoder.encode(words)


def decode_hello(frame: str | bytes) -> Hello:
    """The first frame of a connection.

    Raises MalformedFrame, or RefusedCommand when it is a message but no proper Hello.
    """
    words = _object_of(frame)
    if words["type"] != "Hello":
        raise RefusedCommand(None, "unknown-type", str(words["type"])[:40])
    try:
        return _hello_decoder.decode(frame)
    except msgspec.ValidationError as error:
        raise _refusal(words, error) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise MalformedFrame("undecodable") from None


def decode_command(frame: str | bytes) -> AnyCommand:
    """One command of a client.

    Raises MalformedFrame, or RefusedCommand with the command's id.
    """
    try:
        command = _command_decoder.decode(frame)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        words = _object_of(frame)
        if words["type"] not in COMMAND_TYPES:
            raise RefusedCommand(_id_of(words), "unknown-type", words["type"][:40]) from None
        if isinstance(error, msgspec.ValidationError):
            raise _refusal(words, error) from None
        # Lone surrogates, UTF-16: JSON for one parser, not for the other.
        raise MalformedFrame("undecodable") from None
    # msgspec takes the last of two equal keys; two parsers must never read one frame differently.
    words = _object_of(frame)
    for field, value in words.items():
        if _has_nul(value):
            raise RefusedCommand(_id_of(words), "bad-value", field)
    return command


def decode_server_message(frame: str | bytes) -> ServerMessage | None:
    """One frame of the server; None for a word of a later version, which clients ignore.

    Raises MalformedFrame.
    """
    try:
        return _server_decoder.decode(frame)
    except msgspec.ValidationError as error:
        words = _object_of(frame)
        if words["type"] in _SERVER_TYPES:
            raise MalformedFrame(str(error)) from None
        return None
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise MalformedFrame(str(error)) from None


def _object_of(frame: str | bytes) -> dict[str, Any]:
    """The frame as an object with a type and no key twice, or MalformedFrame."""
    try:
        text = frame if isinstance(frame, str) else frame.decode(json.detect_encoding(frame))
        words = _strict_json.decode(text)
    except (ValueError, RecursionError) as error:
        raise MalformedFrame(type(error).__name__) from None
    if not isinstance(words, dict) or not isinstance(words.get("type"), str):
        raise MalformedFrame("no type")
    return words


def _has_nul(value: Any) -> bool:
    """Whether a text has the one character that PostgreSQL keeps in no text: refused here, it
    does not look like a failing disk there."""
    if isinstance(value, dict):
        return any(map(_has_nul, (*value, *value.values())))
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\0" in value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    words = dict(pairs)
    if len(words) != len(pairs):
        raise _DuplicateKey
    return words


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_strict_json = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def _id_of(words: dict[str, Any]) -> str | None:
    given = words.get("id")
    if not isinstance(given, str):
        return None
    try:
        return str(UUID(given))
    except ValueError:
        return given[:64]


_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]*)`")
_MISSING_FIELD = re.compile(r"missing required field `([^`]*)`")
_AT = re.compile(r"at `\$\.([^`]*)`")


def _refusal(words: dict[str, Any], error: msgspec.ValidationError) -> RefusedCommand:
    """The reason of protocol.md for what msgspec found."""
    text = str(error)
    command_id = _id_of(words)
    if match := _UNKNOWN_FIELD.search(text):
        return RefusedCommand(command_id, "unknown-field", match[1])
    if match := _MISSING_FIELD.search(text):
        return RefusedCommand(command_id, "missing-field", match[1])
    match = _AT.search(text)
    return RefusedCommand(command_id, "bad-value", match[1] if match else "")


def field_names(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields of a word, for documents and tests."""
    return tuple(field.name for field in struct_fields(kind))


__all__ = [
    "COMMAND_TYPES",
    "FRAME_BYTES_MAX",
    "MalformedFrame",
    "RefusedCommand",
    "Rejected",
    "body_of",
    "decode_command",
    "decode_hello",
    "decode_server_message",
    "encode",
    "field_names",
]
