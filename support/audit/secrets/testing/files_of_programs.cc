#include "support/audit/secrets/testing/files_with_secrets.h"

namespace proving_ground {
namespace {

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

}  // namespace

std::span<const MarkedFile> ProgramFiles() { return kPrograms; }

}  // namespace proving_ground
