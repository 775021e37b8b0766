#include "support/audit/secrets/testing/files_with_secrets.h"

namespace proving_ground {
namespace {

constexpr MarkedFile kScripts[] = {
    {"Dockerfile", R"file(
FROM debian:12.5-slim@sha256:[[hex64]]
ARG PIP_INDEX_URL=https://ci:[[+alnum20]]@pypi.shop.internal/simple
ENV DB_PASSWORD=[[+chosen]] \
    LOG_LEVEL=info \
    API_TOKEN="[[+hex40]]"
ENV ROOT_PASSWORD [[+alnum12]]
RUN echo "root:[[+alnum12]]" | chpasswd \
 && useradd -m -p '[[+sha512crypt]]' ops
RUN curl -fsSL -H "Authorization: token [[+github]]" https://api.github.com/repos/shop/app/tarball
RUN echo "[[hex64]]  app.tar.gz" | sha256sum -c
HEALTHCHECK CMD mysqladmin ping -uroot -p[[+alnum12]]
USER 10001
)file"},
    {"backup.sh", R"file(
#!/bin/bash
set -euo pipefail
DB_PASS='[[+chosen]]'
API_KEY=[[+alnum40]]
PASSPHRASE="[[+=correct horse battery 9]]"
TOKEN=$(curl -s -d "username=ops&password=[[+alnum12]]" https://auth.internal/token | jq -r .token)
password="$1"
secret_name=shop-db
mysqldump -h db -u backup -p"$DB_PASS" shop | gzip > /backup/shop.sql.gz
PGPASSWORD=[[+phrase]] pg_dump -h db -U shop shop
mysql -uroot -p[[+alnum12]] -e 'show databases'
redis-cli -h cache -a "[[+alnum20]]" --no-auth-warning BGSAVE
curl -u backup:[[+alnum12]] -T /backup/shop.sql.gz https://files.internal/
curl -H 'X-Vault-Token: [[+=hvs.CAESIPm3Kd8vQz1xWc6JtYb0RnLs4HgUe7oAfTiXyMkDpVqN]]' "$VAULT_ADDR/v1/secret"
openssl enc -aes-256-cbc -salt -in a -out b -pass pass:[[+chosen]]
sshpass -p [[+alnum12]] ssh ops@db.internal uptime
echo '[[+alnum12]]' | sudo -S systemctl restart shop
gpg --batch --yes --passphrase [[+phrase]] -c /backup/shop.sql.gz
mc alias set store https://minio.internal AKSHOP01 [[+alnum40]]
export VAULT_TOKEN="$(cat /run/secrets/vault)"
if [[ -z "${API_TOKEN:-}" ]]; then echo "API_TOKEN is not set"; exit 1; fi
wget --user=ops --password=[[+chosen]] https://files.internal/x.tgz
ldapsearch -x -D cn=admin -w [[+alnum12]] -b dc=shop
aws configure set aws_secret_access_key [[+alnum40]]
)file"},
    {"commands.txt", R"file(
docker run -d --name db -e MYSQL_ROOT_PASSWORD=[[+chosen]] -p 3306:3306 mysql:8.4
docker run -e "API_KEY=[[+alnum40]]" -e MODE=fast shop/api:2
psql "postgresql://shop:[[+alnum12]]@db/shop" -c 'select 1'
psql "host=db user=shop password=[[+alnum12]] dbname=shop"
java -Djavax.net.ssl.keyStorePassword=[[+=kettle-drum]] -jar app.jar
keytool -genkey -alias shop -storepass [[+chosen]] -keystore shop.jks
mongosh --host db -u root -p [[+alnum20]] --authenticationDatabase admin
mongodump --uri="mongodb://root:[[+alnum12]]@db:27017/shop"
git clone https://[[+github]]@github.com/shop/app.git
ansible-playbook site.yml -e "db_password=[[+chosen]]"
az storage blob list --account-name shop --account-key [[+base64_48]]
influx -username admin -password [[+alnum12]] -execute 'show databases'
consul kv get -token=[[+uuid]] config/shop
vault login [[+=hvs.CAESIZq9Wm2NxLk7RtVb5YcPj0HsGd3FuEo8TaXiQyMnKvJl]]
celery -A shop --broker=amqp://guest:[[+alnum12]]@mq// worker
htpasswd -bc /etc/nginx/htpasswd ops [[+chosen]]
http --auth ops:[[+alnum12]] GET https://api.internal/v1/jobs
curl -X POST -d '{"user":"ops","password":"[[+chosen]]"}' https://api.internal/login
curl "https://api.internal/v1/jobs?api_key=[[+alnum40]]&limit=10"
smbclient //nas/backup -U backup%[[+alnum12]]
ssh -i ~/.ssh/id_ed25519 -p 2222 ops@db.internal
tar --exclude=node_modules -czf app.tgz .
kubectl get secret shop-db -o jsonpath='{.data.password}'
npm config set //npm.internal/:_authToken [[+npm]]
mysqladmin -u root password '[[+alnum12]]'
ffmpeg -i rtsp://cam:[[+alnum12]]@10.0.0.9:554/stream -t 10 out.mp4
)file"},
    {"shop.service", R"file(
[Unit]
Description=Shop
[Service]
Environment=DB_PASSWORD=[[+chosen]]
Environment="API_TOKEN=[[+hex40]]" "MODE=fast"
EnvironmentFile=/etc/shop/env
ExecStart=/usr/bin/shop --redis-password=[[+alnum12]] --port=8080
)file"},
    {"crontab", R"file(
MAILTO=ops@shop.internal
0 3 * * * PGPASSWORD=[[+alnum12]] pg_dump shop > /backup/shop.sql
*/5 * * * * curl -s https://hc.internal/ping/[[uuid]] > /dev/null
15 4 * * 0 restic -r s3:s3.internal/backup --password-file /etc/restic backup /srv
)file"},
    {"init.sql", R"file(
CREATE DATABASE shop;
CREATE USER shop WITH PASSWORD '[[+chosen]]';
ALTER ROLE report LOGIN PASSWORD '[[+alnum12]]';
GRANT ALL PRIVILEGES ON shop.* TO 'shop'@'%' IDENTIFIED BY '[[+phrase]]';
INSERT INTO settings (name, value) VALUES ('token_ttl', '3600');
ALTER TABLE users ADD COLUMN password_hash varchar(255) NOT NULL;
)file"},
    {"deploy.ps1", R"file(
$password = ConvertTo-SecureString "[[+chosen]]" -AsPlainText -Force
$env:API_TOKEN = "[[+alnum40]]"
$credential = Get-Credential -Message "password for the share"
net use Z: \\nas\share /user:backup [[+alnum12]]
)file"},
};

constexpr MarkedFile kLogs[] = {
    {"api.log", R"file(
2031-04-02T08:15:11.314Z INFO  api starting, version 2.4.1 commit [[hex40]]
2031-04-02T08:15:11.402Z DEBUG config: {"db":{"user":"shop","password":"[[+chosen]]"},"pool":10}
2031-04-02T08:15:11.510Z INFO  connected to postgres://shop:[[+alnum12]]@db:5432/shop
2031-04-02T08:15:12.001Z DEBUG request headers: Authorization: Bearer [[+jwt]]
2031-04-02T08:15:12.110Z INFO  GET /v1/jobs?access_token=[[+alnum40]]&page=2 200 12ms
2031-04-02T08:15:12.230Z WARN  authentication failed for user eve: wrong password
2031-04-02T08:15:12.231Z INFO  token refreshed, expires in 3600 s, key id [[uuid]]
2031-04-02T08:15:13.000Z DEBUG env: HOME=/app PATH=/usr/bin DB_PASSWORD=[[+alnum12]] TZ=UTC
2031-04-02T08:15:13.400Z INFO  request_id=[[uuid]] trace=[[hex32]] etag="[[hex32]]"
2031-04-02T08:15:14.000Z ERROR redis AUTH failed: url=redis://default:[[+alnum20]]@cache:6379
2031-04-02T08:15:15.000Z DEBUG > X-Api-Key: [[+alnum40]]
2031-04-02T08:15:15.900Z INFO  using api key [[+alnum40]] for partner
2031-04-02T08:15:16.000Z INFO  Generated admin password: [[+alnum12]]
2031-04-02T08:15:16.500Z DEBUG login attempt user=root pass=[[+chosen]] from=10.0.0.7
2031-04-02T08:15:17.000Z INFO  secret rotated, password unchanged, token=valid key=cache:users
2031-04-02T08:15:18.000Z DEBUG uploading with AWS key [[+aws_id]]
)file"},
    {"entrypoint.log", R"file(
+ export DB_PASSWORD=[[+alnum12]]
+ mysql -h db -u root -p[[+alnum12]] -e 'select 1'
+ curl -u ops:[[+alnum12]] https://files.internal/
GENERATED ROOT PASSWORD: [[+alnum20]]
[Entrypoint] creating user 'shop' with password '[[+alnum12]]'
Starting redis-server --requirepass [[+alnum20]] --port 6379
Digest: sha256:[[hex64]]
Cloning https://ci:[[+github]]@github.com/shop/app.git
npm notice integrity: sha512-[[base64_48]]
Set-Cookie: session=[[+alnum40]]; HttpOnly
)file"},
    {"access.log", R"file(
10.0.0.7 - - [02/Apr/2031:08:15:11 +0000] "GET /login?user=eve&password=[[+chosen]] HTTP/1.1" 302 0
10.0.0.7 - - [02/Apr/2031:08:15:12 +0000] "GET /reset?token=[[+hex40]] HTTP/1.1" 200 512
10.0.0.8 - - [02/Apr/2031:08:15:13 +0000] "GET /static/app.[[hex12]].js HTTP/1.1" 200 81321
10.0.0.8 - - [02/Apr/2031:08:15:14 +0000] "GET /v1/jobs?cursor=[[alnum40]]&sort_key=name HTTP/1.1" 200 99
10.0.0.9 - - [02/Apr/2031:08:15:15 +0000] "GET /hook?sig=[[hex64]]&key=orders HTTP/1.1" 204 0
)file"},
};

}  // namespace

std::span<const MarkedFile> ScriptFiles() { return kScripts; }
std::span<const MarkedFile> LogFiles() { return kLogs; }

}  // namespace proving_ground
