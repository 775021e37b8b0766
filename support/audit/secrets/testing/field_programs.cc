#include "support/audit/secrets/testing/field_files.h"

namespace proving_ground {
namespace {

constexpr MarkedFile kPrograms[] = {
    {"Dockerfile", R"file(
FROM debian:12
ARG GITHUB_TOKEN=[[+github]]
ENV DB_PASSWORD=[[+chosen]] \
    MODE=fast
ENV ADMIN_PASS [[+alnum12]]
RUN echo "lab:[[+phrase]]" | chpasswd
RUN git clone https://dana:[[+alnum20]]@git.lab.internal/lab.git
RUN pip install --index-url https://__token__:[[+alnum40]]@pypi.lab.internal/simple lab
HEALTHCHECK CMD curl -H "Authorization: Bearer [[+alnum40]]" http://localhost/health
)file"},
    {"deploy.sh", R"file(
#!/bin/sh
set -eu
export LAB_TOKEN='[[+alnum40]]'
curl -sS -H 'X-Auth-Token: [[+hex32]]' https://api.lab.internal/v1/deploys
curl --user 'dana:[[+chosen]]' https://ci.lab.internal/build
curl -X POST -d '{"user":"dana","password":"[[+alnum12]]"}' https://auth.lab.internal/login
curl "https://api.lab.internal/v1/x?api_key=[[+alnum20]]&page=2"
docker login -u dana -p [[+alnum20]] registry.lab.internal
sshpass -p '[[+phrase]]' ssh root@10.4.1.1 uptime
mongosh --host db -u root -p [[+chosen]] --eval 'db.stats()'
kubectl create secret generic db --from-literal=password=[[+alnum12]]
helm upgrade lab ./chart --set auth.password=[[+chosen]] --set replicas=2
aws configure set aws_secret_access_key [[+alnum40]]
psql "host=db user=lab password=[[+alnum12]] dbname=lab"
openssl rsa -in key.pem -passin pass:[[+chosen]] -out open.pem
gpg --batch --passphrase [[+phrase]] -d dump.gpg
echo '[[+alnum20]]' | docker login --username dana --password-stdin
mosquitto_pub -h mq -u lab -P [[+alnum12]] -t a -m b
net rpc password lab --user=admin%[[+chosen]]
)file"},
    {"settings.py", R"file(
DEBUG = False
SECRET_KEY = "[[+urlsafe44]]"
DATABASES = {"default": {"ENGINE": "postgresql", "USER": "lab", "PASSWORD": "[[+chosen]]", "HOST": "db"}}
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "[[+alnum12]]")
client = boto3.client("s3", aws_access_key_id="[[+aws_id]]", aws_secret_access_key="[[+alnum40]]")
r = requests.get(url, auth=("dana", "[[+alnum12]]"))
conn = psycopg2.connect(host="db", user="lab", password="[[+phrase]]")
headers = {"Authorization": "token [[+github]]"}
fernet = Fernet(b"[[+urlsafe43]]=")
)file"},
    {"config/initializers/keys.rb", R"file(
Rails.application.config.secret_key_base = '[[+hex64]]'
Stripe.api_key = "[[+stripe]]"
ActionMailer::Base.smtp_settings = { user_name: 'lab', password: '[[+chosen]]' }
Aws.config[:credentials] = Aws::Credentials.new('[[+aws_id]]', '[[+alnum40]]')
)file"},
    {"main.go", R"file(
const dbPassword = "[[+chosen]]"
var apiKey string = "[[+alnum40]]"
dsn := "lab:[[+alnum12]]@tcp(db:3306)/lab?parseTime=true"
cfg := Config{User: "lab", Password: "[[+phrase]]", Timeout: 5}
req.SetBasicAuth("dana", "[[+alnum12]]")
rdb := redis.NewClient(&redis.Options{Addr: "redis:6379", Password: "[[+alnum20]]"})
)file"},
    {"server.js", R"file(
const jwtSecret = process.env.JWT_SECRET || '[[+urlsafe43]]';
mongoose.connect('mongodb+srv://lab:[[+alnum12]]@cluster0.ab1cd.mongodb.net/lab');
app.use(session({ secret: '[[+phrase]]', resave: false }));
const pool = new Pool({ user: 'lab', password: '[[+chosen]]', port: 5432 });
const slack = new WebClient('[[+slack]]');
axios.defaults.headers.common['x-api-key'] = '[[+alnum40]]';
)file"},
    {"App.java", R"file(
private static final String DB_PASSWORD = "[[+chosen]]";
DriverManager.getConnection("jdbc:mysql://db/lab?user=lab&password=[[+alnum12]]");
props.put("mail.smtp.password", "[[+alnum20]]");
conn.setRequestProperty("Authorization", "Basic [[+basic]]");
KeyStore.load(in, "[[+phrase]]".toCharArray());
)file"},
    {"index.php", R"file(
<?php
define('DB_PASSWORD', '[[+chosen]]');
$mysqli = new mysqli("db", "lab", "[[+alnum12]]", "shop");
$config['encryption_key'] = '[[+hex32]]';
'password' => env('MAIL_PASSWORD', '[[+alnum20]]'),
)file"},
    {"init.sql", R"file(
CREATE USER 'lab'@'%' IDENTIFIED BY '[[+chosen]]';
CREATE ROLE app LOGIN PASSWORD '[[+alnum12]]';
ALTER USER postgres WITH ENCRYPTED PASSWORD '[[+phrase]]';
INSERT INTO users (name, password_hash) VALUES ('dana', '[[+bcrypt]]');
CREATE LOGIN lab WITH PASSWORD = '[[+chosen]]';
GRANT ALL ON lab.* TO 'lab'@'%' IDENTIFIED BY '[[+alnum20]]';
CREATE DATABASE LINK l CONNECT TO lab IDENTIFIED BY "[[+alnum12]]" USING 'ora';
)file"},
    {"Program.cs", R"file(
var cs = "Data Source=db;Initial Catalog=lab;User ID=lab;Pwd=[[+chosen]];";
new NetworkCredential("dana", "[[+alnum12]]");
services.Configure(o => o.ClientSecret = "[[+urlsafe43]]");
)file"},
    {"ci.yml", R"file(
deploy:
  variables:
    DEPLOY_TOKEN: [[+gitlab]]
    SSH_KNOWN_HOSTS: git.lab.internal
  script:
    - export NPM_TOKEN=[[+npm]]
    - echo "$CI_JOB_TOKEN" | docker login -u ci --password-stdin
    - ansible-playbook site.yml -e "db_password=[[+alnum12]]"
    - az login --service-principal -u [[uuid]] -p [[+azure_secret]] --tenant [[uuid]]
)file"},
};

constexpr MarkedFile kKeysAndLogs[] = {
    {"connections.env", R"file(
A=postgresql://lab:[[+chosen]]@db:5432/lab
B=mysql+pymysql://lab:[[+alnum12]]@db/lab
C=mongodb://root:[[+alnum20]]@m1:27017,m2:27017/?replicaSet=rs0
D=redis://default:[[+alnum20]]@cache:6379/1
E=rediss://:[[+alnum12]]@cache:6380
F=amqps://lab:[[+alnum12]]@mq:5671/lab
G=nats://lab:[[+alnum12]]@nats:4222
H=mssql://sa:[[+chosen]]@db:1433/lab
I=clickhouse://lab:[[+alnum12]]@ch:9000/lab
J=neo4j+s://neo4j:[[+phrase]]@graph:7687
K=ldap://cn=admin:[[+alnum12]]@ldap
L=mqtt://lab:[[+alnum12]]@mq:1883
M=cockroachdb://lab:[[+chosen]]@crdb:26257/lab
N=https://elastic:[[+alnum20]]@es:9200
O=sftp://lab:[[+chosen]]@files.lab.internal/in
P=smtp://lab%40lab.internal:[[+alnum12]]@mail:587
Q=influxdb://lab:[[+alnum12]]@influx:8086
R=couchbase://lab:[[+alnum12]]@cb
S=jdbc:oracle:thin:lab/[[+alnum12]]@//ora:1521/lab
T=jdbc:sqlserver://db:1433;databaseName=lab;user=sa;password=[[+chosen]]
)file"},
    {"api.log", R"file(
2031-04-02T08:00:01Z INFO starting, level=info port=8080
2031-04-02T08:00:02Z DEBUG request headers: {"Authorization": "Bearer [[+jwt]]", "Accept": "*/*"}
2031-04-02T08:00:02Z DEBUG connecting to postgres://lab:[[+alnum12]]@db:5432/lab
2031-04-02T08:00:03Z WARN login failed for dana with password "[[+chosen]]"
2031-04-02T08:00:04Z INFO GET /reset?token=[[+alnum40]] 200
2031-04-02T08:00:05Z ERROR webhook https://hooks.slack.com/services/[[+slack_path]] answered 404
2031-04-02T08:00:06Z INFO set-cookie: sessionid=[[+alnum32]]; HttpOnly
2031-04-02T08:00:07Z DEBUG env: HOME=/root API_KEY=[[+alnum40]] PATH=/bin
2031-04-02T08:00:08Z INFO refresh_token=[[+urlsafe43]] issued for dana
2031-04-02T08:00:09Z INFO token refreshed, expires in 3600 s
)file"},
    {"id_ed25519", R"file(
[[+ssh_key]]
)file"},
    {"server.key", R"file(
[[+ec_key]]
)file"},
    {"backup.asc", R"file(
[[+pgp_key]]
)file"},
    {"lab.ppk", R"file(
PuTTY-User-Key-File-3: ssh-ed25519
Encryption: none
Comment: dana
Public-Lines: 2
[[base64_48]]
[[base64_16]]
Private-Lines: 1
[[+base64_48]]
Private-MAC: [[hex64]]
)file"},
    {"one-line.env", R"file(
TLS_KEY="[[+pem_line]]"
SIGNING_KEY_B64=[[+pem_b64]]
BUNDLE=[[+base64_env]]
)file"},
    {"backup.yaml", R"file(
env:
- name: RESTIC_PASSWORD
  value: [[+phrase]]
- name: B2_ACCOUNT_KEY
  value: [[+alnum32]]
hooks:
- {key: api_token, value: [[+alnum40]]}
parameters:
  - ParameterKey: MasterUserPassword
    ParameterValue: [[+chosen]]
)file"},
    {"redis.txt", R"file(
"SET" "session:dana:token" "[[+alnum40]]"
"HSET" "user:7" "password" "[[+chosen]]"
"AUTH" "sales" "[[+alnum20]]"
)file"},
};

}  // namespace

std::vector<MarkedFile> FieldPrograms() {
  std::vector<MarkedFile> files(std::begin(kPrograms), std::end(kPrograms));
  files.insert(files.end(), std::begin(kKeysAndLogs), std::end(kKeysAndLogs));
  return files;
}

}  // namespace proving_ground
