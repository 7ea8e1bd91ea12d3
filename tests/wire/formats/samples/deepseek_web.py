"""chat.deepseek.com: `completion`, a message after another."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer

BODY = {
    "action": None,
    "chat_session_id": UUID,
    "parent_message_id": 2,
    "model_type": "default",
    "prompt": f"Charge {CARD} for {MAIL}",
    "ref_file_ids": ["file-" + UUID],
    "thinking_enabled": True,
    "search_enabled": False,
    "preempt": False,
}

TABLE = """
protocol key             new     {action}
protocol key             new     {chat_session_id}
protocol user            new     chat_session_id
protocol key             new     {model_type}
protocol user            new     model_type
text     user            new     prompt
protocol key             new     {ref_file_ids}
protocol user            new     ref_file_ids[0]
protocol key             new     {thinking_enabled}
protocol key             new     {search_enabled}
protocol key             new     {preempt}
"""

ERROR = {
    "code": "promptguard_blocked",
    "msg": "Stopped.",
    "data": {"biz_code": "promptguard_blocked", "biz_msg": "Stopped.", "biz_data": None},
}
FRAGMENT = {"type": "RESPONSE", "content": "Stopped."}

SAMPLE = Sample(
    "deepseek_web",
    BODY,
    TABLE,
    notice={
        "body": ERROR,
        "stream": [
            {"v": {"response": {"message_id": 2, "status": "WIP", "fragments": [FRAGMENT]}}},
            {"p": "response/status", "o": "SET", "v": "FINISHED"},
        ],
        "message": [ERROR],
    },
    host="chat.deepseek.com",
    path="/api/v0/chat/completion",
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [
            {"request_message_id": 3, "response_message_id": 4},
            {"v": {"response": {"message_id": 4, "parent_id": 3, "status": "WIP",
                                "fragments": [{"type": "RESPONSE", "content": ""}]}}},
            {"p": "response/fragments/-1/content", "o": "APPEND", "v": ""},
        ],
        '{"v":"TEXT"}',
        ("v",),
        [{"p": "response/status", "o": "SET", "v": "FINISHED"}],
    ),
)  # fmt: skip
