#include "support/audit/secrets/testing/files_with_secrets.h"

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

}  // namespace

std::span<const MarkedFile> StackFiles() { return kStacks; }

}  // namespace proving_ground
