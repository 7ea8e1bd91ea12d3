"""The credential recognizers of the shipped configuration, as Presidio recognizers over whole texts."""

import json
import random
import shutil
import tempfile
from pathlib import Path

import pytest

from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.detectors.recognizers.recognizer import Example, Recognizer
from promptguard.model import DataClass

FOLDER = Path(__file__).parents[2] / "config" / "recognizers"


def load() -> dict[str, Recognizer]:
    """The credential files alone: what other files say is their own tests' concern."""
    with tempfile.TemporaryDirectory() as folder:
        for file in FOLDER.glob("credentials*.yaml"):
            shutil.copy(file, folder)
        return {recognizer.name: recognizer for recognizer in load_recognizers(Path(folder)).recognizers}


RECOGNIZERS = load()
EXAMPLES = [example for recognizer in RECOGNIZERS.values() for example in recognizer.examples]
DRAW = random.Random(11)
VENDOR_FILES = {
    "ai", "blockchain", "cloud", "data_and_identity", "messaging", "monitoring", "payment", "platforms",
    "source_control", "webhooks", "workplace",
}  # fmt: skip
SECRET = "".join(DRAW.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789", k=32))
PASSWORD = "Wol" + "ken7bruch!"


def find(text: str, recognizers: list[Recognizer] | None = None) -> set[tuple[str, str]]:
    """The entity type and text of every finding."""
    found = set()
    for recognizer in recognizers or RECOGNIZERS.values():
        for result in recognizer.recognizer.analyze(text, recognizer.recognizer.supported_entities, None):
            if result.score >= recognizer.threshold:
                found.add((result.entity_type, text[result.start : result.end]))
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.recognizer}:{example.line}")
def test_examples(example: Example) -> None:
    assert bool(find(example.text, [RECOGNIZERS[example.recognizer]])) is example.matches


def test_vendor_formats() -> None:
    counted = [
        recognizer
        for recognizer in RECOGNIZERS.values()
        if recognizer.file.stem.removeprefix("credentials_") in VENDOR_FILES
    ]
    assert {recognizer.file.stem.removeprefix("credentials_") for recognizer in counted} == VENDOR_FILES
    assert len({pattern.regex for recognizer in counted for pattern in recognizer.patterns}) >= len(counted) >= 250


def test_all_recognizers() -> None:
    for recognizer in RECOGNIZERS.values():
        assert recognizer.data_class is DataClass.CREDENTIALS
        assert {example.matches for example in recognizer.examples} == {True, False}, recognizer.name


@pytest.mark.parametrize(
    "form",
    [
        "password={}", "DB_PASSWORD={}", "password: {}", 'password = "{}"', "password='{}'", '{{"password": "{}"}}',
        "spring.datasource.password={}", "<password>{}</password>", "$config['db_pass'] = '{}';", "PASSWORD := `{}`",
        'const char* passwd = "{}";', "passwd => '{}'", '\\"password\\": \\"{}\\"', "export PGPASSWORD={}",
        "the wifi password is {}", "Das Passwort ist {}", "mot de passe : {}", "contraseña: {}",
        "my password is now {}", "mysql -u root -p{} app", "machine h login ana password {}",
    ],
)  # fmt: skip
def test_password_forms(form: str) -> None:
    assert ("PASSWORD", PASSWORD) in find(form.format(PASSWORD))


@pytest.mark.parametrize(
    "form",
    [
        "api_key={}", 'apiKey: "{}"', '{{"access_token": "{}"}}', "X-Api-Key: {}", "client_secret = '{}'",
        "export SECRET_KEY={}", "--token {}", "secret: {}", 'token: str = "{}"', "my api key is {}", "api_key := `{}`",
        'private const string ApiKey = "{}";', "SECRET_KEY_BASE={}", "_authToken={}", "<apiKey>{}</apiKey>",
        'algolia = "{}"', '\\"api_key\\":\\"{}\\"',
    ],
)  # fmt: skip
def test_secret_forms(form: str) -> None:
    assert ("API_KEY", SECRET) in find(form.format(SECRET))


@pytest.mark.parametrize(
    "text",
    [
        "token = tokenizer.encode(x)",
        "def login(user: str, password: Optional[str] = None) -> Token:",
        "items.sort(key=lambda x: x[1])",
        "password = getpass.getpass('Password: ')",
        "api_key = os.environ['OPENAI_API_KEY']",
        "const token = process.env.API_TOKEN_2;",
        "token = request.headers.get('Authorization')",
        'password = "password"',
        'API_KEY = "your-api-key-here"',
        "password: string;",
        "secret: ${{ secrets.DEPLOY_KEY_2 }}",
        "SELECT password FROM users WHERE token = ?",
        "tokens = [t for t in doc if t.is_alpha]",
        "primary_key=True, foreign_key='users.id'",
        "max_tokens: 4096, token_count=1234567",
        "The password must have at least 8 characters and 1 digit.",
        "Please reset my password, I forgot it.",
        "What is a bearer token and how does authentication with OAuth2 work?",
        "key: value\nname: token\nsecretKeyRef:\n  name: db-credentials\n  key: password",
        "https://example.com:8080/path@home",
        "git commit 9f8e7d6c5b4a39281706f5e4d3c2b1a0f9e8d7c6",
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    ],
)
def test_quiet(text: str) -> None:
    assert find(text) == set()


@pytest.mark.parametrize("label", ["password", "api_key", "token"])
def test_span_is_the_whole_secret(label: str) -> None:
    value = SECRET + "-" + SECRET[:7]
    text = json.dumps({"user": "ana", label: value, "active": True})
    assert value in {found for _, found in find(text)}


@pytest.mark.parametrize(
    "text",
    [
        "glpat-your-token-here",
        "sk-proj-" + "x" * 48,
        "AWS_ACCESS_KEY_ID=AKIA" + "IOSFODNN7EXAMPLE",
        "AKIAIOSFODNN7<YOUR_KEY>",
        "ghp_${GITHUB_TOKEN_FROM_THE_ENVIRONMENT}",
        "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789",
        "sk_live_" + "1234567890abcdefghijklmn",
        "STRIPE_KEY=sk_test_{{ stripe_key }}",
        "hf_transformer_sequence_classification_model",
        "fc-toolbar-chunk-background-position-start",
        "task-skip-broken-integration-tests-on-windows",
        "static/images/video_box.ico-7a388b69018576d24b59331fd60aab0c.png",
        "integrity sha512-" + "kQ3vZ8xW1nT6yR0pL5sD2fG9hJ4bV7cMuXeAqK1oIiYtHgFdSzPl0m==",
        "circleci build of 9f8e7d6c5b4a39281706f5e4d3c2b1a0f9e8d7c6",
        "CIRCLE_SHA1=9f8e7d6c5b4a39281706f5e4d3c2b1a0f9e8d7c6",
        "heroku_app_id: 5b3ea9c2-7f14-4d0e-9a6b-2c8d1e7f3a50",
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        "VERCEL_PROJECT_UUID=5b3ea9c2-7f14-4d0e-9a6b-2c8d1e7f3a50",
        "cloudflare_account: 8e2a6b0c4d1f3957a1b8c6d0e2f4a793",
        '"pagerduty_service": "PQ7X2M9K4T1V8B3N5C6D"',
        "honeycomb-trace: 8e2a6b0c4d1f3957a1b8c6d0e2f4a793-01",
        "bitbucket_pipeline=8e2a6b0c-4d1f-4957-a1b8-c6d0e2f4a793",
        "AUTH0_CLIENT_ID=k7Qm2Xv9Lt4Wb8Nc3Rd6Yf1Hs5Jg0PaZ",
        "datadog_monitor: 8e2a6b0c4d1f3957a1b8c6d0e2f4a793",
    ],
)
def test_samples_and_look_alikes_of_vendor_tokens(text: str) -> None:
    vendors = [each for each in RECOGNIZERS.values() if each.file.stem.removeprefix("credentials_") in VENDOR_FILES]
    assert find(text, vendors) == set()


TOKENS = {
    "GITLAB_TOKEN": "glpat-" + SECRET[:20],
    "STRIPE_KEY": "sk_live_" + SECRET[:24],
    "OPENAI_API_KEY": "sk-proj-" + SECRET + "-" + SECRET[::-1],
    "GOOGLE_API_KEY": "AIza" + "Sy" + SECRET + "x",
    "AZURE_CLIENT_SECRET": SECRET[:3] + "8Q~" + SECRET[:31],
    "CLOUDFLARE_TOKEN": "cfut_" + SECRET + SECRET[:8] + "1f0e7d5b",
    "MISTRAL_API_KEY": SECRET,
}


@pytest.mark.parametrize(
    "form",
    [
        "{}", 'mistral_key = "{}"', "MISTRAL_KEY={}", '{{"mistral": "{}", "next": 1}}', "mistral: {}\nnext: 1",
        "curl -H 'X-Mistral-Key: {}' https://h.test", "my mistral key is {}.", "mistral('{}')", "<mistral>{}</mistral>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("entity_type", TOKENS)
def test_vendor_tokens_are_found_whole(entity_type: str, form: str) -> None:
    if entity_type == "MISTRAL_API_KEY" and form in {"{}", "<mistral>{}</mistral>"}:
        pytest.skip("a key without a form of its own")
    vendors = [each for each in RECOGNIZERS.values() if each.file.stem.removeprefix("credentials_") in VENDOR_FILES]
    assert (entity_type, TOKENS[entity_type]) in find(form.format(TOKENS[entity_type]), vendors)
