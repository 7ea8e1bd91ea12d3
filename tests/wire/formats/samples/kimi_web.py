"""kimi.com: `ChatService/Chat`."""

from tests.wire.formats.samples.interface import CARD, MAIL, Sample, SampleAnswer

BODY = [
    {
        "scenario": "SCENARIO_K2D5",
        "tools": [{"type": "TOOL_TYPE_SEARCH", "search": {}}, {"type": "TOOL_TYPE_CRON_JOB"}],
        "message": {
            "role": "user",
            "blocks": [{"message_id": "", "text": {"content": f"Charge {CARD} for {MAIL}"}}],
            "scenario": "SCENARIO_K2D5",
        },
        "options": {"thinking": True, "enable_plugin": True},
    }
]

TABLE = """
protocol key             new     [0].{scenario}
protocol user            new     [0].scenario
protocol user            new     [0].tools[0].type
protocol key             new     [0].tools[0].{search}
protocol user            new     [0].tools[1].type
protocol user            new     [0].message.role
protocol key             new     [0].message.{blocks}
protocol key             new     [0].message.blocks[0].{message_id}
text     user            new     [0].message.blocks[0].text.content
protocol key             new     [0].message.{scenario}
protocol user            new     [0].message.scenario
protocol key             new     [0].options.{enable_plugin}
"""

ERROR = {"code": "permission_denied", "message": "Stopped."}

SAMPLE = Sample(
    "kimi_web",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    host="www.kimi.com",
    path="/apiv2/kimi.gateway.chat.v1.ChatService/Chat",
    encoding="connect",
    answer=SampleAnswer(
        "connect",
        "application/connect+json",
        [
            {"heartbeat": {}},
            {"op": "set", "mask": "block.think", "block": {"think": {"content": "Let me see."}}},
            {"op": "set", "mask": "block.text", "block": {"text": {"content": ""}}},
        ],
        '{"op":"append","mask":"block.text.content","block":{"text":{"content":"TEXT"}}}',
        ("block", "text", "content"),
        [{"message": {"role": "assistant", "status": "MESSAGE_STATUS_COMPLETED"}}, {}],
    ),
)
