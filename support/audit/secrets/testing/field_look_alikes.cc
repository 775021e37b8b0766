#include "support/audit/secrets/testing/field_files.h"

namespace proving_ground {
namespace {

constexpr MarkedFile kFiles[] = {
    {"k8s/deployment.yaml", R"file(
kind: Deployment
metadata:
  uid: [[uuid]]
  labels: {pod-template-hash: [[hex12]], app.kubernetes.io/version: 4.2.0}
  annotations: {checksum/config: [[hex64]], kubectl.kubernetes.io/restartedAt: "2031-04-02T08:00:00Z"}
spec:
  template:
    spec:
      containers:
        - name: api
          image: registry.lab.internal/api@sha256:[[hex64]]
          env:
            - name: DB_PASSWORD
              valueFrom: {secretKeyRef: {name: db, key: password}}
            - name: TOKEN_URL
              value: https://auth.lab.internal/token
            - name: PASSWORD_FILE
              value: /run/secrets/db
            - name: COMMIT
              value: [[hex40]]
            - name: REQUEST_ID
              value: [[uuid]]
            - name: SECRET_NAME
              value: prod/lab/db
            - name: TOKEN_TTL
              value: "3600"
            - name: AUTH_MODE
              value: oauth2
            - name: API_KEY
              value: $(API_KEY)
            - name: KEY_PREFIX
              value: team:sales
            - name: NODE_TOKEN_ID
              value: worker-7
          volumeMounts:
            - {name: token, mountPath: /var/run/secrets/token}
)file"},
    {"compose.yaml", R"file(
services:
  db:
    image: postgres:16@sha256:[[hex64]]
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/pg
      POSTGRES_PASSWORD: ${PG_PASSWORD:?set it}
      PGPASSWORD: "${PG_PASSWORD}"
      PASSWORD_HASHER: argon2id
      SECRET_BACKEND: vault
      ACCESS_KEY_HEADER: X-Access-Key
      TOKEN_AUDIENCE: api://lab
      KEYCLOAK_REALM: lab
      SESSION_COOKIE_NAME: lab_sid
      MAX_TOKEN_LENGTH: "512"
      PRIVATE_KEY_PATH: /etc/lab/key.pem
      CSRF_TOKEN_HEADER: X-CSRF-Token
    command: ["--requirepass-file", "/run/secrets/redis", "--password-policy=strict"]
    secrets: [pg]
secrets:
  pg: {file: ./secrets/pg}
)file"},
    {".env.sample", R"file(
DB_PASSWORD=
API_KEY=your-api-key-here
JWT_SECRET=change_me_in_production
STRIPE_SECRET=sk_live_XXXXXXXXXXXXXXXXXXXXXXXX
GITHUB_TOKEN=<personal access token>
ADMIN_PASS=********
SMTP_PASSWORD=example
SESSION_KEY=generate-with-openssl-rand
MONGO_URL=mongodb://user:password@localhost:27017/app
REDIS_URL=redis://localhost:6379
SLACK_WEBHOOK=https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX
TELEGRAM_TOKEN=123456:TODO
# FTP_PASSWORD=see-the-handbook
)file"},
    {"package-lock.json", R"file(
{"packages": {"node_modules/token-types": {"version": "4.2.1",
 "resolved": "https://registry.npmjs.org/token-types/-/token-types-4.2.1.tgz",
 "integrity": "sha512-[[base64_64]]"},
 "node_modules/secret-stack": {"integrity": "sha1-[[base64_16]]="}}}
)file"},
    {"go.sum", R"file(
github.com/golang-jwt/jwt/v5 v5.2.1 h1:[[base64_32]]
github.com/zalando/go-keyring v0.2.5/go.mod h1:[[base64_32]]
)file"},
    {"poetry.lock", R"file(
[[ package ]]
name = "keyring"
version = "25.2.0"
files = [{file = "keyring-25.2.0.tar.gz", hash = "sha256:[[hex64]]"}]
[metadata]
content-hash = "[[hex64]]"
)file"},
    {"auth.py", R"file(
password = getpass.getpass("password: ")
token = request.headers.get("Authorization")
secret = os.environ["APP_SECRET"]
api_key: str = Field(..., min_length=32)
if password != user.password_hash: raise PermissionDenied("wrong password")
hashed_password = hash_password(password, salt=settings.salt)
session_token = secrets.token_urlsafe(32)
key = f"team:{team}:token"
def test_password_reset(client, token): ...
PASSWORD_RE = re.compile(r"^(?=.*[A-Z])(?=.*\d).{12,}$")
client_secret = config.get("oauth", "client_secret")
credentials = service_account.Credentials.from_service_account_file(path)
TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"
error = {"password": "must be at least 12 characters"}
self.token_bucket = TokenBucket(rate=100)
primary_key = True
)file"},
    {"auth.go", R"file(
password := os.Getenv("DB_PASSWORD")
var ErrInvalidToken = errors.New("invalid token")
const tokenHeader = "X-Auth-Token"
type Credentials struct { Password string `json:"password"` }
token, err := jwt.Parse(raw, keyFunc)
secretName := "lab-db-credentials"
publicKey := "[[base64_48]]"
cacheKey := "user:" + id + ":sessions"
)file"},
    {"app.js", R"file(
const token = req.headers['x-access-token'];
const password = document.querySelector('#password').value;
const apiKey = process.env.API_KEY;
labels: { password: 'Passwort', token: 'Zugangstoken' },
const keyCode = event.keyCode === 13;
const tokenUrl = `${issuer}/oauth/token`;
export const AUTH_TOKEN_KEY = 'authToken';
const hash = 'sha384-[[base64_48]]';
placeholder: "Enter your password",
)file"},
    {"main.tf", R"file(
password = var.db_password
secret_key = data.vault_generic_secret.aws.data["secret_key"]
token = module.auth.token
kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/[[uuid]]"
ami = "ami-0[[hex12]]"
key_name = "deploy"
secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:lab-db-AbCdEf"
)file"},
    {"playbook.yml", R"file(
- name: Set the password
  user: {name: lab, password: "{{ lab_password | password_hash('sha512') }}"}
- vars: {api_token: "{{ lookup('env', 'API_TOKEN') }}"}
- vars:
    db_password: !vault |
      $ANSIBLE_VAULT;1.1;AES256
      [[digits]][[digits]][[digits]][[digits]][[digits]][[digits]]
)file"},
    {"values.yaml", R"file(
auth: {existingSecret: lab-db, secretKeys: {adminPasswordKey: postgres-password}}
passwordUpdateJob: {enabled: false}
image: {digest: "sha256:[[hex64]]"}
tokenReview: {enabled: true}
)file"},
    {"sshd_config", R"file(
PasswordAuthentication no
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile .ssh/authorized_keys
)file"},
    {"known_hosts", R"file(
git.lab.internal ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[[alnum40]]abc
|1|[[base64_16]]|[[base64_16]] ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI[[alnum40]]
)file"},
    {"wg-public.conf", R"file(
[Peer]
PublicKey = [[wireguard]]
AllowedIPs = 10.8.0.0/24
)file"},
    {"cert.pem", R"file(
[[certificate]]
[[public_key]]
)file"},
    {"age-recipients.txt", R"file(
age1[[lower58]]
)file"},
    {"service.log", R"file(
2031-04-02T08:00:01Z INFO token refreshed for user=dana ttl=3600
2031-04-02T08:00:02Z WARN invalid password for user dana
2031-04-02T08:00:03Z INFO trace_id=[[hex32]] span=[[hex12]] key=cache:users:7
2031-04-02T08:00:04Z INFO Authorization: Bearer [REDACTED]
2031-04-02T08:00:05Z INFO password=*** api_key=<hidden>
2031-04-02T08:00:06Z DEBUG secret "lab-db" mounted at /run/secrets/db
2031-04-02T08:00:07Z INFO loaded signing key kid=[[uuid]] alg=ES256
2031-04-02T08:00:08Z INFO etag="[[hex32]]" digest=sha256:[[hex64]]
2031-04-02T08:00:09Z ERROR auth: password authentication failed for user "lab"
2031-04-02T08:00:10Z INFO idempotency_key=[[uuid]] tokens=1832 prompt_tokens=512
{"event":"denied","reason":"team","subject":"worker","token_id":"[[hex32]]","ip":"10.0.0.7"}
2031-04-02T08:00:10Z WARN denied token_id=[[alnum20]] tool=ledger_record
2031-04-02T08:00:11Z INFO GET /v1/tokens/[[uuid]] 200 cursor=[[alnum40]]
)file"},
    {"setup.sh", R"file(
read -r -s -p "password: " password
export PGPASSWORD="$(cat /run/secrets/pg)"
TOKEN=$(curl -s https://auth.lab.internal/token | jq -r .access_token)
curl -u "$USER:$PASSWORD" https://ci.lab.internal
docker login -u "$USER" --password-stdin < /run/secrets/registry
openssl rand -base64 32 > secrets/key
redis-cli -a "$(cat "$REDIS_PASSWORD_FILE")" ping
mysql -u root -p"$MYSQL_ROOT_PASSWORD" -e 'select 1'
PASSWORD_LENGTH=24
kubectl create secret generic db --from-file=password=./secrets/db
git config credential.helper store
ssh-keygen -t ed25519 -f key -N ""
vault kv get -field=password secret/lab/db
)file"},
    {"schema.sql", R"file(
CREATE TABLE users (id serial PRIMARY KEY, password varchar(255) NOT NULL, token uuid);
ALTER TABLE sessions ADD COLUMN secret_key text;
UPDATE users SET password = $1 WHERE id = $2;
SELECT password_hash, api_key FROM accounts WHERE token = ?;
CREATE USER app IDENTIFIED BY :password;
COMMENT ON COLUMN users.password IS 'argon2id, see docs';
)file"},
    {"openapi.json", R"file(
{"securitySchemes": {"apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"}},
 "properties": {"password": {"type": "string", "format": "password"}, "token": {"type": "string", "example": "string"}},
 "x-request-id": "[[uuid]]", "nextToken": null, "pageToken": "", "publicKey": "[[base64_48]]"}
)file"},
    {"README.md", R"file(
Set `DB_PASSWORD` in `.env`, e.g. `DB_PASSWORD=<your password>`.
The token: see https://docs.lab.internal/auth#token. Password: ask the team.
Run `curl -H "Authorization: Bearer $TOKEN" https://api.lab.internal/v1`.
The default password is set on first start; key rotation: every 90 days.
)file"},
    {"translations.properties", R"file(
login.password=Password
login.password.error=The password is wrong
token.expired=Your token has expired
field.secret.label=Shared secret
password.rules=At least 12 characters, one digit
)file"},
    {"index.html", R"file(
<input type="password" name="password" autocomplete="current-password">
<script src="/app.[[hex12]].js" integrity="sha384-[[base64_48]]" crossorigin></script>
<meta name="csrf-param" content="authenticity_token">
<label for="token">API token:</label>
)file"},
    {"labels.env", R"file(
com.docker.compose.config-hash=[[hex64]]
org.opencontainers.image.revision=[[hex40]]
BUILD_ID=[[alnum20]]
MACHINE_ID=[[hex32]]
CLUSTER_ID=[[uuid]]
)file"},
};

}  // namespace

std::vector<MarkedFile> FieldLookAlikes() { return {std::begin(kFiles), std::end(kFiles)}; }

}  // namespace proving_ground
