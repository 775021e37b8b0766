#include "support/audit/secrets/testing/files_with_secrets.h"

namespace proving_ground {
namespace {

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

}  // namespace

std::span<const MarkedFile> EnvironmentFiles() { return kEnvironments; }
std::span<const MarkedFile> ServerFiles() { return kServers; }

}  // namespace proving_ground
