"""huggingface.co/chat: a turn of a conversation, with a file."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer, compact

DATA = {
    "inputs": f"Charge {CARD} for {MAIL}",
    "id": UUID,
    "is_retry": False,
    "is_continue": False,
    "web_search": False,
    "tools": ["000000000000000000000001"],
}
BODY = [("data", compact(DATA))]

TABLE = """
text     user            new     [0].content.inputs
protocol user            new     [0].content.id
protocol key             new     [0].content.{is_retry}
protocol key             new     [0].content.{is_continue}
protocol key             new     [0].content.{web_search}
protocol user            new     [0].content.tools[0]
"""

ERROR = {"message": "Stopped."}

SAMPLE = Sample(
    "hugging_chat",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    host="huggingface.co",
    path=f"/chat/conversation/{UUID}",
    encoding="multipart",
    answer=SampleAnswer(
        "json_lines",
        "application/jsonl",
        [{"type": "status", "status": "started"}, {"type": "reasoning", "token": "Let me see.", "status": "s"}],
        '{"type":"stream","token":"TEXT"}',
        ("token",),
        [{"type": "finalAnswer", "text": "", "interrupted": False}],
    ),
)
