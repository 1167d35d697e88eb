# syntax=docker/dockerfile:1
# Storekeeper as a container: `docker build -t storekeeper .`

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
COPY . .
# Crates and what was built of them stay from one build to the next.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --profile dist --locked --bin storekeeper \
    && install -D target/dist/storekeeper /out/storekeeper \
    && install -d /out/data

# glibc, certificates and the user `nonroot` (65532), and no shell.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/storekeeper /usr/local/bin/storekeeper
# An SQLite database, and the secret beside it, unless STOREKEEPER__DATABASE__URL names a server.
COPY --from=build --chown=65532:65532 /out/data /data
WORKDIR /data
VOLUME /data
ENV STOREKEEPER__SERVER__BIND=0.0.0.0:8080 \
    STOREKEEPER__LOG__FORMAT=json
EXPOSE 8080
# The signal after which what runs is finished and nothing new taken.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=7s --start-period=30s --retries=3 CMD ["storekeeper", "health"]
ENTRYPOINT ["storekeeper"]
CMD ["serve"]
