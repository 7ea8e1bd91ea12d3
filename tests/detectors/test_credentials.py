"""The credential recognizers of the shipped configuration, as Presidio recognizers over whole texts."""

import json
import random
import shutil
import tempfile
from pathlib import Path

import pytest

from promptguard.detectors.recognizers import Example, Recognizer, load_recognizers
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


def test_all_recognizers() -> None:
    assert len(RECOGNIZERS) > 150
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
