"""Bytes and words: what comes in is checked to the last field, and nothing that comes in hurts."""

import json
import time
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.codec import (
    COMMAND_TYPES,
    FRAME_BYTES_MAX,
    MalformedFrame,
    RefusedCommand,
    body_of,
    decode_command,
    decode_hello,
    decode_server_message,
    encode,
)
from protocol.messages import (
    Accepted,
    AnyCommand,
    CallNext,
    CloseBranchDay,
    FinishService,
    Hello,
    IssueTicket,
    Rejected,
    ServerMessage,
    Ticket,
)
from protocol.roles import DeviceRole
from tests.protocol.made_up_words import commands, server_messages, words

ID = "0198c0de-0000-7000-8000-000000000001"
HELLO = {"type": "Hello", "protocol": 1, "role": "kiosk", "device": "kiosk-1", "token": "secret"}


def frame(kind: str, **fields: Any) -> str:
    """A command with the id of these tests, as another program would write it."""
    return json.dumps({"type": kind, "id": ID, **fields})


def refusal(text: str | bytes) -> tuple[str | None, str, str]:
    with pytest.raises(RefusedCommand) as refused:
        decode_command(text)
    return refused.value.command_id, refused.value.reason, refused.value.field


class TestRoundTrips:
    @given(commands)
    def test_a_command_comes_back_as_it_was(self, command: AnyCommand) -> None:
        assert decode_command(encode(command)) == command

    @given(words(Hello))
    def test_a_hello_comes_back_as_it_was(self, hello: Hello) -> None:
        assert decode_hello(encode(hello)) == hello

    @given(server_messages)
    def test_a_message_of_the_server_comes_back_as_it_was(self, message: ServerMessage) -> None:
        assert decode_server_message(encode(message)) == message

    @given(commands)
    def test_a_frame_may_come_as_text_or_bytes(self, command: AnyCommand) -> None:
        assert decode_command(encode(command).decode()) == command

    def test_the_six_letters_of_an_escaped_nul_are_a_text_like_any(self) -> None:
        said = decode_command(frame("CloseBranchDay", note="\\u0000"))
        assert isinstance(said, CloseBranchDay)
        assert said.note == "\\u0000"

    def test_an_id_may_be_written_in_another_way_and_is_the_same_id(self) -> None:
        written = ID.upper().replace("-", "")
        assert decode_command(json.dumps({"type": "CallNext", "id": written})).id == UUID(ID)


class TestDefaults:
    def test_absent_fields_mean_what_the_protocol_says(self) -> None:
        command = decode_command(frame("IssueTicket", service="B"))
        assert command == IssueTicket(
            id=UUID(ID),
            service="B",
            priority="none",
            needs=[],
            language=None,
            screening=None,
            weight=None,
            print_at=None,
        )

    def test_an_absent_note_is_empty_and_an_absent_category_null(self) -> None:
        command = decode_command(frame("FinishService", ticket="t", outcome="solved"))
        assert isinstance(command, FinishService)
        assert (command.note, command.category, command.education) == ("", None, [])

    def test_null_may_be_said_where_it_may_be_left_out(self) -> None:
        said = decode_command(frame("CallNext", finish=None))
        assert said == decode_command(frame("CallNext")) == CallNext(id=UUID(ID))

    def test_bodies_are_equal_after_defaults_and_whatever_the_order_of_keys(self) -> None:
        short = decode_command(frame("IssueTicket", service="B"))
        long = decode_command(
            f'{{"needs":[],"weight":null,"priority":"none","service":"B","id":"{ID}",'
            '"language":null,"type":"IssueTicket"}'
        )
        assert body_of(short) == body_of(long)

    @given(commands, st.uuids())
    def test_a_body_does_not_depend_on_the_id(self, command: AnyCommand, other: UUID) -> None:
        assert body_of(command) == body_of(msgspec.structs.replace(command, id=other))

    @given(commands, commands)
    def test_different_intentions_have_different_bodies(
        self, one: AnyCommand, other: AnyCommand
    ) -> None:
        same = one == msgspec.structs.replace(other, id=one.id) if type(one) is type(other) else 0
        assert (body_of(one) == body_of(other)) == bool(same)


class TestRefusedCommands:
    """A parsed command with a wrong type, field or value: refused with its id, the rest stays."""

    @pytest.mark.parametrize(
        ("text", "reason", "field"),
        [
            (frame("Nonsense"), "unknown-type", "Nonsense"),
            (frame("Hello"), "unknown-type", "Hello"),
            (frame("Accepted", revision=1), "unknown-type", "Accepted"),
            (frame("CallNext", x=1), "unknown-field", "x"),
            (
                frame("CallNext", finish={"outcome": "solved", "ticket": "t"}),
                "unknown-field",
                "ticket",
            ),
            (frame("PauseCounter"), "missing-field", "reason"),
            (frame("CallNext", finish={}), "missing-field", "outcome"),
            (frame("PauseCounter", reason=None), "bad-value", "reason"),
            (frame("PauseCounter", reason=""), "bad-value", "reason"),
            (frame("PauseCounter", reason="x" * 41), "bad-value", "reason"),
            (frame("IssueTicket", service="A", priority="king"), "bad-value", "priority"),
            (frame("IssueTicket", service="A", needs=None), "bad-value", "needs"),
            (frame("IssueTicket", service="A", needs=["n"] * 21), "bad-value", "needs"),
            (frame("IssueTicket", service="A", needs=[1]), "bad-value", "needs[0]"),
            (frame("IssueTicket", service="A", language="ID"), "bad-value", "language"),
            (frame("IssueTicket", service="A", language="id\n"), "bad-value", "language"),
            (frame("IssueTicket", service="A", weight=0), "bad-value", "weight"),
            (frame("IssueTicket", service="A", weight=51), "bad-value", "weight"),
            (frame("RateService", ticket="t", score=5), "bad-value", "score"),
            (frame("RateService", ticket="t", score=True), "bad-value", "score"),
            (frame("RateService", ticket="t", score="4"), "bad-value", "score"),
            (frame("ParkTicket", ticket="t", reason="r", alarm_at=5), "bad-value", "alarm_at"),
            (frame("CallNext", finish={"outcome": "great"}), "bad-value", "finish.outcome"),
            # PostgreSQL keeps no NUL; such a note would have stopped the server there (F04).
            (frame("CloseBranchDay", note="a\0b"), "bad-value", "note"),
            (frame("CallNext", finish={"outcome": "solved", "note": "\0"}), "bad-value", "finish"),
            (frame("IssueTicket", service="A", needs=["n", "\0"]), "bad-value", "needs"),
            (
                frame("SetCounterServices", counter=1, services=["A"], preference={"\0": 2}),
                "bad-value",
                "preference",
            ),
            (frame("CallNext", finish=[]), "bad-value", "finish"),
        ],
    )
    def test_it_says_what_is_wrong_where(self, text: str, reason: str, field: str) -> None:
        assert refusal(text) == (ID, reason, field)

    def test_without_an_id_it_is_refused_without_one(self) -> None:
        assert refusal('{"type":"CallNext"}') == (None, "missing-field", "id")
        assert refusal('{"type":"CallNext","id":5}') == (None, "bad-value", "id")

    def test_an_id_that_is_no_uuid_is_given_back_shortened(self) -> None:
        assert refusal(json.dumps({"type": "CallNext", "id": "x" * 500}))[0] == "x" * 64

    def test_a_long_unknown_type_is_shortened(self) -> None:
        assert refusal(json.dumps({"type": "x" * 500})) == (None, "unknown-type", "x" * 40)

    @given(commands, st.text().filter(lambda name: name not in {"type", "id"}))
    def test_an_unknown_field_is_never_taken(self, command: AnyCommand, name: str) -> None:
        words_said = msgspec.to_builtins(command)
        if name in words_said:
            return
        words_said[name] = None
        assert refusal(json.dumps(words_said))[:2] == (str(command.id), "unknown-field")

    @given(st.data(), commands)
    def test_a_missing_field_without_a_default_is_never_taken(
        self, data: st.DataObject, command: AnyCommand
    ) -> None:
        required = [
            field.name
            for field in msgspec.structs.fields(type(command))
            if field.required and field.name != "id"
        ]
        words_said = msgspec.to_builtins(command)
        for name in required:
            del words_said[name]
        if required:
            command_id, reason, field = refusal(json.dumps(words_said))
            assert (command_id, reason) == (str(command.id), "missing-field")
            assert field in required


MALFORMED = {
    "empty": "",
    "no JSON": "hello",
    "cut off": '{"type":"CallNext"',
    "two objects": frame("CallNext") + frame("CallNext"),
    "an array": "[]",
    "a number": "5",
    "null": "null",
    "no type": "{}",
    "a type that is no text": '{"type":5}',
    "NaN": f'{{"type":"CallNext","id":"{ID}","finish":NaN}}',
    "Infinity": f'{{"type":"RateService","id":"{ID}","ticket":"t","score":-Infinity}}',
    "a key twice": f'{{"type":"CallNext","id":"{ID}","id":"{ID}"}}',
    "a type twice": f'{{"type":"CallNext","type":"OpenCounter","id":"{ID}"}}',
    "a key twice inside": f'{{"type":"CallNext","id":"{ID}",'
    '"finish":{"outcome":"solved","outcome":"pending"}}',
    "a key twice in an unknown type": '{"type":"Nonsense","a":1,"a":2}',
    "a number of 5,000 digits": f'{{"type":"RateService","id":"{ID}","score":{"9" * 5000}}}',
    "a byte order mark": "\ufeff" + frame("CallNext"),
    "half a character, escaped": f'{{"type":"PauseCounter","id":"{ID}","reason":"\\ud800"}}',
    "half a character": f'{{"type":"PauseCounter","id":"{ID}","reason":"\ud800"}}',
    "bytes that are no UTF-8": b'{"type":"PauseCounter","id":"'
    + ID.encode()
    + b'","reason":"\xff"}',
    "UTF-16": frame("CallNext").encode("utf-16"),
    "deep arrays": "[" * FRAME_BYTES_MAX,
    "deep objects": '{"a":' * (FRAME_BYTES_MAX // 5),
    "deep arrays inside": frame("CallNext")[:-1] + ',"finish":' + "[" * 30_000 + "]" * 30_000 + "}",
}


class TestMalformedFrames:
    """Not a message at all: 4400. Whatever it is, it is said as MalformedFrame and nothing else."""

    @pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
    def test_from_a_client(self, text: str | bytes) -> None:
        with pytest.raises(MalformedFrame):
            decode_command(text)

    @pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
    def test_as_the_first_frame_of_a_connection(self, text: str | bytes) -> None:
        with pytest.raises((MalformedFrame, RefusedCommand)):
            decode_hello(text)

    @pytest.mark.parametrize("depth", range(900, 1100, 7))
    def test_nesting_near_the_limit_of_the_parsers(self, depth: int) -> None:
        nested = "[" * depth + "]" * depth
        with pytest.raises((MalformedFrame, RefusedCommand)):
            decode_command(frame("CallNext")[:-1] + f',"finish":{nested}}}')

    @given(st.binary(max_size=200))
    @example(b"\x00")
    def test_any_bytes_at_all(self, data: bytes) -> None:
        with pytest.raises((MalformedFrame, RefusedCommand)):
            decode_command(data)
        with pytest.raises((MalformedFrame, RefusedCommand)):
            decode_hello(data)
        with pytest.raises(MalformedFrame):
            decode_server_message(data)

    @given(commands, st.data())
    def test_a_command_with_some_bytes_changed(
        self, command: AnyCommand, data: st.DataObject
    ) -> None:
        """Mutated frames are taken as a command or refused; nothing else comes out."""
        damaged = bytearray(encode(command))
        for _ in range(data.draw(st.integers(1, 3))):
            place = data.draw(st.integers(0, len(damaged) - 1))
            damaged[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
            if not damaged:
                return
        try:
            taken = decode_command(bytes(damaged))
        except (MalformedFrame, RefusedCommand):
            return
        assert decode_command(encode(taken)) == taken

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        st.sampled_from(sorted(COMMAND_TYPES)),
        st.data(),
    )
    def test_any_json_in_any_field(self, value: Any, kind: str, data: st.DataObject) -> None:
        names = [field.name for field in msgspec.structs.fields(COMMAND_TYPES[kind])]
        text = frame(kind, **{data.draw(st.sampled_from(names)): value})
        try:
            taken = decode_command(text)
        except (MalformedFrame, RefusedCommand):
            return
        assert type(taken) is COMMAND_TYPES[kind]

    def test_a_frame_of_64_kib_is_judged_in_no_time(self) -> None:
        """I14: the largest frame that the gateway lets through costs a stranger no more than us."""
        worst = [
            frame("CallNext", x="x" * (FRAME_BYTES_MAX - 100)),
            frame("CallNext")[:-1] + ',"x":[' + "1," * 32_000 + "1]}",
            frame("CallNext")[:-1] + ',"x":"' + '\\"' * 32_000 + '"}',
            "{" + ",".join(f'"k{number}":0' for number in range(6_000)) + "}",
        ]
        started_s = time.process_time()
        for text in worst:
            assert len(text) < FRAME_BYTES_MAX
            with pytest.raises((MalformedFrame, RefusedCommand)):
                decode_command(text)
        assert time.process_time() - started_s < 0.5


class TestHello:
    def test_it_is_taken_with_its_defaults(self) -> None:
        hello = decode_hello(json.dumps(HELLO))
        assert (hello.role, hello.program, hello.language) == (DeviceRole.KIOSK, "", "id")

    @pytest.mark.parametrize(
        ("changes", "reason", "field"),
        [
            ({"type": "CallNext"}, "unknown-type", "CallNext"),
            ({"role": "king"}, "bad-value", "role"),
            ({"protocol": "1"}, "bad-value", "protocol"),
            ({"token": ""}, "bad-value", "token"),
            ({"token": "x" * 201}, "bad-value", "token"),
            ({"device": None}, "bad-value", "device"),
            ({"colour": "red"}, "unknown-field", "colour"),
        ],
    )
    def test_it_is_refused_with_a_reason(
        self, changes: dict[str, Any], reason: str, field: str
    ) -> None:
        with pytest.raises(RefusedCommand) as refused:
            decode_hello(json.dumps(HELLO | changes))
        assert (refused.value.reason, refused.value.field) == (reason, field)

    @pytest.mark.parametrize("name", ["protocol", "role", "device", "token"])
    def test_it_needs_its_fields(self, name: str) -> None:
        with pytest.raises(RefusedCommand, match=f"missing-field {name}"):
            decode_hello(json.dumps({key: HELLO[key] for key in HELLO if key != name}))

    def test_a_token_given_twice_is_malformed(self) -> None:
        with pytest.raises(MalformedFrame):
            decode_hello(json.dumps(HELLO)[:-1] + ',"token":"other"}')

    def test_half_a_character_in_a_name_is_malformed(self) -> None:
        with pytest.raises(MalformedFrame):
            decode_hello(json.dumps(HELLO | {"device": "\ud800"}))

    def test_a_hello_in_utf_16_is_malformed(self) -> None:
        with pytest.raises(MalformedFrame):
            decode_hello(json.dumps(HELLO).encode("utf-16"))


class TestClientsOfAnotherVersion:
    """Versions N and N-1 talk: a client ignores notices and fields that it does not know."""

    def test_an_unknown_word_is_ignored(self) -> None:
        assert decode_server_message('{"type":"WeatherSnapshot","sun":true}') is None

    @given(server_messages, st.text().filter(lambda name: name != "type"))
    def test_an_unknown_field_is_ignored(self, message: ServerMessage, name: str) -> None:
        said = msgspec.to_builtins(message)
        if name in said:
            return
        assert decode_server_message(json.dumps({**said, name: [1]})) == message

    def test_an_unknown_field_inside_is_ignored(self) -> None:
        ticket: dict[str, Any] = {
            **dict.fromkeys(("counter", "estimate", "link")),
            **dict.fromkeys(("id", "number", "service", "state", "priority", "print"), "x"),
            "call_count": 0,
            "people_ahead": 3,
            "needs": [],
            "colour": "red",
            "issued_at": "2026-11-20T01:12:03.456Z",
        }
        answer = decode_server_message(
            json.dumps({"type": "Accepted", "id": ID, "revision": 5, "ticket": ticket})
        )
        assert isinstance(answer, Accepted)
        assert isinstance(answer.ticket, Ticket)
        assert answer.ticket.people_ahead == 3

    def test_an_unknown_reason_is_a_reason(self) -> None:
        answer = decode_server_message(
            json.dumps({"type": "Rejected", "id": None, "reason": "full-moon", "message": "Maaf."})
        )
        assert answer == Rejected(id=None, reason="full-moon", message="Maaf.")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "{}",
            '{"type":5}',
            '{"type":"Accepted"}',
            '{"type":"KioskSnapshot","revision":"four"}',
            '{"type":"Nonsense","a":1,"a":2}',
            '{"type":"Rejected","id":null,"reason":"\\ud800","message":""}',
            "[" * FRAME_BYTES_MAX,
        ],
    )
    def test_a_broken_frame_is_malformed(self, text: str) -> None:
        with pytest.raises(MalformedFrame):
            decode_server_message(text)

    def test_an_answer_says_only_what_it_has(self) -> None:
        """Absent is absent: an integrator sees no "ticket": null where there is no ticket."""
        assert json.loads(encode(Accepted(id=UUID(ID), revision=7))) == {
            "type": "Accepted",
            "id": ID,
            "revision": 7,
        }
