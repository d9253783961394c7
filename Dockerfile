FROM node:24.21.0-bookworm-slim AS pages
WORKDIR /ronda/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.11.17-slim-bookworm AS package
WORKDIR /ronda
RUN python -m venv /opt/ronda
COPY .locks/serve.txt .locks/serve.txt
RUN /opt/ronda/bin/pip install --no-cache-dir --require-hashes --no-deps -r .locks/serve.txt
COPY pyproject.toml README.md ./
COPY sessions sessions
COPY signaling signaling
COPY --from=pages /ronda/sessions/web/static sessions/web/static
# What installs and builds stays behind: the server needs none of it.
RUN /opt/ronda/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/ronda/bin/pip uninstall --yes \
    editables hatchling pathspec pluggy trove-classifiers setuptools pip

FROM python:3.11.17-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/ronda --shell /usr/sbin/nologin ronda \
    && install --directory --owner=ronda --group=ronda --mode=0700 /var/lib/ronda
COPY --from=package /opt/ronda /opt/ronda
ENV PATH=/opt/ronda/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RONDA_DATA=/var/lib/ronda \
    RONDA_HOST=0.0.0.0
USER ronda
WORKDIR /var/lib/ronda
VOLUME /var/lib/ronda
EXPOSE 8000
ENTRYPOINT ["ronda"]
CMD ["serve"]
