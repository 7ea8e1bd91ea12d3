"""Signing in with the company's accounts, before a provider that can be told to lie."""

import base64
import hmac
import json
import re
import time

import pytest
from joserfc.jwk import RSAKey
from tests.console.conftest import ORIGIN, PASSWORD
from tests.samples.openid_provider import CLIENT, ISSUER, LOGOUT, StandIn, settings, unsigned

from promptguard.configuration.openid_settings import LocalAccounts
from promptguard.console import cookies
from promptguard.console.sign_on import MAX_LOGOUTS, SignOn
from promptguard.openid.provider import OpenIDProvider
from promptguard.review.ledger import Act
from promptguard.review.outside_accounts import OutsideAccounts
from promptguard.review.outside_sessions import OutsideSessions
from promptguard.review.roles import Role

BACK = "/sign-in/company/back"


@pytest.fixture
def provider() -> StandIn:
    return StandIn(time.time)


@pytest.fixture
def configure(console, provider, installation):
    """Name the provider in the settings of the console, as far as they are not to be others."""

    def configure(**changed) -> None:
        said = settings(**changed)
        accounts = OutsideAccounts(installation.database, console.accounts, bytes(32), ISSUER, "login.example.com")
        sessions = OutsideSessions(installation.database, bytes(32), ISSUER)
        sign_on = SignOn(said, OpenIDProvider(said, "", transport=provider), accounts, sessions)
        object.__setattr__(console, "sign_on", sign_on)

    configure()
    return configure


def go(person, provider, **changed):
    """To the provider and back."""
    there = person.get("/sign-in/company")
    assert there.status_code == 303
    return person.get(BACK, params={**provider.authorize(there.headers["location"]), **changed})


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def refusals(console) -> list[str]:
    return [entry.detail["why"] for entry in console.ledger.entries() if entry.act == Act.SIGN_IN_REFUSED]


def test_somebody_gets_in_with_the_roles_of_the_groups(somebody, console, provider, configure) -> None:
    person = somebody()
    assert "Sign in with login.example.com" in person.get("/sign-in").text
    answer = go(person, provider)
    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text
    assert person.get("/decisions").status_code == 200
    assert person.get("/accounts").status_code == 403
    (account,) = console.accounts.all()
    assert (account.name, account.roles, account.outside) == ("jane", {Role.ANALYST}, True)
    noted = [(entry.act, entry.name, dict(entry.detail)) for entry in reversed(console.ledger.entries())]
    assert noted[:2] == [
        (Act.ACCOUNT_MADE, "jane", {"by": "company", "roles": "analyst"}),
        (Act.SIGNED_IN, "jane", {"by": "company"}),
    ]


def test_the_request_is_bound_to_this_console_and_this_sign_in(somebody, provider, configure) -> None:
    there = [somebody().get("/sign-in/company") for _ in range(2)]
    asked = [dict(re.findall(r"[?&](\w+)=([^&]*)", answer.headers["location"])) for answer in there]
    assert asked[0]["client_id"] == CLIENT
    assert asked[0]["redirect_uri"].endswith("%2Fsign-in%2Fcompany%2Fback")
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
    cookie = there[0].headers["set-cookie"].lower()
    assert {"httponly", "samesite=lax"} <= set(cookie.split("; "))
    assert asked[0]["nonce"].lower() not in cookie


def test_groups_are_lost_and_won_at_the_next_sign_in(somebody, console, provider, configure) -> None:
    first, second = somebody(), somebody()
    go(first, provider)
    provider.person["groups"] = ["sec-admins"]
    go(second, provider)
    assert first.get("/decisions").headers["location"] == "/sign-in"
    assert second.get("/accounts").status_code == 200
    assert second.get("/decisions").status_code == 200  # an auditor
    provider.person["groups"] = []
    answer = go(somebody(), provider)
    assert answer.status_code == 403
    assert "None of your groups has a role" in answer.text
    assert second.get("/ledger").headers["location"] == "/sign-in"
    assert [each.roles for each in console.accounts.all()] == [frozenset()]
    assert refusals(console) == ["account"]


@pytest.mark.parametrize("groups", [None, [], ["others"], "others", {"sec-admins": True}, [["sec-admins"]], 7])
def test_whoever_has_no_group_gets_no_account(somebody, console, provider, configure, groups) -> None:
    provider.person["groups"] = groups
    assert go(somebody(), provider).status_code == 403
    assert console.accounts.all() == []


@pytest.mark.parametrize(
    ("claim", "told", "roles"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["sec-analysts"]}}, {Role.ANALYST}),
        ("https://acme.example/groups", {"https://acme.example/groups": ["sec-analysts"]}, {Role.ANALYST}),
        ("groups", {"groups": "sec-analysts"}, {Role.ANALYST}),
    ],
)
def test_groups_stand_where_providers_put_them(somebody, console, provider, configure, claim, told, roles) -> None:
    configure(groups_claim=claim)
    provider.person = {"sub": "1", "preferred_username": "jane", **told}
    assert go(somebody(), provider).status_code == 200
    assert console.accounts.all()[0].roles == roles


def test_what_the_token_does_not_tell_is_asked_for(somebody, console, provider, configure) -> None:
    told = provider.person
    provider.person, provider.userinfo = {"sub": told["sub"]}, told
    assert go(somebody(), provider).status_code == 200
    provider.userinfo = {**told, "sub": "somebody else"}
    assert go(somebody(), provider).status_code == 403
    assert refusals(console) == ["userinfo of somebody else"]


def test_a_name_that_a_local_account_has_leads_to_another_account(somebody, console, provider, configure) -> None:
    somebody(Role.ADMINISTRATOR, name="Jane")
    provider.person["preferred_username"] = "JANE"
    person = somebody()
    assert go(person, provider).status_code == 200
    assert person.get("/accounts").status_code == 403
    names = {each.name: each.outside for each in console.accounts.all()}
    assert names == {"Jane": False, "JANE (login.example.com)": True}
    provider.person = {**provider.person, "sub": "another"}
    go(somebody(), provider)
    assert "JANE (login.example.com, 2)" in [each.name for each in console.accounts.all()]


def test_an_outside_account_has_neither_password_nor_roles_of_ours(somebody, console, provider, configure) -> None:
    admin, jane = somebody(Role.ADMINISTRATOR), somebody()
    go(jane, provider)
    id = next(each.id for each in console.accounts.all() if each.outside)
    assert admin.submit(f"/accounts/{id}", act="link").status_code == 422
    assert admin.submit(f"/accounts/{id}", act="roles", role="administrator").status_code == 422
    assert "Signs in with the company" in admin.get("/accounts").text
    admin.submit(f"/accounts/{id}", act="disable")
    assert jane.get("/decisions").headers["location"] == "/sign-in"
    assert "locked out" in go(somebody(), provider).text


FORGED = {
    "nonce of another sign-in": {"claims": {"nonce": "x"}},
    "no nonce": {"claims": {"nonce": None}},
    "foreign audience": {"claims": {"aud": "another"}},
    "foreign audiences": {"claims": {"aud": ["another"]}},
    "two audiences, no party": {"claims": {"aud": [CLIENT, "another"]}},
    "another party": {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    "another party of one audience": {"claims": {"azp": "another"}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "issuer as a list": {"claims": {"iss": [ISSUER]}},
    "too old": {"claims": {"exp": int(time.time()) - 120, "iat": int(time.time()) - 400}},
    "no end": {"claims": {"exp": None}},
    "made long ago": {"claims": {"iat": int(time.time()) - 90_000}},
    "made in the future": {"claims": {"iat": int(time.time()) + 90_000}},
    "not yet": {"claims": {"nbf": int(time.time()) + 90_000}},
    "no subject": {"claims": {"sub": None}},
    "empty subject": {"claims": {"sub": ""}},
    "subject as a number": {"claims": {"sub": 7}},
    "long subject": {"claims": {"sub": "x" * 256}},
    "another access token": {"claims": {"at_hash": "x"}},
    "unsigned": {"forge": unsigned},
    "signature cut": {"forge": lambda token: token[:-4]},
    "signature of nothing": {"forge": lambda token: token.rpartition(".")[0] + "."},
    "no token": {"forge": lambda _: "x"},
    "too long": {"forge": lambda token: token + "x" * 70_000},
    "no name": {"claims": {"preferred_username": None}},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_token_lets_nobody_in(somebody, console, provider, configure, forged) -> None:
    for name, value in forged.items():
        setattr(provider, name, value)
    person = somebody()
    answer = go(person, provider)
    assert answer.status_code == 403
    assert "does not hold" in answer.text
    assert person.get("/").headers["location"] == "/sign-in"
    assert console.accounts.all() == []
    assert len(refusals(console)) == 1


def test_a_public_key_is_no_secret_to_sign_with(somebody, console, provider, configure) -> None:
    published = provider.key.as_pem(private=False)

    def forge(token: str) -> str:
        said = f"{encoded(b'{"alg":"HS256","kid":"one"}')}.{token.split('.')[1]}"
        return f"{said}.{encoded(hmac.digest(published, said.encode(), 'sha256'))}"

    provider.forge = forge
    assert go(somebody(), provider).status_code == 403
    assert refusals(console) == ["algorithm"]


@pytest.mark.parametrize("kid", ["one", "unknown"])
def test_a_key_that_was_not_published_counts_for_nothing(somebody, console, provider, configure, kid) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": kid}, auto_kid=False)
    assert go(somebody(), provider).status_code == 403
    assert refusals(console) == ["signature"]


def test_keys_may_be_changed(somebody, console, provider, configure, monkeypatch) -> None:
    assert go(somebody(), provider).status_code == 200
    provider.rotate()
    assert go(somebody(), provider).status_code == 403  # asked for a moment ago
    later = time.time() + 60
    provider.now = lambda: later
    monkeypatch.setattr(console.sign_on.provider, "_now", lambda: later)
    assert go(somebody(), provider).status_code == 200


CHANGED = {
    "state of another": ({"state": "x"}, "state"),
    "no state": ({"state": ""}, "state"),
    "code of another": ({"code": "x"}, "provider"),
    "another issuer": ({"iss": "https://evil.example"}, "another issuer"),
    "no issuer, where it always says": ({"iss": ""}, "another issuer"),
    "an error": ({"error": "access_denied", "error_description": "<b>"}, "account"),
}


@pytest.mark.parametrize(("changed", "why"), CHANGED.values(), ids=CHANGED)
def test_a_changed_answer_lets_nobody_in(somebody, console, provider, configure, changed, why) -> None:
    person = somebody()
    answer = go(person, provider, **changed)
    assert 400 <= answer.status_code < 600
    assert "<b>" not in answer.text
    assert person.get("/").headers["location"] == "/sign-in"
    assert refusals(console) == [why]


def test_an_answer_counts_once_and_in_one_browser(somebody, console, provider, configure) -> None:
    person, other = somebody(), somebody()
    came = provider.authorize(person.get("/sign-in/company").headers["location"])
    assert other.get(BACK, params=came).status_code == 400  # somebody else's link
    started = person.cookies[cookies.STARTED]
    assert person.get(BACK, params=came).status_code == 200
    other.cookies.set(cookies.STARTED, started)
    assert other.get(BACK, params=came).status_code == 400
    assert refusals(console) == ["used", "state"]


def test_the_session_that_the_browser_had_ends(somebody, console, provider, configure) -> None:
    person, other = somebody(Role.ANALYST), somebody()
    before = person.cookies[cookies.SESSION]
    go(person, provider)
    other.cookies.set(cookies.SESSION, before)
    assert other.get("/account").headers["location"] == "/sign-in"


def test_a_provider_that_is_away_is_told(somebody, console, provider, configure) -> None:
    provider.down = True
    answer = somebody().get("/sign-in/company")
    assert answer.status_code == 502
    assert "login.example.com (configuration) does not answer" in answer.text
    provider.down = False
    person = somebody()
    there = person.get("/sign-in/company").headers["location"]
    provider.down = True
    assert person.get(BACK, params=provider.authorize(there)).status_code == 502
    assert refusals(console) == ["provider", "provider"]


def test_signing_out_leads_to_the_provider(somebody, provider, configure) -> None:
    person = somebody()
    go(person, provider)
    page = person.submit("/sign-out")
    assert f'href="{ISSUER}/logout?client_id={CLIENT}&amp;post_logout_redirect_uri=' in page.text
    assert person.get("/account").headers["location"] == "/sign-in"
    assert somebody(Role.ANALYST).submit("/sign-out").headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    ("kept", "analyst", "administrator"),
    [
        (LocalAccounts.ALWAYS, True, True),
        (LocalAccounts.EMERGENCY, False, True),
        (LocalAccounts.NEVER, False, False),
    ],
)
def test_local_accounts_are_let_in_as_configured(somebody, console, configure, kept, analyst, administrator) -> None:
    people = {
        Role.ANALYST: (somebody(Role.ANALYST), analyst),
        Role.ADMINISTRATOR: (somebody(Role.ADMINISTRATOR), administrator),
    }
    configure(local_accounts=kept)
    for role, (person, let_in) in people.items():
        assert (person.get("/account").status_code == 200) is let_in  # who was signed in before
        form = {"name": str(role), "password": PASSWORD}
        entered = somebody().post("/sign-in", data=form, headers={"origin": ORIGIN})
        assert (entered.status_code == 303) is let_in
        id = next(each.id for each in console.accounts.all() if each.name == role)
        link = f"/set-up?link={console.accounts.make_link(id)}"
        assert (somebody().get(link).status_code == 200) is let_in
    page = somebody().get("/sign-in").text
    assert ('name="password"' in page) is (kept is LocalAccounts.ALWAYS)
    assert ('name="password"' in somebody().get("/sign-in?emergency=1").text) is (kept is not LocalAccounts.NEVER)


def test_without_a_provider_outside_accounts_are_nobody(somebody, console, provider, configure) -> None:
    person = somebody()
    go(person, provider)
    object.__setattr__(console, "sign_on", None)
    assert person.get("/account").headers["location"] == "/sign-in"
    assert somebody().get("/sign-in/company").status_code == 404
    assert somebody().get(BACK).status_code == 404


def test_nothing_of_the_token_is_kept_but_the_name(somebody, provider, configure, installation) -> None:
    provider.person |= {"email": "jane@corp.example", "groups": ["sec-analysts", "secret-project"]}
    go(somebody(), provider)
    kept = b"".join(path.read_bytes() for path in installation.folder.glob("review.db*"))
    assert b"jane" in kept
    for told in ("248289761001", "corp.example", "secret-project", "opaque", json.dumps(provider.person)):
        assert told.encode() not in kept


OUT = "/sign-in/company/sign-out"


def told(somebody, token: str):
    """What the provider gets that sends a logout token, itself and from elsewhere."""
    return somebody().post(OUT, data={"logout_token": token})


def is_in(person) -> bool:
    return person.get("/decisions").status_code == 200


def in_as(somebody, provider, sid: str | None, sub: str = "1"):
    provider.person |= {"sub": sub, "sid": sid, "preferred_username": f"jane {sub}"}
    person = somebody()
    assert go(person, provider).status_code == 200
    return person


@pytest.mark.parametrize(
    ("claims", "left"),
    [
        ({"sub": "1", "sid": "a"}, {"b", "other", "local"}),
        ({"sub": None, "sid": "a"}, {"b", "unnamed", "other", "local"}),
        ({"sub": "1"}, {"other", "local"}),
        ({"sub": "1", "sid": "unknown"}, {"a", "b", "other", "local"}),
        ({"sub": "2", "sid": "a"}, {"a", "b", "unnamed", "other", "local"}),  # another person's
        ({"sub": "unknown"}, {"a", "b", "unnamed", "other", "local"}),
    ],
)
def test_the_provider_ends_sessions(somebody, console, provider, configure, claims, left) -> None:
    people = {
        "local": somebody(Role.ANALYST),
        "other": in_as(somebody, provider, "c", "2"),
        "unnamed": in_as(somebody, provider, None),
        "a": in_as(somebody, provider, "a"),
        "b": in_as(somebody, provider, "b"),
    }
    answer = told(somebody, provider.logout_token(**claims))
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, b"", "no-store")
    assert {name for name, person in people.items() if is_in(person)} == left
    ended = {entry.name for entry in console.ledger.entries() if entry.act == Act.SIGNED_OUT}
    assert ended == ({"jane 1"} if "a" not in left or "unnamed" not in left else set())


def test_a_session_that_was_begun_anew_is_another(somebody, console, provider, configure) -> None:
    person = in_as(somebody, provider, "a")
    assert told(somebody, provider.logout_token(sub="1", sid="a")).status_code == 200
    assert go(person, provider).status_code == 200
    assert is_in(person)


@pytest.mark.parametrize("header", [{}, {"typ": "JWT"}, {"typ": None}, {"typ": "application/logout+jwt"}])
def test_tokens_as_providers_write_them(somebody, provider, configure, header) -> None:
    person = in_as(somebody, provider, None)
    header = {name: value for name, value in header.items() if value} if header != {"typ": None} else {"typ": ""}
    assert told(somebody, provider.logout_token(header, sub="1", aud=[CLIENT], extra=1)).status_code == 200
    assert not is_in(person)


NO_LOGOUT = {
    "an ID token": ({"nonce": "x"}, "claim nonce"),
    "no event": ({"events": None}, "claim events"),
    "another event": ({"events": {"http://schemas.openid.net/event/other": {}}}, "claim events"),
    "an event of another type": ({"events": {LOGOUT: "x"}}, "claim events"),
    "events as a list": ({"events": [LOGOUT]}, "claim events"),
    "nobody": ({"sub": None}, "claim sub or sid"),
    "an empty session": ({"sid": ""}, "claim sub or sid"),
    "a subject as a number": ({"sub": 7}, "claim sub"),
    "no id": ({"jti": None}, "claim jti"),
    "a long id": ({"jti": "x" * 513}, "claim jti"),
    "an id as a list": ({"jti": ["x"]}, "claim jti"),
    "another issuer": ({"iss": "https://evil.example"}, "claim iss"),
    "foreign audience": ({"aud": "another"}, "claim aud"),
    "no audience": ({"aud": None}, "claim aud"),
    "over": ({"exp": int(time.time()) - 120}, "claim exp"),
    "no end": ({"exp": None}, "claim exp"),
    "no beginning": ({"iat": None}, "claim iat"),
    "made long ago": ({"iat": int(time.time()) - 90_000}, "claim iat"),
    "made in the future": ({"iat": int(time.time()) + 90_000}, "claim iat"),
}


@pytest.mark.parametrize(("claims", "why"), NO_LOGOUT.values(), ids=NO_LOGOUT)
def test_what_is_no_logout_token_ends_nothing(somebody, console, provider, configure, claims, why) -> None:
    person = in_as(somebody, provider, "a")
    answer = told(somebody, provider.logout_token(**{"sub": "1", **claims}))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert is_in(person)
    (refused,) = (entry for entry in console.ledger.entries() if entry.act == Act.SIGN_OUT_REFUSED)
    assert refused.detail["why"] == why


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        (unsigned, "algorithm"),
        (lambda token: token[:-4], "signature"),
        (lambda _: "", "no token"),
        (lambda _: "x.y.z", "no token"),
        (lambda token: token + "x" * 62_000, "no token"),
        (lambda token: f"{encoded(b'{"alg":["RS256"],"kid":"one"}')}.{token.partition('.')[2]}", "algorithm"),
        (lambda token: f"{encoded(b'{"alg":{},"kid":"one"}')}.{token.partition('.')[2]}", "algorithm"),
    ],
)
def test_a_forged_token_ends_nothing(somebody, console, provider, configure, forge, why) -> None:
    person = in_as(somebody, provider, "a")
    assert told(somebody, forge(provider.logout_token(sub="1"))).status_code == 400
    assert is_in(person)
    assert [e.detail["why"] for e in console.ledger.entries() if e.act == Act.SIGN_OUT_REFUSED] == [why]


def test_another_kind_of_token_ends_nothing(somebody, provider, configure) -> None:
    person = in_as(somebody, provider, "a")
    assert told(somebody, provider.logout_token({"typ": "at+jwt"}, sub="1")).status_code == 400
    assert is_in(person)


def test_a_token_counts_once(somebody, provider, configure) -> None:
    token = provider.logout_token(sub="1")
    assert told(somebody, token).status_code == 200
    person = in_as(somebody, provider, "a")
    answer = told(somebody, token)
    assert (answer.status_code, answer.json()["error_description"]) == (400, "used")
    assert is_in(person)


def test_a_token_with_no_end_in_sight_counts_once_too(somebody, provider, configure) -> None:
    token = provider.logout_token(sub="1", exp=10**40)
    assert told(somebody, token).status_code == 200
    assert told(somebody, token).json()["error_description"] == "used"


def test_a_provider_that_is_away_may_ask_again(somebody, provider, configure) -> None:
    provider.down = True
    answer = told(somebody, provider.logout_token(sub="1"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    provider.down = False
    assert told(somebody, provider.logout_token(sub="1")).status_code == 200


def test_no_more_are_looked_at_together_than_so_many(somebody, console, provider, configure) -> None:
    for _ in range(MAX_LOGOUTS):
        console.sign_on.logouts.acquire()
    assert told(somebody, provider.logout_token(sub="1")).status_code == 503
    console.sign_on.logouts.release()
    assert told(somebody, provider.logout_token(sub="1")).status_code == 200


def test_without_a_provider_there_is_no_such_page(somebody, console) -> None:
    assert told(somebody, "x").status_code == 404
