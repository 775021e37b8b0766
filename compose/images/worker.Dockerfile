FROM scratch
COPY rootfs/ /
LABEL org.opencontainers.image.title="Proving Ground worker" org.opencontainers.image.licenses="Apache-2.0"
USER 10002:10002
ENTRYPOINT ["/usr/local/bin/worker"]
