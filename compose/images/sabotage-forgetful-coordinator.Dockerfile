FROM scratch
COPY rootfs/ /
LABEL org.opencontainers.image.title="Proving Ground coordinator that forgets its tasks" org.opencontainers.image.licenses="Apache-2.0"
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/coordinator"]
