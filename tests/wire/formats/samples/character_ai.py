"""character.ai: one message of its WebSocket."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer

BODY = {
    "command": "create_and_generate_turn",
    "request_id": UUID,
    "payload": {
        "character_id": "2BNF3GwaPjdSeBEZpa7vaWgoA0cl5mdG4k_EccPo-ZE",
        "turn": {
            "turn_key": {"chat_id": UUID},
            "author": {"author_id": "12345678", "name": MAIL},
            "candidates": [{"raw_content": f"Charge {CARD}", "tti_image_rel_path": None}],
        },
    },
}

TABLE = """
protocol key             new     {command}
protocol user            new     command
protocol key             new     {request_id}
protocol user            new     request_id
protocol key             new     payload.{character_id}
protocol user            new     payload.character_id
protocol key             new     payload.turn.{turn_key}
protocol user            new     payload.turn.turn_key.chat_id
protocol key             new     payload.turn.author.{author_id}
protocol user            new     payload.turn.author.author_id
text     user            new     payload.turn.author.name
text     user            new     payload.turn.candidates[0].raw_content
protocol key             new     payload.turn.candidates[0].{tti_image_rel_path}
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}

SAMPLE = Sample(
    "character_ai",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [{"command": "neo_error", "comment": "Stopped.", "request_id": UUID}]},
    host="neo.character.ai",
    path="/ws/",
    answer=SampleAnswer(
        "websocket_message",
        "",
        [{"chat": {"chat_id": UUID}}],
        '{"command":"update_turn","turn":{"author":{"author_id":"x"},"candidates":[{"raw_content":"TEXT"}]}}',
        ("turn", "candidates", 0, "raw_content"),
        [{"command": "ok"}],
        cumulative=True,
    ),
)
