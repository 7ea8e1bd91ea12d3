import pytest

from promptguard.detectors.secrets.secret_names import NameKind, kind_of

NAMES = {
    NameKind.PASSWORD: """password DB_PASSWORD dbPassword db-password spring.datasource.password password1 passwd pwd
        DB_PASS userpass adminpwd keystorePass wifi_passphrase PASSWORD_PROD
        passwordForRoot wpa_psk Passwort kennwort
        adminPasswort mot_de_passe motDePasse contraseña contrasena wachtwoord adgangskode kodeord parola cpassword
        requirepass bindpw ansible_ssh_pass RELEASE_STORE_PASSWORD masterUserPassword setPassword""",
    NameKind.SECRET: "secret client_secret clientSecret SECRET_KEY secretKeyBase jwt.secret mysecret webhook-secret",
    NameKind.TOKEN: """token api_token accessToken apiKey api_key API-KEY x-api-key accessKey private_key signingKey
        authToken
        authorization credentials session_key license_key storageKey encryption_key bearer refresh_token githubtoken""",
    NameKind.KEY: """key salt SALT hmac session_id secret_id access_id password_salt clientToken
        ClientRequestToken""",
    None: """passwordField password_label passwordHint password_file PASSWORD_FILE token_type tokenType tokenizer
        max_tokens idempotencyToken next_token pageToken continuation_token progressToken sync_token
        num_tokens eos_token has_password is_token getPassword forgot_password invalid_token tokenUrl token_endpoint
        public_key publicKey publishableKey siteKey applicationServerKey
        client_id tenantId access_key_id primary_key foreignKey partition_key cacheKey sort_key
        keyboard keyword monkey turkey
        compass bypass passenger passport passing author authority secretary passwordPolicy passwordMinLength
        password_changed_at secretName user name csrf_token authenticity_token credentialsProvider keyFile key_size""",
}


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for kind, names in NAMES.items() for name in names.split()])
def test_kinds(name: str, kind: NameKind | None) -> None:
    assert kind_of(name) is kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("api key", NameKind.TOKEN),
        ("Mot de passe", NameKind.PASSWORD),
        ("the key", NameKind.KEY),
        ("Wi-Fi password", NameKind.PASSWORD),
    ],
)
def test_names_of_several_words(name: str, kind: NameKind) -> None:
    assert kind_of(name) is kind
