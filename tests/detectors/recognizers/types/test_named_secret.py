"""Names and values, in the ways that languages and formats write them.

A form starts with the kind of its value (see `secrets_drawn.value`), which stands for `{}` in it.
"""

import pytest
from tests.detectors.secrets_drawn import rows, value

from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.types.named_secret import NamedSecretRecognizer
from promptguard.model import Segment

FORMS = r"""
W 10.0.0.1 ansible_connection=ssh ansible_user=anna ansible_ssh_pass={}
W | `DB_ROOT_PASSWORD` | `{}` |
P lozinka = "{}"
P hasło: {}
P password: {} (do not lose)
P heslo={}
P password = "{}"
P String password = "{}";
P private static final String DB_PASSWORD = "{}";
W const password = '{}';
P let passwd: &str = "{}";
P var dbPassword string = "{}"
P const dbPass string = "{}"
P password := "{}"
P $password = '{}';
P $config['db_pass'] = '{}';
P define('DB_PASSWORD', '{}');
P 'password' => '{}',
W 'password' => '{}',
P :password => "{}"
P password: "{}",
W "password": "{}",
P {{"user": "root", "password": "{}"}}
P \"password\":\"{}\"
P user.set_password("{}")
P user.setPassword("{}");
P builder.withPassword("{}")
P os.environ["DB_PASSWORD"] = "{}"
P password = os.getenv("DB_PASSWORD", "{}")
P const pw = process.env.DB_PASSWORD || "{}";
P const pw = process.env.DB_PASSWORD ?? '{}'
P password: process.env.PASS || '{}',
P db.password={}
P spring.datasource.password={}
W spring.datasource.password={}
P spring.datasource.password=${{DB_PASSWORD:{}}}
P password: ${{MYSQL_PASSWORD:-{}}}
P   password: {}
W   password: {}
P   password: '{}'
P   pass: "{}"
W pass: "{}"
P DB_PASSWORD={}
W DB_PASSWORD={}
P DB_PASSWORD="{}"
P export DB_PASSWORD={}
P export PGPASSWORD='{}'
P set DB_PASSWORD={}
P $env:DB_PASSWORD = "{}"
P ENV MYSQL_ROOT_PASSWORD={}
P ARG ADMIN_PASSWORD={}
P       - MYSQL_ROOT_PASSWORD={}
P       MYSQL_ROOT_PASSWORD: {}
P docker run -e POSTGRES_PASSWORD={} -d postgres
P docker run --env POSTGRES_PASSWORD={} postgres
P <password>{}</password>
W <password>{}</password>
P <property name="password" value="{}"/>
P <property name="connection.password">{}</property>
P <add key="AdminPassword" value="{}" />
P <Connector keystorePass="{}" keystoreFile="x.jks"/>
P <user username="tomcat" password="{}" roles="manager-gui"/>
P <string name="db_password">{}</string>
P <key>password</key><string>{}</string>
P <key>password</key>\n\t<string>{}</string>
P <td>Password</td><td>{}</td>
P - name: DB_PASSWORD\n  value: {}
P - name: DB_PASSWORD\n  value: "{}"
P {{"name": "DB_PASSWORD", "value": "{}"}}
P {{"key": "password", "value": "{}", "type": "string"}}
P ALTER USER postgres WITH PASSWORD '{}';
P CREATE ROLE app LOGIN PASSWORD '{}';
P CREATE LOGIN sa WITH PASSWORD = '{}';
P SET PASSWORD FOR 'root'@'localhost' = PASSWORD('{}');
P $cred = ConvertTo-SecureString "{}" -AsPlainText -Force
P $password = ConvertTo-SecureString -String '{}' -AsPlainText -Force
P password = SecretStr("{}")
P var password = new SecureString("{}");
P self.password = "{}"
P this.password = '{}';
P if password == "{}":
P if (password.equals("{}")) {{
P wpa_passphrase={}
P psk="{}"
P   bind_password = {}
P [client]\nuser=root\npassword={}
W [client]\nuser=root\npassword={}
W [database]\nuser = root\npassword = {}
P RELEASE_STORE_PASSWORD={}
P keyPassword '{}'
P storePassword "{}"
P keyAlias 'up'\n        keyPassword '{}'
P passwort: {}
P Kennwort = "{}"
P "motDePasse": "{}"
P mot_de_passe = '{}'
P contrasena = "{}"
P contraseña: {}
P "clave": "{}"
P wachtwoord = '{}'
P adgangskode: "{}"
P Passphrase: {}
P Password: {}
P Admin-Passwort: {}
P Wi-Fi password: {}
P **Password:** {}
P **Password**: `{}`
P - Password: {}
P | Password | {} |
P PASSWORD => "{}"
P password -> {}
P Password\t{}
P https://x.example/login?user=bob&password={}&x=1
P user=bob&pass={}
P <input type="hidden" name="password" value="{}">
P passwordForProd = "{}"
P PASSWORD_GITHUB = "{}"
P admin_pass1 = "{}"
P #define WIFI_PASSWORD "{}"
P #define PASSWORD   "{}"
P char *wifi_pass = "{}";
P const char* password = "{}";
P static NSString *const kPassword = @"{}";
P val password: String = "{}"
P lateinit var password = "{}"
P ansible_ssh_pass={}
P ansible_become_password: {}
P web01 ansible_host=10.0.0.4 ansible_user=root ansible_password={}
T api_key = "{}"
T apiKey: '{}'
T "api_key": "{}",
T API_KEY={}
T export API_TOKEN={}
T const authToken = "{}";
T X-Api-Key: {}
T https://api.example/v1?token={}
T https://api.example/v1?x=1&api_key={}
T https://api.example/v1?access_token={}&y=2
T client_secret = "{}"
T client-secret: {}
T clientSecret: '{}'
T SECRET_KEY = '{}'
T SECRET_KEY_BASE={}
T jwt.secret={}
T app.secret: "{}"
T secret: {}
T "secret": "{}"
T encryption_key = "{}"
T signingKey = "{}"
T AZURE_STORAGE_KEY={}
T AccountKey={};EndpointSuffix=core.windows.net
T SharedAccessKey={}
T private_token: {}
T <apiKey>{}</apiKey>
T <add key="ApiKey" value="{}"/>
T token: {}
T "token": "{}"
T var token = '{}';
T TOKEN = "{}"
T refresh_token = "{}"
T access-token: {}
T license_key = "{}"
T "accessKey": "{}"
T "secretKey": "{}"
T aws_secret_access_key = {}
T webhook_secret = '{}'
T COOKIE_SECRET='{}'
T cookie_secret="{}"
T config.secret_token = '{}'
T app.secret_key = "{}"
T Rails.application.config.secret_key_base = '{}'
T "credentials": "{}"
T auth: {}
T password = "{}"
T api-sleutel = "{}"
T api_schluessel = "{}"
T datadog_api_key: {}
T //registry.npmjs.org/:_authToken={}
T key: "{}"
T "key": "{}"
T salt = "{}"
T SALT = '{}'
T define('AUTH_KEY', '{}');
T define('NONCE_SALT', '{}');
H secret_key: {}
H token = "{}"
H api_key: "{}"
H hmac_key = "{}"
H AES_KEY = "{}"
H session_secret = '{}'
N password = "{}"
N password: {}
N DB_PASSWORD={}
"""

LOOK_ALIKES = r"""
["/v1/accounts:signInWithPassword","/v1/accounts:signInWithPhoneNumber"]
"OAuth1Mixin", "OAuth2Mixin"
"Cryptography_HAS_PSK": has_psk, "Cryptography_HAS_PSK_TLSv1_3": has_tls
create_token_option, "aws.auth#sigv4a": option
exports.oAuth1Client = oAuth1Client;
type Token = XOAuth2Token;
AwsSdkSigV4AuthToken = AwsSdkSigV4AAuthInputConfig
Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==
Lock-Token: urn:uuid:a515cfa4-5da4-22e1-f5b5-00a0451e6bf7
localKeyIdHex: '7b59377ff142d0be4565e9ac3d396c01401cd879'
password_encryption = scram-sha-256
if (kind.password!==e2x)
| `DB_ROOT_PASSWORD` | `string` | required |
password: get_password2 (see above)
| `DB_ROOT_PASSWORD` | `password` |
sed -i "s/^DB_PASSWORD=.*/DB_PASSWORD=$NEW_PASSWORD/" .env
connect(user=name, password=secretword)
run user=anna password=secretword and so on
password: string
password: String;
password: str
password: Optional[str] = None
password?: string;
password = None
password = null;
password = ""
password: ""
password = getPassword()
password = getpass.getpass("Password: ")
password = input("Enter your password: ")
String password = request.getParameter("password");
const password = req.body.password;
const { password, token } = this.state;
this.password = password;
self.password = password
user.password = newPassword
password=password,
passwd=passwd
$password = $_POST['password'];
password := os.Getenv("DB_PASSWORD")
password = os.environ["DB_PASSWORD"]
password = os.environ.get("DB_PASSWORD")
password: process.env.DB_PASSWORD,
password: ${DB_PASSWORD}
password: "${DB_PASSWORD}"
password: {{ vault_db_password }}
password: "{{ .Values.db.password }}"
password: <%= ENV['DB_PASSWORD'] %>
password: !vault |
password: ENC(abc)
password = "changeme"
password = "your_password"
password = "<password>"
password = "********"
password = "password"
password: "xxxxxxxx"
DB_PASSWORD=your-password-here
DB_PASSWORD=$(cat /run/secrets/db)
DB_PASSWORD_FILE=/run/secrets/db_password
MYSQL_PASSWORD=
password:
"password": null,
"password": true
"password": "Password",
"password": "Passwort",
"password": "Mot de passe",
"password": "Enter your password",
"password_hint": "At least 8 characters",
"passwordLabel": "Password",
"forgot_password": "Forgot password?",
"invalid_password": "Invalid password",
"password_too_short": "Password is too short (min 8)",
"password": "required|min:8|confirmed",
'password' => 'required|string|min:6',
'password' => bcrypt($request->password),
'password' => Hash::make('x'),
<input type="password" name="password" placeholder="Password">
<input type="password" id="password" class="form-control" required>
<label for="password">Password</label>
<label for="password">Your password</label>
<TextField label="Password" type="password" name="password" />
<input type="password" autocomplete="current-password" />
<password></password>
<property name="password" value="${db.password}"/>
<xs:element name="password" type="xs:string"/>
@Value("${spring.datasource.password}") String password;
@Column(name = "password")
private String password;
public void setPassword(String password) { this.password = password; }
def authenticate(self, username, password):
func Login(user, password string) error {
login(username, password)
assertEqual(password, user.password)
validates :password, presence: true, length: { minimum: 6 }
t.string "password_digest"
password varchar(255) NOT NULL,
`password` char(60) DEFAULT NULL,
SELECT username, password FROM users WHERE id = ?
UPDATE users SET password = ? WHERE id = ?
UPDATE users SET password = :password WHERE id = :id
IDENTIFIED BY '${PASSWORD}'
CREATE USER bob IDENTIFIED BY '<password>';
ALTER USER bob WITH PASSWORD :'pw';
password_regex = r"^(?=.*[A-Z])(?=.*\d).{8,}$"
PASSWORD_PATTERN = "^[a-zA-Z0-9]{8,20}$"
password_field = driver.find_element(By.ID, "password")
driver.findElement(By.id("password")).sendKeys(password);
$('#password').val()
document.getElementById('password').value
password: '#password',
input[name=password]
password.length < 8
password_min_length = 8
passwordExpiryDays: 90
MAX_PASSWORD_LENGTH = 128
password_reset_token_expiry = 3600
"token_type": "bearer",
token_type = "Bearer"
token: Token
token = tokens[i]
token = next(tokens)
token = lexer.token()
token == "function"
if token == "(":
token = "identifier"
"token": "abc"
max_tokens=4096
num_tokens: 1024
n_tokens = len(tokens)
pad_token="<pad>"
eos_token = "</s>"
tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")
token_endpoint: https://auth.example.com/oauth2/token
"token_url": "https://login.example.com/token"
tokenEndpointAuthMethod: client_secret_basic
cancellationToken: CancellationToken
CancellationToken token = default
csrfToken: document.querySelector('meta[name=csrf]').content
secret: true
secretName: my-app-secret
secretKeyRef:
  name: db-credentials
secret_name = "prod/db/password"
key: database-password
imagePullSecrets:\n  - name: regcred
client_id = "my-client"
client_secret=...
client_secret = os.environ['CLIENT_SECRET']
secrets.DEPLOY_TOKEN
token: ${{ secrets.GITHUB_TOKEN }}
api_key = "YOUR_API_KEY"
api_key = "your-api-key-here"
api_key: <API_KEY>
apiKey: process.env.API_KEY,
apiKey = config.get('apiKey')
API_KEY = os.getenv("API_KEY")
"apiKey": "string"
"api_key": "{{api_key}}"
api_key=api_key
?api_key=YOUR_KEY
?token={token}
curl -u user:pass https://h
curl -u "$USER:$PASS" https://h
curl -u username https://h
curl -H "Authorization: Bearer $TOKEN" https://h
curl -H "Authorization: Bearer <token>" https://h
Authorization: Bearer YOUR_ACCESS_TOKEN
"Authorization": f"Bearer {token}"
headers["Authorization"] = "Bearer " + token
'Authorization': `Bearer ${token}`
mysql -u root -p
mysql -u root -p shop
mysqldump -u root -p$MYSQL_PWD shop
docker login -u bob --password-stdin
docker run -p 8080:80 nginx
psql -h db -U app -p 5432
ssh -p 2222 root@h
mkdir -p /opt/app1
nmap -p1-1000 host
python -m http.server -p 8000
sshpass -p "$PASS" ssh root@h
redis-cli -a $REDIS_PASS ping
cmd --password $PASSWORD
cmd --password <password>
cmd --token "$TOKEN"
cmd --key path/to/key.pem
sudo -S
key = lambda x: x[1]
items.sort(key=itemgetter(1))
"key": "value"
key: "user.profile.title"
key="home_page_title_2"
React key={item.id}
<li key={index}>
primaryKey: true
publicKey: "ssh-rsa AAAA"
KEY_LENGTH = 32
keyboard = "qwerty"
key_file = "/etc/ssl/private/server.key"
ssl_key: /etc/ssl/private/server.key
public_key = "abc"
keywords: "alpha beta"
keyPath = "id"
cache_key = "user:1234:profile"
cacheKey = `user_${id}`
partition_key = "customer_id_2"
foreign_key = "user_id"
sort_key: created_at
dict_key1 = "value1"
auth: basic
auth: { user: process.env.USER }
authType = "oauth2"
auth_url = "https://auth.example.com/v1"
author: "John Smith"
authority = "https://login.microsoftonline.com/common"
authentication: required
bypass = "monday"
compass: north
passed = 12
passenger = "Smith"
passport: "A1234"
pass
passing: true
pass_rate = 0.93
salt = os.urandom(16)
salt: bytes
salt = bcrypt.gensalt(12)
seed = 42
seed: 1234567890
random_seed=20240101
nonce = secrets.token_hex(16)
nonce: 9f86d081884c7d659a2feaa0c55ad015
<script nonce="rAnd0m8kFq2LmX0vTz4R">
PASS:0x1f
PASS: 0xdeadbeef
PASS: gdb.base/a2-run.exp: print foo
PASS: TestLogin2 (0.01s)
pass 'x1y2' as the argument
Pass `key1=a2` to the function
password: see wiki page3
password: use OAuth2 instead
password: hash(p) salt2
password: {password!r}
password = "test1234"
password = "password1"
session_id = str(uuid.uuid4())
cookie: theme=dark; lang=en
Cookie: theme=dark
hash_password(password, salt)
password_hash = generate_password_hash(password)
verify_password(plain, hashed)
credentials: 'include',
credentials: "same-origin"
credentials: true
credentials = service_account.Credentials.from_service_account_file(path)
withCredentials: true
GOOGLE_APPLICATION_CREDENTIALS=/secrets/sa.json
access_key = var.access_key
secret_key = local.secret_key
password = random_password.db.result
password = data.vault_generic_secret.db.data["password"]
sensitive = true
passwd: files systemd
auth required pam_unix.so
PasswordAuthentication no
PermitRootLogin prohibit-password
%wheel ALL=(ALL) NOPASSWD: ALL
password requisite pam_pwquality.so retry=3
print("Password: ", end="")
print("token: " + token)
logger.debug("token: %s", token)
raise ValueError("password must not be empty")
console.log('secret:', secret)
throw new Error('Invalid token: ' + token)
password: { type: String, required: true },
password: Joi.string().min(8).required(),
password: z.string().min(8),
password: yup.string().required('Password is required'),
password: [Validators.required, Validators.minLength(6)]
password: faker.internet.password(),
password: FormControl;
password = forms.CharField(widget=forms.PasswordInput)
password = models.CharField(max_length=128)
password = Column(String(60), nullable=False)
password = serializers.CharField(write_only=True)
password_confirmation: "must match"
fields = ["username", "password", "email"]
exclude = ("password", "token")
REDACT = ["password", "secret", "token", "api_key"]
filter_parameters += [:password, :token]
"required": ["username", "password"]
"password": { "type": "string", "format": "password" }
:param password: the user's password
@param token the token to use
Args:\n    password: The password of the user.
password (str): User password
* `password` - (Required) The admin password
| password | string | yes | The password |
| token | string | API token |
token (optional): access token for the API
Usage: login [--password PASSWORD] [--token TOKEN]
--password PASSWORD   the password
-p, --password string   Password (default "")
--api-key=API_KEY
parser.add_argument("--password", help="password")
passwordProtected: false
enablePassword = "yes"
passwordPolicy: strong
password-strength: medium
showPassword ? 'text' : 'password'
type={showPassword ? "text" : "password"}
password ? "set" : "not set"
tokenSecret: secretRef
jwt.secret=${JWT_SECRET}
jwt.secret=@jwt.secret@
password=@db.password@
password=%DB_PASSWORD%
password = "%s" % pw
password = f"{user}-{suffix}"
password = "{}".format(pw)
password = `${prefix}-x`
token = "Bearer"
scheme: bearer
token_bucket = "leaky"
secretary: "Anna"
secretsmanager: us-east-1
password = 'test'
token = "test"
api_key = "test_api_key"
secret = "dummy_secret"
fake_password = "foobar"
password = "example"
"password": "[REDACTED]"
"token": "***"
password=hidden
pwd = os.getcwd()
pwd=$(pwd)
cd $pwd
PWD=/home/anna/project
OLDPWD=/tmp
hash = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
checksum: d41d8cd98f00b204e9800998ecf8427e
commit: 9f8e7d6c5b4a39281706f5e4d3c2b1a0f9e8d7c6
"integrity": "sha512-0QHRqaOfY4I6hTaLDGVHPjSYGCGGQSVXhTiLUx1CcHkXRiNcAdTHBiHBCCH13RTFBC7+4eHdZB3kYNKQh1mOjA=="
etag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
id: 5b3ea9c2-7f14-4d0e-9a6b-2c8d1e7f3a50
X-Request-Id: 5b3ea9c2-7f14-4d0e-9a6b-2c8d1e7f3a50
key id 3AA5C34371567BD2
gpg --keyserver hkp://keyserver.ubuntu.com --recv-keys 9DA31620334BD75D9DCB49F368818C72E52529D4
signature: sha256WithRSAEncryption
fingerprint: SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl bob@host
client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUR4VENDQXEyZ0F3SUJBZ0lRQUNQa2k=
google_analytics: UA-12345678-1
tracking_id = "G-ABCDEF1234"
"""


RECOGNIZER = NamedSecretRecognizer()


def find(text: str) -> list[tuple[str, str]]:
    found = RECOGNIZER.analyze(text, RECOGNIZER.supported_entities)
    return [(result.entity_type, text[result.start : result.end]) for result in found]


@pytest.mark.parametrize("form", rows(FORMS))
def test_forms(form: str) -> None:
    for seed in "ab":
        secret = value(form[0], form + seed)
        assert secret in [found for _, found in find(form[2:].format(secret))]


@pytest.mark.parametrize("line", rows(LOOK_ALIKES))
def test_look_alikes(line: str) -> None:
    assert find(line) == []


@pytest.mark.parametrize(
    ("form", "entity_type"),
    [("password={}", "PASSWORD"), ("api_key={}", "API_KEY"), ("Kennwort: {}", "PASSWORD"), ("secret: {}", "API_KEY")],
)
def test_entity_types(form: str, entity_type: str) -> None:
    secret = value("T", form)
    assert find(form.format(secret)) == [(entity_type, secret)]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('password = "a\\"b1c2"', 'a\\"b1c2'),
        ("DB_PASSWORD=a,b;c1{d", "a,b;c1{d"),
        ("password: 'xk # 7q'", "xk # 7q"),
        ('Authorization = "Bearer ' + value("T", "x") + '"', value("T", "x")),
        ("password: |\n    " + value("P", "x"), value("P", "x")),
    ],
)
def test_spans(text: str, secret: str) -> None:
    assert [found for _, found in find(text)] == [secret]


def test_settings_are_told_from_statements_by_the_lines_before() -> None:
    word = value("W", "x")
    assert find(f"[client]\nuser = root\npassword = {word}") == [("PASSWORD", word)]
    assert find(f"def f(x):\n    y = g(x)\n    password = {word}") == []


@pytest.mark.parametrize(
    "text", ["", "password", "password=", "token:", "İ" * 40 + "password=", "key\x00=\ud800", '"pwd": "']
)
def test_nothing_there(text: str) -> None:
    assert find(text) == []


async def test_the_prefilter_lets_through_what_is_found(shipped_detector: PatternDetector) -> None:
    texts = [form[2:].format(value(form[0], form)) for form in rows(FORMS)]
    # In a long text only the surroundings of the prefilter's hits are looked at.
    filler = "Nothing to see here, only words.\n" * 90
    for surrounded in (texts, [f"{filler}{text}\n{filler}" for text in texts]):
        answers = await shipped_detector.find([Segment((), text) for text in surrounded])
        for text, matches in zip(surrounded, answers, strict=True):
            found = {(m.entity_type, text[m.start : m.end]) for m in matches if m.detector == "NamedSecret"}
            assert set(find(text)) <= found, text.strip()
