FROM scratch
COPY rootfs/ /
LABEL org.opencontainers.image.title="Proving Ground fault helpers" org.opencontainers.image.licenses="Apache-2.0"
USER 0:0
