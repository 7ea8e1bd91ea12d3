"""chat.qwen.ai: `completions`."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer

BODY = {
    "stream": True,
    "incremental_output": True,
    "chat_id": UUID,
    "chat_mode": "normal",
    "model": "qwen3.7-max",
    "parent_id": UUID,
    "messages": [
        {"fid": UUID, "parentId": UUID, "childrenIds": [UUID], "role": "user", "content": f"Charge {CARD} for {MAIL}",
         "user_action": "chat", "files": [], "timestamp": 1796000000, "models": ["qwen3.7-max"], "chat_type": "t2t",
         "feature_config": {"thinking_enabled": True, "output_schema": "phase", "research_mode": "normal"},
         "sub_chat_type": "t2t", "parent_id": UUID},
    ],
}  # fmt: skip

TABLE = """
protocol url             new     [0]
protocol key             new     {incremental_output}
protocol user            new     chat_id
protocol key             new     {chat_mode}
protocol user            new     chat_mode
protocol other           new     model
protocol key             new     {parent_id}
protocol user            new     parent_id
protocol key             new     messages[0].{fid}
protocol user            new     messages[0].fid
protocol key             new     messages[0].{parentId}
protocol user            new     messages[0].parentId
protocol key             new     messages[0].{childrenIds}
protocol user            new     messages[0].childrenIds[0]
protocol user            new     messages[0].role
text     user            new     messages[0].content
protocol key             new     messages[0].{user_action}
protocol user            new     messages[0].user_action
protocol user            new     messages[0].timestamp
protocol key             new     messages[0].{models}
protocol user            new     messages[0].models[0]
protocol key             new     messages[0].{chat_type}
protocol user            new     messages[0].chat_type
protocol key             new     messages[0].{feature_config}
protocol key             new     messages[0].feature_config.{thinking_enabled}
protocol key             new     messages[0].feature_config.{output_schema}
protocol user            new     messages[0].feature_config.output_schema
protocol key             new     messages[0].feature_config.{research_mode}
protocol user            new     messages[0].feature_config.research_mode
protocol key             new     messages[0].{sub_chat_type}
protocol user            new     messages[0].sub_chat_type
protocol key             new     messages[0].{parent_id}
protocol user            new     messages[0].parent_id
"""

ERROR = {"success": False, "data": {"code": "promptguard_blocked", "details": "Stopped."}}

SAMPLE = Sample(
    "qwen_web",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    host="chat.qwen.ai",
    path="/api/v2/chat/completions",
    query=f"chat_id={UUID}",
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [{"choices": [{"delta": {"role": "assistant", "content": "Let me see.", "phase": "think"}}]}],
        '{"choices":[{"delta":{"role":"assistant","content":"TEXT","phase":"answer"}}]}',
        ("choices", 0, "delta", "content"),
        [{"choices": [{"delta": {"content": "", "phase": "answer"}, "finish_reason": "stop"}]}],
    ),
)
