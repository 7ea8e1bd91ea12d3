"""An upload to S3 by a form that the service signed."""

from tests.wire.formats.samples.interface import HASH, MAIL, Sample

BODY = [
    ("acl", "private"),
    ("Content-Type", "text/plain"),
    ("key", "uploads/user_7f3a/march.txt"),
    ("tagging", "retention"),
    ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
    ("x-amz-credential", "ASIA" + "ABCDEFGH23456789" + "/20261128/us-east-1/s3/aws4_request"),
    ("x-amz-date", "20261128T120000Z"),
    ("x-amz-security-token", "IQoJb3JpZ2luX2Vj" * 20),
    ("policy", "eyJleHBpcmF0aW9u" * 20),
    ("x-amz-signature", HASH * 2),
    ("x-amz-meta-note", f"of {MAIL}"),
]

TABLE = """
protocol key             new     [0].{}
protocol file            new     [0]
protocol key             new     [1].{}
protocol file            new     [1]
protocol key             new     [2].{}
protocol file            new     [2]
protocol key             new     [3].{}
protocol file            new     [3]
protocol key             new     [4].{}
protocol file            new     [4]
protocol key             new     [5].{}
sealed   file            new     [5]
protocol key             new     [6].{}
protocol file            new     [6]
protocol key             new     [7].{}
sealed   file            new     [7]
protocol key             new     [8].{}
sealed   file            new     [8]
protocol key             new     [9].{}
sealed   file            new     [9]
protocol key             new     [10].{}
text     file            new     [10]
"""

ERROR = {"error": {"message": "Stopped.", "code": "promptguard_blocked"}}

SAMPLE = Sample("storage_form", BODY, TABLE, notice={"body": ERROR, "message": [ERROR]}, path="/", encoding="form")
