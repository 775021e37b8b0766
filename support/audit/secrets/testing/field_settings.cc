#include "support/audit/secrets/testing/field_files.h"

namespace proving_ground {
namespace {

constexpr MarkedFile kOrchestration[] = {
    {"k8s/api-deployment.yaml", R"file(
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
      containers:
        - name: api
          image: registry.lab.internal/api:4.2.0
          env:
            - name: SPRING_DATASOURCE_PASSWORD
              value: [[+chosen]]
            - name: JWT_SIGNING_KEY
              value: "[[+urlsafe43]]"
            - name: LOG_LEVEL
              value: debug
            - value: [[+alnum20]]
              name: MQ_PASSWORD
            - name: CACHE_PASSWORD
              valueFrom:
                secretKeyRef: {name: cache, key: password}
            - {name: ADMIN_TOKEN, value: "[[+alnum40]]"}
            - name: PAYMENT_TOKEN_ID
              value: [[+alnum20]]
)file"},
    {"k8s/secret.yaml", R"file(
apiVersion: v1
kind: Secret
metadata: {name: pull}
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: [[+docker_json]]
---
apiVersion: v1
kind: Secret
metadata: {name: store}
data:
  user: c3RvcmU=
  store-password: [[+base64_password]]
  tls.key: [[+pem_b64]]
)file"},
    {"kubeconfig", R"file(
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: [[base64_long]]
    server: https://10.4.0.1:6443
  name: lab
users:
- name: admin
  user:
    client-certificate-data: [[base64_long]]
    client-key-data: [[+pem_b64]]
- name: ci
  user:
    token: [[+jwt]]
- name: old
  user:
    username: breakglass
    password: [[+chosen]]
)file"},
    {"values.yaml", R"file(
replicaCount: 2
postgresql:
  auth:
    username: lab
    password: [[+alnum12]]
    existingSecret: ""
  image: {tag: 16.2.0}
extraEnv:
  - name: LICENSE_KEY
    value: [[+license]]
redis: {auth: {enabled: true, password: "[[+phrase]]"}}
ingress:
  annotations: {nginx.ingress.kubernetes.io/auth-type: basic}
externalSecrets: {refreshInterval: 1h}
)file"},
    {"nomad/web.hcl", R"file(
job "web" {
  group "web" {
    task "server" {
      driver = "docker"
      env {
        PGUSER     = "web"
        PGPASSWORD = "[[+chosen]]"
        VAULT_ADDR = "https://vault.lab.internal:8200"
      }
      config {
        image = "web:3"
        auth { username = "puller" password = "[[+alnum20]]" }
      }
    }
  }
}
)file"},
    {"compose.override.yaml", R"file(
services:
  queue:
    image: rabbitmq:3.13
    environment:
      RABBITMQ_DEFAULT_USER: lab
      RABBITMQ_DEFAULT_PASS: [[+phrase]]
      RABBITMQ_ERLANG_COOKIE: [[+alnum20]]
  search:
    image: opensearch:2
    environment: ["OPENSEARCH_INITIAL_ADMIN_PASSWORD=[[+chosen]]", "discovery.type=single-node"]
  broker:
    image: kafka:3
    environment:
      KAFKA_SASL_JAAS_CONFIG: 'org.apache.kafka.common.security.plain.PlainLoginModule required username="app" password="[[+alnum12]]";'
  ldap:
    command: --copy-service
    environment: {LDAP_ADMIN_PASSWORD: [[+chosen]], LDAP_ORGANISATION: Lab}
  vpn:
    labels:
      - "com.lab.psk=[[+alnum20]]"
      - "com.lab.team=net"
)file"},
    {"ansible/group_vars/all.yml", R"file(
ansible_user: deploy
ansible_become_pass: [[+chosen]]
mysql_root_password: "[[+alnum20]]"
vault_token: [[+vault]]
app_secrets:
  stripe: [[+stripe]]
  session: [[+hex64]]
ntp_server: pool.ntp.org
users:
  - {name: dana, password: "[[+sha512crypt]]", groups: wheel}
)file"},
    {"ansible/hosts.ini", R"file(
[web]
web1 ansible_host=10.4.1.11 ansible_user=deploy ansible_ssh_pass=[[+alnum12]]
web2 ansible_host=10.4.1.12 ansible_ssh_private_key_file=~/.ssh/lab
[web:vars]
ansible_become_password=[[+chosen]]
)file"},
};

constexpr MarkedFile kConfiguration[] = {
    {"terraform/main.tf", R"file(
provider "aws" {
  region     = "eu-west-1"
  access_key = "[[+aws_id]]"
  secret_key = "[[+alnum40]]"
}
resource "aws_db_instance" "lab" {
  username = "lab"
  password = "[[+chosen]]"
  snapshot_identifier = "lab-2031-04-01"
}
variable "datadog_api_key" {
  default = "[[+hex32]]"
}
resource "random_password" "other" { length = 24 }
)file"},
    {"terraform.tfvars", R"file(
db_password         = "[[+alnum20]]"
cloudflare_api_token = "[[+alnum40]]"
do_token            = "[[+digitalocean]]"
instance_count      = 3
)file"},
    {"nginx/site.conf", R"file(
server {
  listen 443 ssl;
  ssl_certificate_key /etc/nginx/tls/site.key;
  location /api/ {
    proxy_set_header Authorization "Basic [[+basic]]";
    proxy_set_header X-Api-Key "[[+alnum40]]";
    proxy_pass http://api:8080;
  }
}
)file"},
    {"application.properties", R"file(
spring.datasource.url=jdbc:postgresql://db:5432/lab
spring.datasource.username=lab
spring.datasource.password=[[+chosen]]
server.ssl.key-store-password = [[+phrase]]
jasypt.encryptor.password=[[+alnum12]]
spring.mail.password: [[+alnum20]]
management.endpoint.health.show-details=always
)file"},
    {"config/database.xml", R"file(
<configuration>
  <connectionStrings>
    <add name="Main" connectionString="Server=db;Database=lab;User Id=sa;Password=[[+chosen]];Encrypt=true" />
  </connectionStrings>
  <appSettings>
    <add key="SmtpPassword" value="[[+alnum12]]" />
    <add key="SmtpPort" value="587" />
  </appSettings>
  <server><id>lab</id><username>deploy</username><password>[[+phrase]]</password></server>
  <bean id="ds"><property name="password" value="[[+alnum20]]"/></bean>
</configuration>
)file"},
    {"config/settings.toml", R"file(
[database]
host = "db"
password = '[[+chosen]]'
pool = { size = 5, timeout = "30s" }
[auth]
client_id = "lab-web"
client_secret = """[[+urlsafe43]]"""
[[ plugins ]]
name = "mail"
api_key = "[[+mailgun]]"
)file"},
    {"config/app.json", R"file(
{"db": {"host": "db", "pass": "[[+alnum12]]"},
 "oauth": {"clientId": "lab", "clientSecret": "[[+alnum40]]"},
 "env": [{"name": "SENTRY_AUTH_TOKEN", "value": "[[+hex64]]"}, {"name": "MODE", "value": "fast"}],
 "jwk": {"kty": "oct", "k": "[[+urlsafe43]]", "alg": "HS256"},
 "webhooks": ["https://discord.com/api/webhooks/[[+discord_path]]"],
 "teams": "https://lab.webhook.office.com/webhookb2/[[+teams_path]]"}
)file"},
    {"etc/systemd/system/lab.service", R"file(
[Service]
User=lab
Environment="LAB_API_KEY=[[+alnum40]]" "LAB_MODE=fast"
Environment=DB_PASSWORD=[[+chosen]]
ExecStart=/usr/bin/lab --listen :8080 --admin-password [[+phrase]]
ExecReload=/bin/kill -HUP $MAINPID
)file"},
    {"crontab", R"file(
MAILTO=ops@lab.internal
0 3 * * * root PGPASSWORD=[[+chosen]] pg_dump -h db -U lab lab > /backup/lab.sql
*/5 * * * * root curl -fsS -u monitor:[[+alnum12]] https://status.lab.internal/ping >/dev/null
15 4 * * * root restic -r s3:s3.amazonaws.com/lab backup /srv --password-file /etc/restic
20 4 * * * root mysqldump -ubackup -p[[+alnum20]] shop | gzip > /backup/shop.gz
)file"},
    {"wg0.conf", R"file(
[Interface]
Address = 10.8.0.2/24
PrivateKey = [[+wireguard]]
[Peer]
PublicKey = [[wireguard]]
PresharedKey = [[+wireguard]]
Endpoint = vpn.lab.internal:51820
)file"},
    {"keys.txt", R"file(
# created: 2031-04-02T08:00:00Z
# public key: age1[[lower58]]
[[+age]]
)file"},
    {".netrc", R"file(
machine git.lab.internal
  login dana
  password [[+alnum20]]
machine api.heroku.com login dana@lab.internal password [[+uuid]]
)file"},
    {".pgpass", R"file(
db.lab.internal:5432:lab:lab:[[+chosen]]
*:*:*:readonly:[[+alnum12]]
)file"},
    {".npmrc", R"file(
registry=https://npm.lab.internal/
//npm.lab.internal/:_authToken=[[+uuid]]
//registry.npmjs.org/:_authToken=[[+npm]]
_auth=[[+basic]]
//old.lab.internal/:_password=[[+base64_password]]
always-auth=true
)file"},
    {".pypirc", R"file(
[distutils]
index-servers = pypi lab
[pypi]
username = __token__
password = [[+pypi]]
[lab]
repository = https://pypi.lab.internal/
username = dana
password = [[+chosen]]
)file"},
    {".docker/config.json", R"file(
{"auths": {"registry.lab.internal": {"auth": "[[+basic]]"},
           "ghcr.io": {"username": "dana", "password": "[[+github]]", "email": "dana@lab.internal"},
           "quay.io": {"identitytoken": "[[+uuid]]"}},
 "credsStore": "desktop"}
)file"},
    {".my.cnf", R"file(
[client]
user=root
password="[[+chosen]]"
[mysqldump]
password=[[+alnum12]]
)file"},
    {"htpasswd", R"file(
dana:[[+bcrypt]]
erik:[[+apr1]]
fay:{SHA}[[+sha_base64]]
)file"},
    {"shadow", R"file(
root:[[+yescrypt]]:19800:0:99999:7:::
daemon:*:19800:0:99999:7:::
lab:[[+sha512crypt]]:19800:0:99999:7:::
)file"},
    {"users.acl", R"file(
user default off
user sales on >[[+alnum20]] ~team:sales:* +@all
user api on #[[+hex64]] ~* +@read
)file"},
    {"credentials", R"file(
[default]
aws_access_key_id = [[+aws_id]]
aws_secret_access_key = [[+alnum40]]
[deploy]
aws_session_token = [[+base64_long]]
region = eu-west-1
)file"},
    {"gcp-key.json", R"file(
{"type": "service_account", "project_id": "lab-31",
 "private_key_id": "[[hex40]]",
 "private_key": "[[+pem_line]]",
 "client_email": "ci@lab-31.iam.gserviceaccount.com", "client_id": "[[digits]][[digits]][[digits]]"}
)file"},
    {"azure.env", R"file(
AZURE_CLIENT_ID=[[uuid]]
AZURE_TENANT_ID=[[uuid]]
AZURE_CLIENT_SECRET=[[+azure_secret]]
AZURE_STORAGE_CONNECTION_STRING=DefaultEndpointsProtocol=https;AccountName=lab;AccountKey=[[+base64_64]];EndpointSuffix=core.windows.net
SB_CONNECTION=Endpoint=sb://lab.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=[[+base64_32]]
BLOB_URL=https://lab.blob.core.windows.net/c?sv=2030-01-01&se=2032-01-01&sr=c&sp=rl&sig=[[+sas_sig]]
)file"},
    {"vendors.env", R"file(
ALIBABA_ACCESS_KEY_SECRET=[[+alnum30]]
GOOGLE_MAPS_KEY=[[+gcp_api]]
IBMCLOUD_API_KEY=[[+urlsafe44]]
HCLOUD_TOKEN=[[+alnum64]]
LINODE_TOKEN=[[+hex64]]
SCW_SECRET_KEY=[[+uuid]]
OVH_APPLICATION_SECRET=[[+alnum32]]
TWILIO_ACCOUNT_SID=AC[[hex32]]
TWILIO_AUTH_TOKEN=[[+hex32]]
SENDGRID_KEY=[[+sendgrid]]
MAILCHIMP=[[+hex32]]-us12
DATABRICKS=[[+databricks]]
ANTHROPIC=[[+anthropic]]
HUGGINGFACE=[[+huggingface]]
SHOPIFY=[[+shopify]]
GRAFANA=[[+grafana]]
TFE=[[+terraform_cloud]]
DOCKERHUB=[[+docker_pat]]
GITLAB=[[+gitlab]]
RUNNER=[[+gitlab_runner]]
GITHUB_FINE=[[+github_fine]]
NEW_RELIC=[[+new_relic]]
TELEGRAM=[[+telegram]]
LINEAR=[[+linear]]
SUPABASE=[[+supabase]]
SONAR=[[+sonar]]
RUBYGEMS=[[+rubygems]]
PULUMI=[[+pulumi]]
TAILSCALE=[[+tailscale]]
PLANETSCALE=[[+planetscale]]
ATLASSIAN=[[+atlassian]]
)file"},
};

}  // namespace

std::vector<MarkedFile> FieldSettings() {
  std::vector<MarkedFile> files(std::begin(kOrchestration), std::end(kOrchestration));
  files.insert(files.end(), std::begin(kConfiguration), std::end(kConfiguration));
  return files;
}

}  // namespace proving_ground
