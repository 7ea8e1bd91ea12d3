"""aistudio.google.com: `GenerateContent`, arrays by position."""

from tests.wire.formats.samples.interface import CARD, MAIL, Sample

BODY = [
    "models/gemini-3-pro-preview",
    [[[[None, f"Charge {CARD}"]], "user"], [[[None, "Done."]], "model"], [[[None, f"And {MAIL}?"]], "user"]],
    [[None, None, 7, 5]],
    [None, ["\nUser:"], None, 65536, 1, 0.95],
    "!" + "aBc-d_9" * 200,
    None,
]

TABLE = """
protocol user            new     [0]
text     user            history [1][0][0][0][1]
protocol user            history [1][0][1]
text     assistant       history [1][1][0][0][1]
protocol assistant       history [1][1][1]
text     user            new     [1][2][0][0][1]
protocol user            new     [1][2][1]
text     user            new     [3][1][0]
sealed   user            new     [4]
"""

SAMPLE = Sample(
    "ai_studio",
    BODY,
    TABLE,
    notice={"body": [3, "Stopped."], "message": [[3, "Stopped."]]},
    path="/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService/GenerateContent",
    headers={"content-type": "application/json+protobuf"},
)
