# The whole service in one image: what `make run` prepares on a machine, by the same scripts.
#   docker build --build-arg BASE=… -t verify-svc .      any Debian 12 or Ubuntu 24.04 with Python 3.11 or later
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}
WORKDIR /srv/verify-svc

COPY scripts/system-packages.sh scripts/
RUN scripts/system-packages.sh run && rm -rf /var/lib/apt/lists/*

COPY pyproject.toml README.md LICENSE requirements.lock requirements-node.lock ./
COPY scripts/environment.sh scripts/
COPY verify_svc/__init__.py verify_svc/
RUN scripts/environment.sh run

# The weights change seldom: they come before the code, with no more of it than fetches them.
COPY models/ models/
COPY verify_svc/cli.py verify_svc/
COPY verify_svc/commands/__init__.py verify_svc/commands/models.py verify_svc/commands/progress.py verify_svc/commands/
COPY verify_svc/inference/__init__.py verify_svc/inference/convert.py verify_svc/inference/fetch.py verify_svc/inference/manifest.py verify_svc/inference/
RUN .venv/bin/verify-svc models fetch

COPY . .
RUN useradd --system --create-home --uid 10001 verify && install -d -o verify -m 700 var
USER verify
ENV VERIFY_BIND=0.0.0.0:8080
VOLUME /srv/verify-svc/var
EXPOSE 8080
HEALTHCHECK --start-period=60s CMD [".venv/bin/python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=5)"]
ENTRYPOINT [".venv/bin/verify-svc"]
CMD ["serve"]
