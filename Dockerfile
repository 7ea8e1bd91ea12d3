# One machine: proxy, names workers and record in one container; in a fleet, one proxy or one console of it. For amd64 and
# arm64: `docker buildx build --platform linux/amd64,linux/arm64`.
ARG PYTHON=3.13-slim-bookworm

FROM python:${PYTHON} AS build
ARG UV=0.13.9
RUN pip install --no-cache-dir --disable-pip-version-check "uv==${UV}"
WORKDIR /srv/promptguard
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1
COPY pyproject.toml uv.lock README.md LICENSE ./
# Further ones: --build-arg EXTRAS="--extra rampart".
ARG EXTRAS=""
# hadolint ignore=SC2086
RUN uv sync --frozen --no-default-groups --extra postgresql --extra kafka ${EXTRAS} --no-install-project
COPY tools/wheel_hook.py tools/
COPY config config
COPY src src
# Patterns are compiled here, so that the first start need not; on another kind of processor it does.
# hadolint ignore=SC2086
RUN uv sync --frozen --no-default-groups --extra postgresql --extra kafka ${EXTRAS} --no-editable \
    && .venv/bin/promptguard prepare

FROM python:${PYTHON}
LABEL org.opencontainers.image.title=PromptGuard \
    org.opencontainers.image.description="Prompt data-loss-prevention proxy" \
    org.opencontainers.image.licenses=Apache-2.0
# Tesseract reads text in images; without it they are not inspected.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tesseract-ocr \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 promptguard \
    && useradd --uid 10001 --gid promptguard --no-log-init --home-dir /var/lib/promptguard --create-home promptguard \
    && chmod 700 /var/lib/promptguard
WORKDIR /srv/promptguard
COPY --from=build /srv/promptguard/.venv .venv
COPY config /etc/promptguard
ENV PATH=/srv/promptguard/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PROMPTGUARD_CONFIG=/etc/promptguard \
    PROMPTGUARD_DATA=/var/lib/promptguard
# A number, so that Kubernetes sees that it is not root's.
USER 10001:10001
VOLUME /var/lib/promptguard
EXPOSE 8080 8081
HEALTHCHECK --interval=30s --start-period=30s --timeout=30s CMD ["promptguard", "doctor", "--quick"]
# The console answers only to whoever reaches it as 127.0.0.1:8081, so publish its port there: `-p 127.0.0.1:8081:8081`.
CMD ["promptguard", "run", "--listen", "0.0.0.0:8080", "--console", "0.0.0.0:8081", "--console-published", "127.0.0.1:8081"]
