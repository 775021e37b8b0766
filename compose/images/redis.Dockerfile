# `scratch`, or a Redis image that has redis-server in its PATH (see build).
ARG BASE=scratch
FROM ${BASE}
COPY rootfs/ /
# An empty directory; a new volume takes over its owner.
COPY --chown=10004:10004 data/ /var/lib/redis/
LABEL org.opencontainers.image.title="Redis for Proving Ground" org.opencontainers.image.licenses="BSD-3-Clause"
USER 10004:10004
EXPOSE 6379
ENTRYPOINT ["redis-server", "/etc/redis/redis.conf"]
