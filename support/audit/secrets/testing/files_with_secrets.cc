#include "support/audit/secrets/testing/marked_text.h"

namespace proving_ground {
namespace {

constexpr MarkedFile kStacks[] = {
    {"docker-compose.yml", R"file(
version: "3.9"

x-logging: &logging
  driver: json-file
  options: { max-size: "10m", max-file: "3" }

services:
  db:
    image: postgres:16.2-alpine@sha256:[[hex64]]
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: [[+chosen]]
      POSTGRES_DB: shop
      PGDATA: /var/lib/postgresql/data/pgdata
      POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256"
    volumes: ["pgdata:/var/lib/postgresql/data"]
    logging: *logging

  cache:
    image: redis:7.2
    command: redis-server --appendonly yes --requirepass [[+alnum20]]
    healthcheck:
      test: ["CMD-SHELL", "redis-cli -a [[+alnum20]] ping | grep PONG"]
      interval: 5s

  api:
    image: registry.shop.internal/api:2.4.1
    depends_on: [db, cache]
    environment:
      - DATABASE_URL=postgresql://shop:[[+alnum12]]@db:5432/shop?sslmode=disable
      - REDIS_URL=redis://:[[+alnum20]]@cache:6379/0
      - CELERY_BROKER_URL=amqp://api:[[+alnum12]]@mq:5672//
      - SECRET_KEY=[[+urlsafe43]]
      - JWT_SECRET=[[+=shop-jwt-signing-2031]]
      - SENTRY_DSN=https://[[hex32]]@o4505.ingest.sentry.io/4506
      - AWS_ACCESS_KEY_ID=[[+aws_id]]
      - AWS_SECRET_ACCESS_KEY=[[+alnum40]]
      - AWS_DEFAULT_REGION=eu-central-1
      - SMTP_HOST=smtp.shop.internal
      - SMTP_PASS=[[+phrase]]
      - TOKEN_LIFETIME=3600
      - PASSWORD_RESET_URL=https://shop.example.com/reset
      - FEATURE_KEYS=checkout,search,recommendations
    labels:
      - "traefik.enable=true"
      - "traefik.http.middlewares.auth.basicauth.users=ops:$[[+apr1]]"
      - "com.shop.build.commit=[[hex40]]"

  worker:
    build:
      context: .
      args:
        NPM_TOKEN: [[+npm]]
        GIT_COMMIT: [[hex40]]
    environment:
      DB_PASSWORD_FILE: /run/secrets/db_password
      API_TOKEN: ${API_TOKEN:?set it in .env}
      STRIPE_SECRET_KEY: "[[+stripe]]"
      SLACK_WEBHOOK: https://hooks.slack.com/services/[[+slack_path]]
    secrets: [db_password]

secrets:
  db_password:
    file: ./secrets/db_password.txt

volumes:
  pgdata: {}
)file"},
    {"stack.yaml", R"file(
services:
  grafana:
    image: grafana/grafana:11.0.0
    environment:
      GF_SECURITY_ADMIN_USER: admin
      GF_SECURITY_ADMIN_PASSWORD: [[+=gr4f-observe]]
      GF_AUTH_GENERIC_OAUTH_CLIENT_ID: grafana
      GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET: [[+uuid]]
      GF_DATABASE_PASSWORD: ${GF_DATABASE_PASSWORD}
  minio:
    image: minio/minio:RELEASE.2024-05-10T01-41-38Z
    command: server /data --console-address ":9001"
    environment:
      MINIO_ROOT_USER: minio-root
      MINIO_ROOT_PASSWORD: [[+base64_16]]
  keycloak:
    image: quay.io/keycloak/keycloak:24.0
    command: ["start", "--db-password=[[+chosen]]", "--hostname=auth.shop.internal"]
    environment:
      KEYCLOAK_ADMIN: admin
      KEYCLOAK_ADMIN_PASSWORD: [[+=Herbst2030]]
      KC_HTTP_RELATIVE_PATH: /auth
  mail:
    image: mailer:1
    environment: { MAIL_USER: bot, MAIL_PASSWORD: "[[+alnum12]]", MAIL_TLS: "true" }
  n8n:
    image: n8nio/n8n:1.40.0
    environment:
      N8N_ENCRYPTION_KEY: [[+hex32]]
      N8N_BASIC_AUTH_ACTIVE: "true"
      N8N_BASIC_AUTH_PASSWORD: [[+=orchard]]
      WEBHOOK_URL: https://n8n.shop.internal/
  app:
    image: laravel:3
    environment:
      APP_KEY: base64:[[+base64_32]]
      RAILS_MASTER_KEY: [[+hex32]]
      TELEGRAM_BOT: bot
      HEALTH_TOKEN: "{{ health_token }}"
configs:
  alertmanager:
    content: |
      global:
        smtp_auth_username: 'alerts'
        smtp_auth_password: '[[+alnum20]]'
)file"},
    {"deployment.yaml", R"file(
apiVersion: v1
kind: Secret
metadata:
  name: shop-db
  uid: [[uuid]]
type: Opaque
data:
  username: c2hvcA==
  password: [[+base64_password]]
stringData:
  api-key: [[+alnum40]]
  dsn: mysql://shop:[[+chosen]]@mysql.shop.svc.cluster.local:3306/shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  annotations:
    checksum/config: [[hex64]]
spec:
  template:
    spec:
      imagePullSecrets: [{name: registry-credentials}]
      containers:
        - name: api
          image: shop/api@sha256:[[hex64]]
          env:
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef: {name: shop-db, key: password}
            - name: LEGACY_PASSWORD
              value: [[+=tr0mbone-case]]
            - name: TOKEN_AUDIENCE
              value: shop-api
            - name: GITHUB_TOKEN
              value: "[[+github]]"
          volumeMounts:
            - {name: tls, mountPath: /etc/tls/private, readOnly: true}
)file"},
    {"main.tf", R"file(
terraform {
  required_version = ">= 1.6"
  backend "s3" {
    bucket     = "shop-state"
    key        = "prod/terraform.tfstate"
    access_key = "[[+aws_id]]"
    secret_key = "[[+alnum40]]"
  }
}

variable "db_password" {
  type      = string
  sensitive = true
  default   = "[[+alnum12]]"
}

resource "aws_db_instance" "shop" {
  identifier        = "shop-prod"
  username          = "shop"
  password          = var.db_password
  kms_key_id        = "arn:aws:kms:eu-central-1:123456789012:key/[[uuid]]"
  storage_encrypted = true
}

resource "postgresql_role" "report" {
  name     = "report"
  password = "[[+chosen]]"
}

provider "datadog" {
  api_key = "[[+hex32]]"
  app_key = "[[+hex40]]"
}

resource "aws_key_pair" "ops" {
  key_name   = "ops"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[[alnum40]] ops@shop"
}
)file"},
    {".gitlab-ci.yml", R"file(
image: docker:26.1

variables:
  DOCKER_TLS_CERTDIR: "/certs"
  SONAR_TOKEN: [[+hex40]]
  REGISTRY_PASSWORD: $CI_REGISTRY_PASSWORD
  DEPLOY_PASSWORD: "[[+chosen]]"
  CACHE_KEY: "$CI_COMMIT_REF_SLUG"

build:
  script:
    - docker login -u ci -p [[+alnum20]] registry.shop.internal
    - docker build --build-arg COMMIT=$CI_COMMIT_SHA -t shop/api .
    - 'curl --header "PRIVATE-TOKEN: [[+gitlab]]" https://gitlab.shop.internal/api/v4/projects'
    - git clone https://oauth2:[[+alnum20]]@gitlab.shop.internal/shop/charts.git
  cache:
    key: [[hex40]]
)file"},
    {"workflow.yml", R"file(
name: deploy
on: { push: { branches: [main] } }
permissions: { contents: read, id-token: write }
env:
  SLACK_BOT_TOKEN: [[+slack]]
  NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@[[hex40]]
      - uses: docker/login-action@v3
        with:
          username: deploy
          password: ${{ secrets.REGISTRY_PASSWORD }}
      - run: ssh-keyscan shop.internal >> ~/.ssh/known_hosts
      - run: sshpass -p '[[+chosen]]' scp app.tar deploy@shop.internal:/srv
      - run: helm upgrade shop ./chart --set db.password=[[+alnum12]] --set image.tag=${{ github.sha }}
      - run: kubectl create secret generic api --from-literal=token=[[+alnum40]]
)file"},
};

constexpr MarkedFile kEnvironments[] = {
    {".env", R"file(
# Shop, production
APP_ENV=production
APP_URL=https://shop.internal
APP_KEY=base64:[[+base64_32]]
DB_HOST=db
DB_PORT=5432
DB_USERNAME=shop
DB_PASSWORD=[[+=Tangerine!Dream]]
REDIS_PASSWORD=null
MAIL_PASSWORD="[[+alnum12]]"
MAIL_FROM_ADDRESS=shop@shop.internal
SESSION_LIFETIME=120
SESSION_SECRET='[[+base64_32]]'
PUSHER_APP_ID=[[digits]]
PUSHER_APP_SECRET=[[+hex12]]7f2a90bc
OPENAI_API_KEY=[[+openai]]
SENDGRID_API_KEY=[[+sendgrid]]
TWILIO_AUTH_TOKEN=[[+hex32]]
GOOGLE_CLIENT_ID=[[digits]]-shop.apps.googleusercontent.com
GOOGLE_CLIENT_SECRET=[[+alnum20]]
STRIPE_PUBLISHABLE_KEY=pk_live_51shop
VAPID_PRIVATE_KEY=[[+urlsafe43]]
ENCRYPTION_KEY=[[+hex64]]
PASSWORD_SALT=[[+hex32]]
CSRF_COOKIE_NAME=csrftoken
LOG_LEVEL=info
TZ=Europe/Berlin
)file"},
    {"production.env", R"file(
export PGHOST=db.internal
export PGPASSWORD=[[+phrase]]
export MONGO_URI=mongodb+srv://shop:[[+alnum12]]@cluster0.ab1cd.mongodb.net/shop?retryWrites=true
export ELASTIC_PASSWORD=[[+alnum20]]
export KIBANA_SYSTEM_PASSWORD=$ELASTIC_PASSWORD
export GITHUB_TOKEN=[[+github]]
export ADMIN_PW=[[+=Sommer!2031]]
export DB_PASS=[[+=orangejuice]]
export VAULT_ADDR=https://vault.internal:8200
export VAULT_TOKEN_FILE=/run/secrets/vault
export RABBITMQ_DEFAULT_PASS=[[+alnum12]]
export RABBITMQ_ERLANG_COOKIE=[[+alnum20]]
export API_BEARER=[[+jwt]]
export LDAP_BIND_PASSWORD="[[+=cn shop #7]]"
)file"},
    {"worker.env", R"file(
QUEUE_DSN=amqps://worker:[[+chosen]]@mq.internal:5671/jobs
S3_ACCESS_KEY=[[+alnum20]]
S3_SECRET_KEY=[[+alnum40]]
SIGNING_SECRET=[[+base64_48]]
WEBHOOK_SECRET=whsec_[[+base64_32]]
HMAC_KEY=[[+hex64]]
WORKER_ID=[[uuid]]
BUILD_SHA=[[hex40]]
CONFIG_CHECKSUM=[[hex64]]
TLS_KEY_PATH=/etc/tls/server.key
)file"},
};

constexpr MarkedFile kServers[] = {
    {"redis.conf", R"file(
# network
bind 0.0.0.0
port 6379
protected-mode yes
requirepass [[+alnum20]]
masteruser replica
masterauth [[+chosen]]
user default off
user sales on >[[+phrase]] ~team:sales:* +@all -@dangerous
user audit on #[[+hex64]] ~* +@read
rename-command CONFIG ""
tls-key-file /etc/redis/server.key
maxmemory 512mb
)file"},
    {"sentinel.conf", R"file(
port 26379
sentinel monitor shop 10.0.0.5 6379 2
sentinel auth-pass shop [[+alnum20]]
sentinel down-after-milliseconds shop 5000
)file"},
    {"nginx.conf", R"file(
http {
  ssl_certificate     /etc/nginx/tls/server.crt;
  ssl_certificate_key /etc/nginx/tls/server.key;
  ssl_password_file   /etc/nginx/tls/pass;
  proxy_set_header Authorization "Basic [[+basic]]";
  proxy_set_header X-Api-Key "[[+alnum40]]";
  location /metrics {
    auth_basic "restricted";
    auth_basic_user_file /etc/nginx/htpasswd;
    proxy_pass http://metrics:9090;
    proxy_cache_key "$scheme$request_method$host$request_uri";
  }
}
)file"},
    {"postgresql.auto.conf", R"file(
primary_conninfo = 'user=replicator password=[[+alnum12]] host=10.0.0.4 port=5432 sslmode=prefer'
password_encryption = scram-sha-256
ssl_key_file = '/etc/ssl/private/server.key'
)file"},
    {"my.cnf", R"file(
[client]
user=backup
password="[[+chosen]]"
[mysqld]
default_authentication_plugin=caching_sha2_password
innodb_log_file_size=48M
)file"},
    {"rabbitmq.conf", R"file(
default_user = shop
default_pass = [[+=celery-stalk]]
listeners.tcp.default = 5672
management.path_prefix = /mq
)file"},
    {"haproxy.cfg", R"file(
listen stats
  bind *:8404
  stats enable
  stats auth ops:[[+alnum12]]
userlist users
  user ops insecure-password [[+chosen]]
)file"},
    {"prometheus.yml", R"file(
scrape_configs:
  - job_name: api
    basic_auth:
      username: prom
      password: [[+alnum20]]
  - job_name: gateway
    authorization:
      type: Bearer
      credentials: [[+alnum40]]
  - job_name: node
    bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
remote_write:
  - url: https://metrics.internal/api/v1/push
    bearer_token: [[+jwt]]
)file"},
    {"alertmanager.yml", R"file(
global:
  slack_api_url: https://hooks.slack.com/services/[[+slack_path]]
  smtp_auth_password: "[[+alnum20]]"
receivers:
  - name: pager
    pagerduty_configs:
      - routing_key: [[+hex32]]
        severity: critical
)file"},
    {"wg0.conf", R"file(
[Interface]
Address = 10.8.0.2/24
PrivateKey = [[+base64_32]]
[Peer]
PublicKey = [[base64_32]]
PresharedKey = [[+base64_32]]
AllowedIPs = 10.8.0.0/24
)file"},
    {"wpa_supplicant.conf", R"file(
network={
    ssid="warehouse"
    psk="[[+=forklift traffic 9]]"
    key_mgmt=WPA-PSK
}
)file"},
    {"smb.conf", R"file(
[global]
  workgroup = SHOP
  idmap config * : backend = tdb
  ldap admin dn = cn=admin
[share]
  path = /srv/share
  ; mount with -o username=backup,password=[[+chosen]]
)file"},
    {"squid.conf", R"file(
cache_peer parent.internal parent 3128 0 no-query login=proxy:[[+alnum12]]
acl localnet src 10.0.0.0/8
)file"},
    {"msmtprc", R"file(
account default
host smtp.internal
user alerts
password [[+alnum20]]
tls on
)file"},
    {"mosquitto.conf", R"file(
listener 1883
password_file /etc/mosquitto/passwd
remote_username bridge
remote_password [[+alnum12]]
)file"},
    {"tomcat-users.xml", R"file(
<tomcat-users>
  <role rolename="manager-gui"/>
  <user username="ops" password="[[+chosen]]" roles="manager-gui"/>
</tomcat-users>
)file"},
    {"ejabberd.yml", R"file(
sql_username: ejabberd
sql_password: "[[+alnum12]]"
auth_password_format: scram
)file"},
};

constexpr MarkedFile kPrograms[] = {
    {"application.properties", R"file(
spring.datasource.url=jdbc:postgresql://db:5432/shop
spring.datasource.username=shop
spring.datasource.password=[[+chosen]]
spring.security.oauth2.client.registration.shop.client-secret=[[+alnum40]]
spring.mail.password=${MAIL_PASSWORD}
server.ssl.key-store=classpath:keystore.p12
server.ssl.key-store-password=[[+=kiosk-keeper]]
server.ssl.key-alias=shop
management.endpoints.web.exposure.include=health,info
jwt.secret=[[+base64_48]]
jwt.expiration=86400000
)file"},
    {"application.yml", R"file(
spring:
  datasource:
    url: jdbc:mysql://db:3306/shop?user=shop&password=[[+alnum12]]
    hikari:
      password: [[+phrase]]
  redis:
    password: ${REDIS_PASSWORD:[[+alnum12]]}
  security:
    user:
      password: "{noop}[[+=lemonade4all]]"
logging:
  level:
    org.springframework.security: DEBUG
)file"},
    {"appsettings.json", R"file(
{
  "ConnectionStrings": {
    "Default": "Server=tcp:sql.internal,1433;Database=Shop;User ID=shop;Password=[[+=Pa$$age2Rome]];Encrypt=True;",
    "Storage": "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=[[+base64_48]];EndpointSuffix=core.windows.net"
  },
  "Jwt": { "Issuer": "shop", "Key": "[[+base64_32]]", "ExpireMinutes": 60 },
  "Smtp": { "User": "bot", "Password": "[[+alnum12]]" },
  "InstrumentationKey": "[[uuid]]",
  "AllowedHosts": "*",
  "AzureAd": { "TenantId": "[[uuid]]", "ClientId": "[[uuid]]", "ClientSecret": "[[+alnum40]]" }
}
)file"},
    {"settings.py", R"file(
import os
from pathlib import Path

SECRET_KEY = "[[+=django-insecure-]][[alnum40]]"
DEBUG = False
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "USER": "shop",
        "PASSWORD": "[[+chosen]]",
        "HOST": os.environ["DB_HOST"],
    }
}
CACHES = {"default": {"LOCATION": "redis://:[[+alnum12]]@cache:6379/1"}}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
]
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "[[+alnum12]]")
SESSION_COOKIE_NAME = "sessionid"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
API_TOKENS = {"partner": "[[+alnum40]]"}
)file"},
    {"config.php", R"file(
<?php
define('DB_NAME', 'shop');
define('DB_USER', 'shop');
define('DB_PASSWORD', '[[+chosen]]');
define('AUTH_KEY', '[[+=k#8/Vq|zP0+u,e9LxR~t)]]');
$config['encryption_key'] = '[[+hex32]]';
$mail->Password = '[[+alnum12]]';
$db = new PDO('mysql:host=db;dbname=shop', 'shop', $password);
)file"},
    {"config.toml", R"file(
title = "worker"
[database]
user = "worker"
password = "[[+alnum12]]"
pool = 10
[auth]
token = "[[+hex40]]"
token_ttl = "15m"
public_key = "[[base64_32]]"
[mail]
api_key = "[[+alnum40]]"
)file"},
    {"config.ini", R"file(
[security]
admin_user = admin
admin_password = [[+=mangrove]]
secret_key = [[+alnum20]]
cookie_secure = true
[auth.ldap]
bind_dn = cn=svc
bind_password = """[[+chosen]]"""
[smtp]
password = ;unset
)file"},
    {"service-account.json", R"file(
{
  "type": "service_account",
  "project_id": "shop",
  "private_key_id": "[[hex40]]",
  "private_key": "[[+=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7qk3Zc1Yx\nVd9sPp0aLm7hRtQe2WfUx5KjBn8vGs4TyHc6MoDi3EzAXrFlNwJgYbCtIuOp\n-----END PRIVATE KEY-----]]\n",
  "client_email": "shop@shop.iam.gserviceaccount.com",
  "client_id": "1047300000000",
  "token_uri": "https://oauth2.googleapis.com/token"
}
)file"},
    {"docker-config.json", R"file(
{ "auths": { "registry.shop.internal": { "auth": "[[+basic]]" } }, "credsStore": "" }
)file"},
    {".npmrc", R"file(
registry=https://npm.shop.internal/
//npm.shop.internal/:_authToken=[[+npm]]
//old.shop.internal/:_password=[[+base64_password]]
always-auth=true
)file"},
    {"pip.conf", R"file(
[global]
index-url = https://ci:[[+alnum20]]@pypi.shop.internal/simple
trusted-host = pypi.shop.internal
)file"},
    {"settings.xml", R"file(
<settings>
  <servers>
    <server><id>shop</id><username>deploy</username><password>[[+chosen]]</password></server>
    <server><id>key</id><privateKey>${user.home}/.ssh/id_rsa</privateKey><passphrase>[[+phrase]]</passphrase></server>
  </servers>
</settings>
)file"},
    {"gradle.properties", R"file(
org.gradle.jvmargs=-Xmx2g
signing.keyId=24875D73
signing.password=[[+alnum12]]
signing.secretKeyRingFile=/home/ci/.gnupg/secring.gpg
ossrhPassword=[[+chosen]]
)file"},
    {".netrc", R"file(
machine api.shop.internal login ci password [[+alnum12]]
machine git.shop.internal
  login deploy
  password [[+github]]
)file"},
    {".pgpass", R"file(
db.internal:5432:shop:shop:[[+chosen]]
*:*:*:backup:[[+alnum12]]
)file"},
    {"credentials", R"file(
[default]
aws_access_key_id = [[+aws_id]]
aws_secret_access_key = [[+alnum40]]
aws_session_token = [[+base64_long]]
region = eu-central-1
)file"},
    {"kubeconfig", R"file(
apiVersion: v1
clusters:
  - cluster: {certificate-authority-data: [[base64_long]], server: https://10.0.0.1:6443}
    name: shop
users:
  - name: ops
    user:
      token: [[+jwt]]
  - name: legacy
    user: {username: admin, password: "[[+alnum20]]"}
)file"},
    {"inventory.ini", R"file(
[db]
db1.internal ansible_user=ops ansible_password=[[+chosen]] ansible_become_pass='[[+alnum12]]'
[db:vars]
ansible_ssh_private_key_file=~/.ssh/ops
vault_token=[[+=hvs.CAESIJqkV7dTz2mWn4YpXs9Rb1LcGhE5oUf0aKvPtMxDwNyZ]]
)file"},
    {"id_ed25519", R"file(
[[+ssh_key]]
)file"},
    {"bundle.pem", R"file(
[[certificate]]
[[+rsa_key]]
)file"},
    {"database.js", R"file(
module.exports = {
  user: 'shop',
  password: process.env.DB_PASSWORD || '[[+alnum12]]',
  apiKey: "[[+alnum40]]",
  passwordField: 'password',
  tokenHeader: 'x-auth-token',
};
const client = new Client({ accessKeyId: '[[+aws_id]]', secretAccessKey: '[[+alnum40]]' });
if (password !== confirmPassword) throw new Error('password mismatch');
)file"},
    {"Main.java", R"file(
public class Main {
  private static final String DB_PASSWORD = "[[+chosen]]";
  private String password;
  Connection open() throws SQLException {
    return DriverManager.getConnection("jdbc:mysql://db/shop", "shop", DB_PASSWORD);
  }
  public void setPassword(String password) { this.password = password; }
}
)file"},
    {"main.go", R"file(
package main

const apiToken = "[[+alnum40]]"

func main() {
	cfg := mysql.Config{User: "shop", Passwd: "[[+alnum12]]", Net: "tcp"}
	db, err := sql.Open("mysql", "shop:[[+alnum12]]@tcp(db:3306)/shop")
	token := os.Getenv("API_TOKEN")
	req.Header.Set("Authorization", "Bearer [[+alnum40]]")
	req.SetBasicAuth("ops", "[[+chosen]]")
}
)file"},
};

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

std::vector<WholeFile> MakeFilesWithSecrets(uint32_t seed) {
  std::vector<MarkedFile> files;
  files.insert(files.end(), std::begin(kStacks), std::end(kStacks));
  files.insert(files.end(), std::begin(kEnvironments), std::end(kEnvironments));
  files.insert(files.end(), std::begin(kServers), std::end(kServers));
  files.insert(files.end(), std::begin(kPrograms), std::end(kPrograms));
  files.insert(files.end(), std::begin(kScripts), std::end(kScripts));
  files.insert(files.end(), std::begin(kLogs), std::end(kLogs));
  RandomText random(seed);
  return FillAll(files, random);
}

}  // namespace proving_ground
