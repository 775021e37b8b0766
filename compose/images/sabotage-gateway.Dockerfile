FROM scratch
COPY rootfs/ /
LABEL org.opencontainers.image.title="Proving Ground MCP gateway with one broken part" org.opencontainers.image.licenses="Apache-2.0"
USER 10003:10003
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/gateway"]
