import pytest

from promptguard.notices.entities import readable


@pytest.mark.parametrize(
    ("entity_type", "singular", "plural"),
    [
        ("GITHUB_TOKEN", "GitHub token", "GitHub tokens"),
        ("AWS_SECRET_KEY", "AWS secret key", "AWS secret keys"),
        ("OPENAI_API_KEY", "OpenAI API key", "OpenAI API keys"),
        ("PASSWORD_HASH", "password hash", "password hashes"),
        ("MEMBERSHIP_ENTRY", "membership entry", "membership entries"),
        ("OUR_PERSONNEL_NUMBER", "our personnel number", "our personnel numbers"),
        ("POSTAL_ADDRESS", "postal address", "postal addresses"),
        ("JWT", "JWT", "JWTs"),
        ("_", "sensitive value", "sensitive values"),
    ],
)
def test_readable(entity_type: str, singular: str, plural: str) -> None:
    assert readable(entity_type) == (singular, plural)
