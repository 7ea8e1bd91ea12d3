"""gemini.google.com: `StreamGenerate`."""

from tests.wire.formats.samples.interface import CARD, HASH, MAIL, UUID, Sample, SampleAnswer, compact

INNER = [
    [f"Charge {CARD} for {MAIL}", 0, None, None, None, None, 0],
    ["en"],
    ["c_0a1b2c3d4e5f6071", "r_0a1b2c3d4e5f6071", "rc_0a1b2c3d4e5f6071"],
    "!" + "aBc-d_9" * 200,
    HASH,
    *[None] * 54,
    UUID,
]
BODY = [("f.req", compact([None, compact(INNER)])), ("at", "AJvLN6M" + "x" * 30 + ":1795824000123")]

TABLE = """
protocol url             new     [0].{}
sealed   url             new     [0]
protocol url             new     [1].{}
sealed   url             new     [1]
protocol url             new     [2].{}
sealed   url             new     [2]
protocol url             new     [3].{}
sealed   url             new     [3]
protocol url             new     [4].{}
sealed   url             new     [4]
text     user            new     [0][1][0][0]
text     user            new     [0][1][1][0]
sealed   user            new     [0][1][2][0]
sealed   user            new     [0][1][2][1]
sealed   user            new     [0][1][2][2]
sealed   user            new     [0][1][3]
sealed   user            new     [0][1][4]
sealed   user            new     [0][1][59]
protocol key             new     [1].{}
sealed   user            new     [1]
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}
CHUNK = compact([None, ["c_1", "r_1"], None, None, [["rc_1", ["TEXT"]]]])

SAMPLE = Sample(
    "google_web",
    BODY,
    TABLE,
    notice={
        "body": ERROR,
        "stream": [["wrb.fr", None, '[null,["c_pg-1","r_pg-1"],null,null,[["rc_pg-1",["Stopped."]]]]']],
        "message": [ERROR],
    },
    path="/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate",
    query="bl=boq_assistant-bard-web-server_20261120.02_p1&f.sid=-5921345678901234567&hl=en&_reqid=123456&rt=c",
    encoding="form",
    answer=SampleAnswer(
        "length_prefixed",
        "application/json; charset=utf-8",
        [],
        compact([["wrb.fr", None, CHUNK]]),
        (0, 2),
        [[["di", 120], ["af.httprm", 120, "1", 5]]],
        cumulative=True,
    ),
)
