#include "support/audit/secrets/testing/marked_text.h"

namespace proving_ground {
namespace {

constexpr MarkedFile kFiles[] = {
    {"compose.yaml", R"file(
name: shop
services:
  db:
    image: postgres:16-alpine@sha256:[[hex64]]
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
      POSTGRES_USER: shop
    secrets: [db_password]
    labels:
      com.docker.compose.config-hash: [[hex64]]
      org.opencontainers.image.revision: [[hex40]]
      acceptance.role: store
  api:
    image: shop/api:${TAG:-latest}
    environment:
      DATABASE_URL: postgres://shop:${DB_PASSWORD}@db/shop
      API_TOKEN: ${API_TOKEN}
      SESSION_SECRET: "${SESSION_SECRET:?}"
      OIDC_CLIENT_ID: [[uuid]]
      TOKEN_ENDPOINT: https://auth.internal/oauth/token
      JWT_PUBLIC_KEY: "[[base64_48]]"
      JWT_ISSUER: https://auth.internal
      PASSWORD_MIN_LENGTH: "12"
      MAX_TOKENS: "4096"
      SECRET_STORE: vault
      KEY_PREFIX: team:sales
    command: [serve, --token-file=/run/secrets/token, --redis-password-file=/run/secrets/redis]
    healthcheck:
      test: ["CMD-SHELL", "redis-cli -a $$(cat /run/secrets/redis) ping"]
secrets:
  db_password: { file: ./secrets/db_password }
  token: { environment: API_TOKEN }
)file"},
    {".env.example", R"file(
DB_PASSWORD=changeme
API_TOKEN=<your-api-token>
SESSION_SECRET=replace-with-a-long-random-string
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
SMTP_PASSWORD=
OPENAI_API_KEY=sk-...
JWT_SECRET=your_jwt_secret_here
REDIS_URL=redis://:password@localhost:6379
ADMIN_PASSWORD=********
STRIPE_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx
GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
)file"},
    {"tls.pem", R"file(
[[certificate]]
[[public_key]]
)file"},
    {"authorized_keys", R"file(
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[[alnum40]]abc ops@shop
ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ[[base64_long]] deploy@ci
)file"},
    {"SHA256SUMS", R"file(
[[hex64]]  shop-2.4.1.tar.gz
[[hex64]]  shop-2.4.1.tar.gz.asc
[[hex32]] *key.bin
)file"},
    {"package-lock.json", R"file(
{
  "name": "shop", "lockfileVersion": 3,
  "packages": {
    "node_modules/jsonwebtoken": {
      "version": "9.0.2",
      "resolved": "https://registry.npmjs.org/jsonwebtoken/-/jsonwebtoken-9.0.2.tgz",
      "integrity": "sha512-[[base64_48]]=="
    },
    "node_modules/js-tokens": { "integrity": "sha512-[[base64_48]]", "license": "MIT" },
    "node_modules/keyv": { "integrity": "sha512-[[base64_48]]" }
  }
}
)file"},
    {"go.sum", R"file(
github.com/golang-jwt/jwt/v5 v5.2.1 h1:[[base64_32]]
github.com/99designs/keyring v1.2.2/go.mod h1:[[base64_32]]
)file"},
    {"page.html", R"file(
<form method="post" action="/login">
  <input type="hidden" name="csrf_token" value="{{ csrf_token }}">
  <label for="password">Password</label>
  <input type="password" id="password" name="password" placeholder="Your password" autocomplete="current-password">
  <a href="/forgot-password">Forgot password?</a>
  <img src="data:image/png;base64,[[base64_long]]">
  <script src="/app.js" integrity="sha384-[[base64_48]]" crossorigin="anonymous"></script>
</form>
)file"},
    {"logo.svg", R"file(
<svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/png;base64,[[base64_long]]"/></svg>
)file"},
    {"values.yaml", R"file(
image:
  repository: shop/api
  digest: sha256:[[hex64]]
auth:
  existingSecret: shop-auth
  existingSecretPasswordKey: postgres-password
  password: ""
  secretName: "{{ .Release.Name }}-auth"
ingress:
  tls:
    - secretName: shop-tls
serviceAccount:
  automountServiceAccountToken: false
externalSecrets:
  refreshInterval: 1h
  remoteRef: { key: prod/shop/db, property: password }
)file"},
    {"openapi.yaml", R"file(
components:
  securitySchemes:
    apiKey: { type: apiKey, in: header, name: X-API-Key }
    bearer: { type: http, scheme: bearer, bearerFormat: JWT }
  schemas:
    Login:
      required: [username, password]
      properties:
        password: { type: string, format: password, minLength: 12, example: "string" }
        token: { type: string, description: Token that the client sends back }
        refreshToken:
          type: string
          nullable: true
)file"},
    {"sealed-secret.yaml", R"file(
kind: SealedSecret
spec:
  encryptedData:
    password: AgB[[base64_long]]
)file"},
    {"vars.yml", R"file(
db_password: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  [[hex64]]
api_token: "{{ lookup('env', 'API_TOKEN') }}"
smtp_password: "{{ vault_smtp_password }}"
)file"},
    {"secrets.enc.yaml", R"file(
password: ENC[AES256_GCM,data:[[base64_16]],iv:[[base64_32]],tag:[[base64_16]],type:str]
sops:
  kms: []
  lastmodified: "2031-04-02T08:15:11Z"
)file"},
    {"redis.conf", R"file(
# requirepass foobared
# masterauth <master-password>
aclfile /run/secrets/users.acl
protected-mode yes
tls-key-file /run/secrets/redis.key
)file"},
    {"users.acl.template", R"file(
user default reset off ~* &* +@all
user {team} reset on #{hash:{team}} ~team:{team}:* &team:{team}:* +@string -@admin
user monitor reset on #{hash:monitor} +auth +hello +ping
)file"},
    {"nginx.conf", R"file(
upstream api { server api:8080; keepalive 16; }
server {
  ssl_certificate_key /etc/nginx/tls/key.pem;
  proxy_set_header Authorization $http_authorization;
  proxy_set_header X-Api-Key $api_key;
  proxy_pass http://api;
  auth_request /token/validate;
  add_header Set-Cookie "session=$cookie_session; Secure";
}
)file"},
    {"entrypoint.sh", R"file(
#!/bin/sh
set -eu
DB_PASSWORD="$(cat "$DB_PASSWORD_FILE")"
export DB_PASSWORD
token=$(openssl rand -hex 32)
password="${1:?usage: $0 PASSWORD}"
read -r -s -p "Password: " password
: "${API_TOKEN:?API_TOKEN must be set}"
psql "postgres://shop:$DB_PASSWORD@db/shop"
mysql -u root -p"$MYSQL_ROOT_PASSWORD" -e 'select 1'
curl -H "Authorization: Bearer $token" -u "$user:$password" https://api.internal/
redis-cli -a "$REDIS_PASSWORD" ping
case $1 in --password) shift; password=$1 ;; --token=*) token=${1#*=} ;; esac
echo "the password has [[digits]] characters; secret: none"
docker run -p 127.0.0.1:8080:80 -v /etc/ssl:/etc/ssl:ro --secret id=token shop/api
openssl pkey -in key.pem -pubout -passin file:/run/secrets/pass
)file"},
    {"auth.ts", R"file(
export interface Login { username: string; password: string; token?: string }
const password = req.body.password;
const token = await getToken(user, password);
const { apiKey, clientSecret } = config.auth;
export const TOKEN_KEY = 'auth_token';
const passwordRegex = /^(?=.*[A-Z])(?=.*\d).{12,}$/;
localStorage.setItem('access_token', response.data.accessToken);
if (!password) throw new Error("password is required");
const labels = { password: 'Password', passwordHint: 'At least 12 characters' };
headers: { Authorization: `Bearer ${token}`, 'X-CSRF-Token': csrfToken },
type Secret = { name: string; key: string };
this.password = password; this.secret = options.secret;
)file"},
    {"auth.py", R"file(
def login(username: str, password: str, token: Optional[str] = None) -> Session:
    if not check_password(password, user.password_hash):
        raise AuthError("wrong password")
    secret = read_secret("/run/secrets/signing")
    token = jwt.encode({"sub": user.id}, secret, algorithm="HS256")
    api_key = request.headers.get("X-API-Key")
    password = getpass.getpass("Password: ")
    key = f"team:{team}:task:{task}"
    self._token = None
    return Session(token=token, key=key, password=None)
parser.add_argument("--password", help="password of the account", default=None)
parser.add_argument("--api-key", metavar="KEY", required=True)
TOKEN_PATTERN = re.compile(r"^[A-Za-z0-9_-]{40}$")
)file"},
    {"token.cc", R"file(
// The token is read from a file: a password on the command line shows in the process list.
const std::string token = ReadFile(options.token_file);
options.password = running.Secret(secret);
if (password.empty()) throw UsageError("there is no password", "give --password-file");
request.headers["Authorization"] = "Bearer " + token;
constexpr std::string_view kKeyPrefix = "team:{team}:";
EXPECT_EQ(Describe(token), "token, 40 bytes");
AddField("password_secret", contract.password_secret);
)file"},
    {"README.md", R"file(
# Shop

Set `DB_PASSWORD` and `API_TOKEN` in `.env`; the token is 40 characters long. The password must be changed
after the first login. Connect with `psql postgres://user:password@host/db`, or pass `--password=<password>`.

| Variable | Default | Meaning |
|---|---|---|
| `SESSION_SECRET` | none | key that signs sessions |
| `TOKEN_TTL` | `15m` | lifetime of a token |

    curl -H "Authorization: Bearer $TOKEN" https://api.example.com/v1/jobs
    mysql -u root -p
    export API_KEY=your-api-key
)file"},
    {"messages_de.properties", R"file(
login.password=Passwort
login.password.hint=Mindestens zwölf Zeichen
login.forgotPassword=Passwort vergessen?
error.token=Das Token ist abgelaufen
error.password.short=Das Passwort ist zu kurz
menu.apiKeys=API-Schlüssel
)file"},
    {"schema.sql", R"file(
CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  password_hash varchar(255) NOT NULL,
  api_key_id text, reset_token text, token_expires_at timestamptz
);
CREATE INDEX users_token_idx ON users (reset_token);
ALTER USER shop WITH PASSWORD :'password';
)file"},
    {"dashboard.json", R"file(
{
  "uid": "[[alnum12]]", "title": "Tokens and keys",
  "panels": [ { "id": 4, "targets": [ { "expr": "rate(auth_token_requests_total{key=\"cache\"}[5m])" } ],
    "fieldConfig": { "overrides": [], "defaults": { "unit": "short" } } } ],
  "templating": { "list": [ { "name": "secret_engine", "query": "label_values(vault_secret, engine)" } ] }
}
)file"},
    {"gateway.log", R"file(
2031-04-02T08:15:11.314Z INFO gateway listening on :8080, key file /run/secrets/token-public-key.pem
{"ts":"2031-04-02T08:15:12Z","event":"denied","team":"sales","tool":"ledger_record","reason":"unknown tool","key":"team:sales:audit:[[uuid]]"}
{"ts":"2031-04-02T08:15:12Z","event":"token_rejected","reason":"expired","kid":"[[hex32]]","jti":"[[uuid]]"}
level=warn msg="authentication failed" user=eve reason="invalid password" token=expired
WRONGPASS invalid username-password pair or user is disabled.
NOAUTH Authentication required. password: (empty)
FATAL: password authentication failed for user "shop"
GET /v1/items?page_token=[[alnum40]]&limit=50 200 key=items:[[digits]]
traceparent=00-[[hex32]]-[[hex12]]abcd-01 span=[[hex12]]
usage prompt_tokens=812 completion_tokens=96 total_tokens=908
Pulled image shop/api@sha256:[[hex64]] in 2.1s
container [[hex64]] started, network [[hex64]]
password=*** token=[REDACTED] secret=<hidden> api_key=xxxxxxxxxxxx
Loaded 12 keys, 3 tokens and 1 secret from /run/secrets
commit [[hex40]] Add token rotation and password policy
Warning: Using a password on the command line interface can be insecure.
session [[uuid]] opened for user ops(uid=1000)
etag: W/"[[hex32]]" x-request-id: [[uuid]]
)file"},
    {"postgres.log", R"file(
LOG:  connection authenticated: identity="shop" method=scram-sha-256
DETAIL:  Role "eve" does not exist. Connection matched pg_hba.conf line 100: "host all all all scram-sha-256"
STATEMENT:  ALTER USER shop WITH PASSWORD '********'
LOG:  checkpoint complete: wrote 42 buffers; key hits 99.7 %
)file"},
    {"commands.txt", R"file(
docker run -d --env-file .env -p 8080:80 shop/api:2
docker login -u ci --password-stdin registry.internal < token
psql -h db -U shop -W shop
ssh -i ~/.ssh/id_ed25519 ops@db.internal
redis-cli --user monitor --pass "$PASS" ping
kubectl create secret generic api --from-file=token=./token
curl -u "$USER:$PASS" https://files.internal/[[hex40]]
vault kv get -field=password secret/shop
worker --team=sales --token-file=/run/secrets/token-sales --gateway=http://gateway:8080/mcp
coordinator --redis-user=sales --redis-password-file=/run/secrets/redis-sales
mkdir -p /srv/app && cp -p key.pub /srv/app
mysqldump --defaults-extra-file=/root/.my.cnf shop
gpg --verify release.asc --keyserver hkps://keys.openpgp.org --recv-keys [[hex40]]
sops -d secrets.enc.yaml
)file"},
    {"Dockerfile", R"file(
# syntax=docker/dockerfile:1
FROM node:22.2-alpine@sha256:[[hex64]]
ARG NPM_TOKEN
ENV NODE_ENV=production TOKEN_FILE=/run/secrets/token
RUN --mount=type=secret,id=npm_token NPM_TOKEN=$(cat /run/secrets/npm_token) npm ci
COPY --chown=10001 keys/public.pem /etc/shop/
ADD --checksum=sha256:[[hex64]] https://example.org/x.tgz /x.tgz
LABEL org.opencontainers.image.revision=[[hex40]]
)file"},
    {"config.json", R"file(
{
  "auth": { "token_secret": "token-{team}", "password_secret": "redis-monitor", "type": "basic" },
  "keys": ["id", "name"], "primaryKey": "id", "partition_key": "tenant_id",
  "secret_ref": "prod/shop/db", "api_key": null, "password": "", "token": "${TOKEN}",
  "client_id": "[[uuid]]", "trace_id": "[[hex32]]", "version": "[[hex40]]"
}
)file"},
    {"policy.hcl", R"file(
path "secret/data/shop/*" { capabilities = ["read"] }
resource "random_password" "db" { length = 32 }
resource "aws_secretsmanager_secret" "db" { name = "shop/db/password" }
output "db_password" { value = random_password.db.result
  sensitive = true }
password = data.vault_generic_secret.db.data["password"]
)file"},
};

}  // namespace

std::vector<WholeFile> MakeHarmlessFiles(uint32_t seed) {
  RandomText random(seed);
  return FillAll({std::begin(kFiles), std::end(kFiles)}, random);
}

}  // namespace proving_ground
