"""Command lines, calls, headers and directives with a secret in them, through all shipped recognizers.

A form starts with the kind of its value (see `secrets_drawn.value`), which stands for `{}` in it.
"""

from tests.detectors.secrets_drawn import rows, value

from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.model import DataClass, Segment

COMMANDS = r"""
P mysqli_connect("localhost", "root", "{}", "shop");
P curl -u admin:{} https://h.example/
P curl --user 'admin:{}' https://h.example/
P mysql -u root -p{} shop
P mysqldump -uroot -p'{}' shop > x.sql
P PGPASSWORD={} psql -h db
P sshpass -p {} ssh root@h
P sshpass -p '{}' ssh root@h
P psexec \\srv -u admin -p {} cmd
P net use Z: \\srv\share {} /user:CORP\bob
P net use Z: \\srv\share /user:CORP\bob {}
P redis-cli -h cache -a {} ping
P docker login -u bob -p {} registry.example
P echo "{}" | docker login -u bob --password-stdin
P echo '{}' | sudo -S apt update
P printf '{}' | sudo -S -v
W htpasswd -b -c /etc/nginx/users anna {}
P htpasswd -bc /etc/nginx/users anna {}
P db.auth("anna", "{}")
P DriverManager.getConnection("jdbc:mysql://localhost/" + name, "root", "{}")
P openssl pkcs12 -in a.p12 -passin pass:{} -out b.pem
P openssl enc -aes-256-cbc -in a -out b -k {}
P sqlplus anna/{}
P rdesktop -u anna -p {} host1
P rar a -hp{} a.rar b
P http -a anna:{} https://h.example/
P reg add "HKLM\SOFTWARE\x" /v DefaultPassword /t REG_SZ /d {} /f
P page.locator("#password").fill("{}")
P driver.findElement(By.id("passwd")).sendKeys("{}");
P host root:{}@10.1.2.3
P psswd: {}
P pwrd={}
P pass_word = "{}"
P the network key is {}
P the WPA2 key is {}
T hmac.new(b"{}", x)
T createHmac("sha256", "{}")
P keytool -genkey -storepass {} -keypass x
P mongo -u admin -p {} --authenticationDatabase admin
P az login -u bob@corp.example -p {}
P cmd --password {} --verbose
P cmd --password={}
P cmd --db-password '{}'
P wget --user=bob --password={} http://x
P smbclient //srv/share -U 'bob%{}'
P echo '{}' | kinit bob@CORP.EXAMPLE
P ldapsearch -x -D "cn=admin,dc=x" -w {} -b dc=x
P ldapwhoami -D cn=admin -w '{}'
P zip -P {} a.zip a
P unzip -P {} a.zip
P 7z x -p{} a.7z
P xfreerdp /u:bob /p:{} /v:srv
P rabbitmqctl add_user bob {}
P htpasswd -b .htpasswd bob {}
P useradd -p {} bob
P echo "bob:{}" | chpasswd
P net user bob {} /add
P sqlcmd -S srv -U sa -P {} -Q "select 1"
P sqlplus scott/{}@orcl
P exp system/{}@prod
P cassandra-cli -u cassandra -pw {}
P plink -pw {} root@h
P lftp -u bob,{} sftp://h
P svn co --username bob --password {} http://x
P isql -U sa -P {} -S srv
P bcp db.dbo.t out f -U sa -P {} -S srv
T curl -H "X-Auth-Token: {}" https://x
T --token {}
T --api-key={}
T tool login --token={}
"""

OTHERS = r"""
P setx DB_PASSWORD "{}"
P ENV MYSQL_ROOT_PASSWORD {}
P CREATE USER bob IDENTIFIED BY '{}';
W CREATE USER bob IDENTIFIED BY {};
P GRANT ALL ON db.* TO 'app'@'%' IDENTIFIED BY '{}';
P auth=("admin", "{}")
P auth = HTTPBasicAuth('admin', '{}')
P requests.get(url, auth=('bob', '{}'))
P new NetworkCredential("svc", "{}")
P new PDO('mysql:host=localhost', 'root', '{}');
P DriverManager.getConnection(url, "root", "{}");
P smtp.login("bob@corp.example", "{}")
P smtp.PlainAuth("", "bob", "{}", host)
P .authenticate("bob", "{}")
P requirepass {}
W requirepass {}
P masterauth {}
P bindpw {}
P smtp_password = {}
P ftp://bob:{}@h.example/x
T Authorization: Bearer {}
T "Authorization": "Bearer {}"
T headers = {{'Authorization': 'Token {}'}}
T .header("Authorization", "Bearer {}")
T Cookie: sessionid={}; theme=dark
T Set-Cookie: PHPSESSID={}; path=/
T set-cookie: connect.sid={}; HttpOnly
T JSESSIONID={}
N pin = "{}"
N PIN: {}
"""

CONNECTIONS = r"""
P postgres://ana:{}@db.test:5432/app
P postgresql+asyncpg://ana:{}@db.test/app
P mysql2://ana:{}@db.test/app
W mysql://root:{}@localhost/app
P mongodb+srv://ana:{}@c0.abcd.mongodb.test/db?retryWrites=true
P redis://:{}@cache.test:6379/0
P rediss://default:{}@cache.test:6380
P amqp://ana:{}@mq.test:5672/vhost
P mssql+pyodbc://sa:{}@sql.test/app?driver=ODBC+Driver+17
P oracle+cx_oracle://ana:{}@ora.test:1521/?service_name=x
P clickhouse://ana:{}@ch.test:9000/db
P snowflake://ana:{}@acct/db/schema
P ldap://cn=admin:{}@ldap.test
P smtp://ana:{}@mail.test:587
P sftp://ana:{}@files.test/in
P s3://ana:{}@bucket
P https://ana:{}@git.test/r.git
P http://proxyuser:{}@proxy.test:3128
P jdbc:postgresql://db.test/app?user=ana&password={}
P jdbc:sqlserver://sql.test;databaseName=app;user=sa;password={};encrypt=true
P jdbc:oracle:thin:ana/{}@ora.test:1521:orcl
P Server=tcp:sql.test,1433;Database=app;User ID=sa;Password={};Encrypt=True;
P Data Source=sql.test;Initial Catalog=app;User Id=sa;Pwd={}
P Driver={{ODBC Driver 17 for SQL Server}};Server=sql.test;UID=sa;PWD={};
P "Host=db.test;Username=ana;Password={};Database=app"
P host=db.test port=5432 user=ana password={} dbname=app
P cache.test:6380,password={},ssl=True,abortConnect=False
T DefaultEndpointsProtocol=https;AccountName=ana;AccountKey={}==;EndpointSuffix=core.windows.net
T Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={}=
P db, err := sql.Open("mysql", "ana:{}@tcp(db.test:3306)/app")
P machine api.test login ana password {}
P db.test:5432:app:ana:{}
P //registry.test/:_password="{}"
P [pypi]\nusername = ana\npassword = {}
P <server><id>x</id><username>ana</username><password>{}</password></server>
P <add key="ClearTextPassword" value="{}" />
P username ana privilege 15 secret 0 {}
P enable secret 0 {}
P snmp-server community {} RO
P set psksecret {}
P [smtp.test.example]:587 ana:{}
"""

QUIET = r"""
await login({username: loginForm.username, password: loginForm.password})
new LoginDto {Email = model.Email, Password = model.Password};
data: {'email': emailController.text, 'password': passwordController.text});
SecureField("Password", text: $viewModel.password)
LoginBody(email = emailState.value,\n password = passwordState.value))
fetch(url, {headers: {token: auth.token2}, password: user.pw2})
return Ok(new { token = result.Token1, password = result.Password});
const user = new User({name: req.body.name, password: hashedPassword})
auth.signIn(email: email.text, password: password.text)
db.Connect(user: cfg.User, pass: cfg.Pass1)
'password' => Hash::make($request->password),
'password' => bcrypt($data['password']),
Password::min(12)->mixedCase()],
c->password = g_strdup(data->password);
opts.password = xstrdup(optarg);
$pw = Read-Host -Prompt "Password" -AsSecureString
-AccountPassword (ConvertTo-SecureString $pw -AsPlainText -Force)
export function pbkdf2(password: Uint8Array, salt: Uint8Array): Promise<Uint8Array>;
def login(user: str, password: Optional[str] = None) -> Token2:
msbuild Shop.sln /t:Rebuild /p:Configuration=Release /m
devenv /p:Version=1.2.3 x
echo -n "$password" | md5sum
echo "$PASSWORD" | docker login -u x --password-stdin
echo "${PASSWORD}" | openssl passwd -6 -stdin
passwd:         files systemd
passwd: files ldap\ngroup: files ldap\nshadow: files
passwd:    db files nis
shadow_pass: cascaded
first_pass: greedy
render_pass: opaque
pass "file /etc/x1 exists";
you can pass `{"50256": -100}` to prevent the <|endoftext|> token
you can pass `--foo=bar1` to keep it
update_password: always
api_key: os.environ/AZURE_API_KEY_2
postgres://<user>:<password>@db1.host/x
[12] password:\n[13] password:
password=Salasana
password=Passwort
password=Wachtwoord
password=Contraseña
const payload = {user: this.user.name, pass: this.user.secretWord});
await prisma.user.create({data: {email: dto.email, password: hash}});
UserDto(name: nameCtrl.text, password: pwCtrl.text.trim()));
Credentials(user = creds.user, password = creds.passwordHash))
return &Config{Host: c.Host, Password: c.Password2}, nil
'password' => Crypt::encryptString($data->password),
strcpy(conf.password, optarg);
password = SecureRandom.hex(16);
password: BCrypt::Password.create(params[:password]),
token: localStorage.getItem("token2"),
apiKey: config.services.openai.apiKey2});
val password: CharArray, val salt: ByteArray
fn login(password: Utf8String, user: Uuid) -> Result<Token>
MSBuild.exe a.sln /p:VisualStudioVersion=17.0 /p:PlatformToolset=v143
echo "$SECRET_KEY" | openssl dgst -sha512
geometry_pass: deferred
build_pass: skipped
Pass along: eth1 traffic
You can also pass "num_workers=4" here
ok pass "can open file2";
generate_password: on_first
reset_password: by_admin
token: vault/SECRET_2_NAME
[22:01] Enter your password:\n[22:02] Login ok
senha=Contrasena
login.password=Hasło
password: passwordController.text}
SecureField("Passwort", text: $model.password2)
'password' => Hash::make($request->input('password')),
pbkdf2(password: Uint8Array, salt: Uint8Array, c: number)
msbuild /p:Platform="Any CPU" /p:DeployOnBuild=true /p:PublishProfile=Prod1
echo -n "$password" | sha256sum
printf '%s' "$api_key" | sha256sum
passwd:         files
passwd:         sss files
on_pass: deploy
update_password: on_create
api_key: os.environ/E2B_API_KEY
master_key: os.environ/LITELLM_MASTER_KEY
sqlpackage /a:Publish /p:CommandTimeout=1200 /p:DropObjectsNotInSource=True
group: files\npasswd: files sss\nshadow: files sss
- user:\n    name: x\n    update_password: on_create
curl -u ana https://h.test:8443/x
mysql -u root -p
ssh -p 2222 root@h.test
docker run -p 8080:80 nginx
psql -h db -p 5432 -U app
redis-cli -h cache -p 6379
openssl req -passin env:PASS
gpg --passphrase-file /run/p
postgres://localhost/app
postgres://ana@db.test/app
mongodb://user:<password>@db.test/app
redis://cache:6379/0
Server=sql.test;Database=app;Integrated Security=true;
Server=sql.test;Password=$(DB_PASSWORD);
https://host.test:8080/a@b
https://mail.test/?to=ana@firma.example:80
enable password
username required
Set-Cookie: theme=dark; Path=/
Authorization: Bearer <token>
Authorization: Basic
net user
zip -r out.zip src
echo "done" | tee log
"""


async def credentials(detector: PatternDetector, texts: list[str]) -> list[list[str]]:
    answers = await detector.find([Segment((), text) for text in texts])
    return [
        [text[m.start : m.end] for m in matches if m.data_class is DataClass.CREDENTIALS]
        for text, matches in zip(texts, answers, strict=True)
    ]


async def test_forms(shipped_detector: PatternDetector) -> None:
    forms = rows(COMMANDS) + rows(OTHERS) + rows(CONNECTIONS)
    secrets = [value(form[0], form) for form in forms]
    texts = [form[2:].format(secret) for form, secret in zip(forms, secrets, strict=True)]
    found = await credentials(shipped_detector, texts)
    assert [t for t, s, f in zip(texts, secrets, found, strict=True) if not any(s in span for span in f)] == []


async def test_quiet(shipped_detector: PatternDetector) -> None:
    lines = rows(QUIET)
    found = await credentials(shipped_detector, lines)
    assert [(line, spans) for line, spans in zip(lines, found, strict=True) if spans] == []


async def test_connection_strings_leave_the_host_readable(shipped_detector: PatternDetector) -> None:
    secret = value("P", "x")
    (spans,) = await credentials(shipped_detector, [f"postgres://ana:{secret}@db.test:5432/app"])
    assert set(spans) == {secret}
