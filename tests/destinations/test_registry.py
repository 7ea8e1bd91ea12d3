import random
from pathlib import Path

import pytest
from tests.destinations.inputs import FILE

from promptguard.configuration.destinations import load_destinations
from promptguard.destinations.entries import RegistryFile
from promptguard.destinations.hosts import an_instance
from promptguard.destinations.never_decrypt import NeverDecrypt, NeverDecryptEntry
from promptguard.destinations.registry import Registry
from promptguard.model import Kind, Purpose, Status
from promptguard.typed_yaml.reading import load
from promptguard.wire.formats import load_formats

SHIPPED = Path(__file__).parents[2] / "config"


def registry(tmp_path: Path, text: str) -> Registry:
    path = tmp_path / "destinations.yaml"
    path.write_text(text)
    return Registry(load(path, RegistryFile).entries())


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load_destinations(SHIPPED, load_formats()).registry


@pytest.mark.parametrize(
    ("host", "id"),
    [
        ("chat.example.com", "some-chat"),
        ("CHAT.Example.COM", "some-chat"),
        ("chat.example.com.", "some-chat"),
        ("chat.example.com:443", "some-chat"),
        ("Chat.Example.com.:8443", "some-chat"),
        ("a.files.example.com", "some-chat"),
        ("a.b.files.example.com", "some-chat"),
        ("files.example.com", None),
        ("xfiles.example.com", None),
        ("www.chat.example.com", None),
        ("chat.example.com.evil.test", None),
        ("run-1.eu.example.net", "some-api"),
        ("run-.eu.example.net", "some-api"),
        ("run-1.a.b.example.net", None),
        ("xrun-1.eu.example.net", None),
        ("run-1.eu.example.net.evil.test", None),
        ("x.vpc.run.eu.example.net", "some-api"),
        ("x.y.vpc.run.eu.example.net", "some-api"),
        ("vpc.run.eu.example.net", None),
        ("bücher.example", "some-api"),
        ("BÜCHER.example", "some-api"),
        ("", None),
        (".", None),
        ("com", None),
        ("192.0.2.1", None),
        ("[2001:db8::1]:443", None),
        ("2001:db8::1", None),
        ("ü" * 100_000, None),
        ("a." * 100_000, None),
    ],
)
def test_find_host(tmp_path: Path, host: str, id: str | None) -> None:
    found = registry(tmp_path, FILE).find_host(host)
    assert (found.id if found else None) == id


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/api/chat/7/send", ("chatgpt_web", Purpose.PROMPT)),
        ("POST", "/api/chat/7/8/send", ("chatgpt_web", Purpose.PROMPT)),
        ("POST", "/api/chat/send", None),
        ("POST", "/api/chat//send", None),
        ("POST", "/api/chat", ("generic", Purpose.PROMPT)),
        ("GET", "/api/chat", ("generic", Purpose.ACCOUNT)),
        ("GET", "/api/%63hat", ("generic", Purpose.ACCOUNT)),
        ("GET", "/x/y.log", ("generic", Purpose.TELEMETRY)),
        ("GET", "/aba", ("generic", Purpose.UPLOAD)),
        ("GET", "/ab", None),
        ("GET", "/a", None),
        ("GET", "", None),
        ("GET", "/other", None),
        # What a server may read as another path must not pass for telemetry or for an account page.
        ("POST", "/x/../y.log", None),
        ("POST", "/x/./y.log", None),
        ("POST", "/x//y.log", None),
        ("POST", "/x/%2e%2e/y.log", None),
        ("POST", "/x/..;/y.log", None),
        ("POST", "/x/%252e%252e/y.log", None),
        ("POST", "/x\\y.log", None),
        ("POST", "/x%00/y.log", None),
    ],
)
def test_route(tmp_path: Path, method: str, path: str, expected: tuple[str, Purpose] | None) -> None:
    found = registry(tmp_path, FILE)
    destination = found.destination("some-chat")
    assert destination is not None
    route = found.route(destination, method, path)
    assert ((route.format, route.purpose) if route else None) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/v1/messages",
        "/V1/Messages",
        "/v1/messages/",
        "//v1/messages",
        "/v1//messages",
        "/./v1/messages",
        "/x/../v1/messages",
        "/v1;a=b/messages",
        "/;/v1/messages",
        "/v1/%6dessages",
        "/v1/%256dessages",
        "/v1%2fmessages",
        "/v1%252Fmessages",
        "/v1\\messages",
        "/account/..;/v1/messages",
        "/account/..%2fv1/messages",
        "/account/%2e%2e/v1/messages",
    ],
)
def test_every_reading_of_a_path_that_is_a_prompts_counts(tmp_path: Path, path: str) -> None:
    found = registry(
        tmp_path,
        "destinations:\n  - id: x\n    name: X\n    hosts: x.example\n    kind: api\n    status: approved\n"
        '    routes:\n      - {path: "/account/*", purpose: account}\n'
        "      - {path: /v1/messages, format: anthropic_messages}\n"
        '      - {path: "*", purpose: account}\n',
    )
    route = found.route(found.destinations[0], "POST", path)
    assert route is not None and (route.format, route.purpose) == ("anthropic_messages", Purpose.PROMPT)


def test_globs_match_as_their_definition_says(tmp_path: Path) -> None:
    def matches(glob: str, path: str) -> bool:
        if not glob:
            return not path
        if glob[0] == "*":
            return any(matches(glob[1:], path[cut:]) for cut in range(len(path) + 1))
        return bool(path) and path[0] == glob[0] and matches(glob[1:], path[1:])

    chance = random.Random(7)
    for _ in range(60):
        globs = ["/" + "".join(chance.choices("ab*", k=chance.randint(0, 6))) for _ in range(5)]
        routes = "".join(f'      - {{path: "{glob}"}}\n' for glob in globs)
        found = registry(
            tmp_path,
            "destinations:\n  - id: x\n    name: X\n    hosts: x.example\n    kind: api\n    status: approved\n"
            f"    routes:\n{routes}",
        )
        destination = found.destinations[0]
        for _ in range(40):
            path = "/" + "".join(chance.choices("ab", k=chance.randint(0, 6)))
            expected = next((glob for glob in globs if matches(glob, path)), None)
            route = found.route(destination, "GET", path)
            assert (route.path if route else None) == expected


def test_a_long_path_costs_no_more_than_its_length(tmp_path: Path) -> None:
    found = registry(tmp_path, FILE)
    destination = found.destination("some-chat")
    assert destination is not None
    assert found.route(destination, "POST", "/a" + "b" * 2_000_000) is None


def test_what_a_destination_holds(tmp_path: Path) -> None:
    found = registry(tmp_path, FILE)
    api = found.destination("some-api")
    assert api is not None
    assert (api.kind, api.status, api.format) == (Kind.API, Status.APPROVED, "openai_chat")
    assert (api.key_parameters, api.body_signed) == (("key",), True)
    assert api.routes[0].format == "openai_chat"
    assert found.names() == {"some-chat": "Some Chat", "some-api": "Some API"}
    assert found.hosts()[:2] == ("chat.example.com", "*.files.example.com")
    assert found.destination("none") is None
    assert found.unknown_formats({"generic", "openai_chat"}) == [("some-chat", "chatgpt_web")]


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("docs.example.com", True),
        ("a.b.example.com", True),
        ("login.example.com", False),
        ("LOGIN.example.com.:443", False),
        ("pay.eu.example.com", False),
        ("deep.below.pay.eu.example.com", True),
        ("x.bank.example.com", False),
        ("bank.example.com", True),
        ("mine.storage.example.com", True),
        ("theirs.storage.example.com", False),
    ],
)
def test_what_is_never_decrypted_is_of_no_pattern(tmp_path: Path, host: str, found: bool) -> None:
    text = FILE.replace('"*.files.example.com"', '"*.example.com", mine.storage.example.com')
    (tmp_path / "destinations.yaml").write_text(text)
    entries = load(tmp_path / "destinations.yaml", RegistryFile).entries()
    hosts = ("login.example.com", "pay.*.example.com", "*.bank.example.com")
    never = NeverDecrypt(
        [
            NeverDecryptEntry(group="private", reason="It is.", hosts=hosts),
            NeverDecryptEntry(group="shared", reason="It is.", hosts=("*.storage.example.com",), unless_named=True),
        ]
    )
    assert (Registry(entries, never).find_host(host) is not None) is found


def test_undecrypted_hosts_are_known_and_not_decrypted(tmp_path: Path) -> None:
    found = registry(
        tmp_path, FILE.replace("    kind: api\n", "    kind: api\n    undecrypted_hosts: '*.suite.example'\n")
    )
    assert found.find_host("acme.suite.example") is None
    of = found.find_undecrypted("Acme.suite.example:443")
    assert of is not None and of.id == "some-api"
    assert found.undecrypted_line("Acme.suite.example:443") == (of, "*.suite.example")
    assert found.find_undecrypted("suite.example") is None


@pytest.mark.parametrize(
    ("host", "id", "status"),
    [
        ("api.openai.com", "openai-api", Status.APPROVED_WITH_LIMITS),
        ("api.anthropic.com", "anthropic-api", Status.APPROVED_WITH_LIMITS),
        ("generativelanguage.googleapis.com", "gemini-api", Status.APPROVED_WITH_LIMITS),
        ("europe-west4-aiplatform.googleapis.com", "vertex-ai", Status.APPROVED_WITH_LIMITS),
        ("our-company.openai.azure.com", "azure-openai", Status.APPROVED_WITH_LIMITS),
        ("bedrock-runtime.eu-central-1.amazonaws.com", "bedrock", Status.APPROVED_WITH_LIMITS),
        ("vpce-1.bedrock-runtime.eu-central-1.vpce.amazonaws.com", "bedrock", Status.APPROVED_WITH_LIMITS),
        ("dashscope-intl.aliyuncs.com", "alibaba-api", Status.APPROVED_WITH_LIMITS),
        ("api.business.githubcopilot.com", "github-copilot", Status.APPROVED_WITH_LIMITS),
        ("q.us-east-1.amazonaws.com", "amazon-q", Status.APPROVED_WITH_LIMITS),
        ("daily-cloudcode-pa.googleapis.com", "gemini-code-assist", Status.APPROVED_WITH_LIMITS),
        ("substrate.office.com", "microsoft-365-copilot", Status.APPROVED_WITH_LIMITS),
        ("chatgpt.com", "chatgpt", Status.UNREVIEWED),
        ("ab.chatgpt.com", "chatgpt", Status.UNREVIEWED),
        ("sdmntpr.oaiusercontent.com", "chatgpt", Status.UNREVIEWED),
        ("claude.ai", "claude", Status.UNREVIEWED),
        ("gemini.google.com", "gemini", Status.UNREVIEWED),
        ("content-push.googleapis.com", "gemini", Status.UNREVIEWED),
        ("copilot.microsoft.com", "microsoft-copilot", Status.UNREVIEWED),
        ("ppl-ai-file-upload.s3.amazonaws.com", "perplexity", Status.UNREVIEWED),
        ("grok.x.com", "grok", Status.UNREVIEWED),
        ("api2.cursor.sh", "cursor", Status.UNREVIEWED),
        ("ollama.com", "ollama", Status.PROHIBITED),
        ("registry.ollama.ai", "ollama", Status.PROHIBITED),
        ("installers.lmstudio.ai", "lm-studio", Status.PROHIBITED),
        ("ws.chatgpt.com", "chatgpt", Status.UNREVIEWED),
        ("api5.cursor.sh", "cursor", Status.UNREVIEWED),
        ("agentn.us.cursor.sh", "cursor", Status.UNREVIEWED),
        ("api.scaleway.ai", "scaleway-api", Status.APPROVED_WITH_LIMITS),
        ("api.302.ai", "302ai-api", Status.UNREVIEWED),
        ("app.fireflies.ai", "fireflies", Status.UNREVIEWED),
        ("api.languagetoolplus.com", "languagetool", Status.UNREVIEWED),
        ("www.midjourney.com", "midjourney", Status.UNREVIEWED),
        ("abc.chat.qbusiness.us-west-2.on.aws", "amazon-q-business", Status.UNREVIEWED),
        ("cdn-lfs.huggingface.co", "huggingface-downloads", Status.UNREVIEWED),
        ("registry.comfy.org", "comfyui", Status.PROHIBITED),
        ("mcp.linear.app", "mcp-linear", Status.UNREVIEWED),
        ("docs.mcp.cloudflare.com", "mcp-cloudflare", Status.UNREVIEWED),
    ],
)
def test_shipped_hosts(shipped: Registry, host: str, id: str, status: Status) -> None:
    found = shipped.find_host(host)
    assert found is not None
    assert (found.id, found.status) == (id, status)


@pytest.mark.parametrize(
    ("host", "method", "path", "format"),
    [
        ("www.perplexity.ai", "POST", "/rest/sse/perplexity_ask", "perplexity_web"),
        ("chat.deepseek.com", "POST", "/api/v0/chat/completion", "deepseek_web"),
        ("chat.deepseek.com", "POST", "/api/v0/file/upload_file", "deepseek_web"),
        ("grok.com", "POST", "/rest/app-chat/conversations/new", "grok_web"),
        ("grok.com", "POST", "/rest/app-chat/conversations/c-1/responses", "grok_web"),
        ("grok.com", "POST", "/rest/app-chat/upload-file", "generic"),
        ("grok.x.com", "POST", "/2/grok/add_response.json", "grok_web"),
        ("chat.mistral.ai", "POST", "/api/trpc/message.newChat", "le_chat"),
        ("chat.mistral.ai", "POST", "/api/chat", "le_chat"),
        ("huggingface.co", "POST", "/chat/conversation/6650f2", "hugging_chat"),
        ("www.kimi.com", "POST", "/apiv2/kimi.gateway.chat.v1.ChatService/Chat", "kimi_web"),
        ("chat.qwen.ai", "POST", "/api/v2/chat/completions", "qwen_web"),
        ("duck.ai", "POST", "/duckchat/v1/chat", "duck_ai"),
        ("you.com", "GET", "/api/streamingSearch", "you_search"),
        ("pi.ai", "POST", "/api/chat", "pi_chat"),
        ("neo.character.ai", "WEBSOCKET", "/ws/", "character_ai"),
        ("www.notion.so", "POST", "/api/v3/runInferenceTranscript", "notion_ai"),
        ("notebooklm.google.com", "POST", "/_/LabsTailwindUi/data/x/GenerateFreeFormStreamed", "google_web"),
    ],
)
def test_shipped_formats(shipped: Registry, host: str, method: str, path: str, format: str) -> None:
    found = shipped.find_host(host) or shipped.find_undecrypted(host)
    assert found is not None
    route = shipped.route(found, method, path)
    assert (route.format if route else found.format) == format


@pytest.mark.parametrize(
    "host",
    [
        "auth.openai.com",
        "auth0.openai.com",
        "openai.com",
        "accounts.google.com",
        "login.microsoftonline.com",
        "www.googleapis.com",
        "oauth2.googleapis.com",
        "play.googleapis.com",
        "storage.googleapis.com",
        "github.com",
        "api.github.com",
        "raw.githubusercontent.com",
        "x.com",
        "api.x.com",
        "s3.amazonaws.com",
        "sqs.us-east-1.amazonaws.com",
        "bedrock.us-east-1.amazonaws.com",
        "graph.microsoft.com",
        "graph.facebook.com",
        "outlook.office.com",
        "notion.so",
        # Signing in and paying, although a pattern of an AI service may match.
        "authenticator.cursor.sh",
        "register.windsurf.com",
        "auth.augmentcode.com",
        "login.devin.ai",
        "lumo-api.proton.me",
        "acme.okta.com",
        "checkout.stripe.com",
        "www.paypal.com",
        "theirs.s3.amazonaws.com",
        # Tools that do much besides AI.
        "acme.slack.com",
        "acme.service-now.com",
        "acme.atlassian.net",
        "us02web.zoom.us",
        "www.google.com",
        "pypi.org",
        "www.example.com",
    ],
)
def test_hosts_that_pass_undecrypted(shipped: Registry, host: str) -> None:
    assert shipped.find_host(host) is None


@pytest.mark.parametrize(
    ("host", "method", "path", "format", "purpose"),
    [
        ("api.openai.com", "POST", "/v1/chat/completions", "openai_chat", Purpose.PROMPT),
        ("api.openai.com", "POST", "/v1/responses", "openai_responses", Purpose.PROMPT),
        ("api.openai.com", "POST", "/v1/files", "openai_chat", Purpose.UPLOAD),
        ("api.openai.com", "GET", "/v1/models", "openai_chat", Purpose.ACCOUNT),
        ("api.openai.com", "POST", "/v1/traces/ingest", None, None),
        ("api.anthropic.com", "POST", "/v1/messages", "anthropic_messages", Purpose.PROMPT),
        ("api.anthropic.com", "POST", "/v1/messages/count_tokens", "anthropic_messages", Purpose.PROMPT),
        ("api.anthropic.com", "POST", "/api/event_logging/v2/batch", "anthropic_messages", Purpose.TELEMETRY),
        ("api.anthropic.com", "POST", "/api/claude_cli_feedback", None, None),
        ("generativelanguage.googleapis.com", "POST", "/v1beta/models/g:generateContent", "gemini", Purpose.PROMPT),
        ("generativelanguage.googleapis.com", "POST", "/v1beta/openai/chat/completions", "openai_chat", Purpose.PROMPT),
        ("generativelanguage.googleapis.com", "POST", "/upload/v1beta/files", "gemini", Purpose.UPLOAD),
        ("chatgpt.com", "POST", "/backend-api/f/conversation", "chatgpt_web", Purpose.PROMPT),
        ("chatgpt.com", "POST", "/backend-api/f/conversation/prepare", "chatgpt_web", Purpose.PROMPT),
        (
            "chatgpt.com",
            "POST",
            "/backend-api/conversation/experimental/generate_autocompletions",
            "chatgpt_web",
            Purpose.PROMPT,
        ),
        ("chatgpt.com", "POST", "/backend-anon/conversation", "chatgpt_web", Purpose.PROMPT),
        ("chatgpt.com", "POST", "/backend-api/codex/responses", "openai_responses", Purpose.PROMPT),
        ("chatgpt.com", "GET", "/backend-api/me", "generic", Purpose.ACCOUNT),
        ("chatgpt.com", "POST", "/ces/v1/t", "generic", Purpose.TELEMETRY),
        ("chatgpt.com", "POST", "/backend-api/files", "generic", Purpose.UPLOAD),
        # Custom instructions are read by the model.
        ("chatgpt.com", "POST", "/backend-api/user_system_messages", None, None),
        ("ab.chatgpt.com", "POST", "/otlp/v1/metrics", "generic", Purpose.TELEMETRY),
        (
            "claude.ai",
            "POST",
            "/api/organizations/o/chat_conversations/c/completion",
            "claude_web",
            Purpose.PROMPT,
        ),
        ("claude.ai", "POST", "/api/organizations/o/conversations/c/wiggle/upload-file", "generic", Purpose.UPLOAD),
        ("claude.ai", "PUT", "/api/account_profile", None, None),
        ("substrate.office.com", "GET", "/m365Copilot/Chathub/o@t", "m365_copilot", Purpose.PROMPT),
        ("substrate.office.com", "POST", "/M365COPILOT/chathub/o@t", "m365_copilot", Purpose.PROMPT),
        ("substrate.office.com", "POST", "/;/m365Copilot/Chathub", "m365_copilot", Purpose.PROMPT),
        ("substrate.office.com", "POST", "/m365Copilot;a=b/Chathub", "m365_copilot", Purpose.PROMPT),
        ("substrate.office.com", "POST", "/search/..%2fm365Copilot/UploadFile", "generic", Purpose.UPLOAD),
        ("substrate.office.com", "POST", "/unknown/path", None, None),
        ("substrate.office.com", "POST", "/Search/api/v2/query", None, None),
        ("substrate.office.com", "POST", "/search/api/v2/query", "generic", Purpose.ACCOUNT),
        ("www.notion.so", "POST", "/api/v3/getInferenceTranscriptsForUser", "generic", Purpose.PROMPT),
        ("www.notion.so", "POST", "/api/v3/tellMe", None, None),
        ("www.notion.so", "POST", "/api/v3/runInferenceTranscript", "notion_ai", Purpose.PROMPT),
        ("www.notion.so", "POST", "/api/v3/saveTransactions", "generic", Purpose.ACCOUNT),
    ],
)
def test_shipped_routes(
    shipped: Registry, host: str, method: str, path: str, format: str | None, purpose: Purpose | None
) -> None:
    destination = shipped.find_host(host)
    assert destination is not None
    route = shipped.route(destination, method, path)
    assert (route.format if route else None, route.purpose if route else None) == (format, purpose)


def test_how_much_is_shipped(shipped: Registry) -> None:
    assert len(shipped.destinations) >= 400 and len(shipped.hosts()) >= 900
    assert {destination.kind for destination in shipped.destinations} == set(Kind)
    assert all(destination.owner and destination.review_due for destination in shipped.destinations)


def test_every_shipped_host_finds_its_own_service(shipped: Registry) -> None:
    for destination in shipped.destinations:
        for host in destination.hosts:
            assert shipped.find_host(an_instance(host)) is destination, host
        for host in destination.undecrypted_hosts:
            found = shipped.find_host(an_instance(host))
            assert found is None or "*" in host, host


def test_shipped_facts(shipped: Registry) -> None:
    by_id = {destination.id: destination for destination in shipped.destinations}
    assert "key" in by_id["gemini-api"].key_parameters
    assert {"accessToken", "access_token"} <= set(by_id["microsoft-copilot"].key_parameters)
    approved = {id for id, each in by_id.items() if each.status in (Status.APPROVED, Status.APPROVED_WITH_LIMITS)}
    for destination in by_id.values():
        assert set(destination.alternatives) <= approved
        expected = {
            Kind.WEB_CHAT: {Status.UNREVIEWED},
            Kind.MEETING: {Status.UNREVIEWED},
            Kind.WRITING: {Status.UNREVIEWED},
            Kind.MEDIA: {Status.UNREVIEWED},
            Kind.MCP: {Status.UNREVIEWED},
            Kind.MODEL_DOWNLOAD: {Status.UNREVIEWED, Status.PROHIBITED},
            Kind.LOCAL_MODEL: {Status.PROHIBITED},
        }.get(destination.kind, {Status.UNREVIEWED, Status.APPROVED_WITH_LIMITS})
        assert destination.status in expected


@pytest.mark.parametrize("host", ["chat.example.com", "a.files.example.com"])
def test_what_is_switched_off_is_known_and_left_alone(tmp_path: Path, host: str) -> None:
    found = registry(tmp_path, FILE.replace("kind: web_chat", "kind: web_chat\n    enabled: false"))
    assert found.find_host(host) is None
    assert found.leaves_alone(host)
    off = found.destination("some-chat")
    assert off is not None and off is found.find_undecrypted(host) and off in found.destinations
    assert "chat.example.com" not in found.hosts()


def test_near_ids_and_hosts_are_named(shipped: Registry) -> None:
    assert "‘chatgpt.com’" in shipped.suggestion("chatgtp.com")
    assert "‘openai-api’" in shipped.suggestion("openai-ap")
    assert "‘openai-api’" in shipped.suggestion("Open AI")
