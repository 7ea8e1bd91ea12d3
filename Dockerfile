# One machine: proxy, names workers and record in one container.
FROM python:3.13-slim-bookworm AS build
RUN pip install --no-cache-dir --disable-pip-version-check uv
WORKDIR /srv/promptguard
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-default-groups --extra postgresql --extra kafka --no-install-project
COPY tools/wheel_hook.py tools/
COPY config config
COPY src src
RUN uv sync --frozen --no-default-groups --extra postgresql --extra kafka --no-editable
# Patterns are compiled here, so that the first start need not; on another kind of processor it does.
RUN .venv/bin/promptguard prepare

FROM python:3.13-slim-bookworm
# Tesseract reads text in images; without it they are not inspected.
RUN apt-get update && apt-get install --yes --no-install-recommends tesseract-ocr && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/promptguard --create-home promptguard
WORKDIR /srv/promptguard
COPY --from=build /srv/promptguard/.venv .venv
COPY config /etc/promptguard
ENV PATH=/srv/promptguard/.venv/bin:$PATH \
    PROMPTGUARD_CONFIG=/etc/promptguard \
    PROMPTGUARD_DATA=/var/lib/promptguard
USER promptguard
VOLUME /var/lib/promptguard
EXPOSE 8080 8081
HEALTHCHECK --start-period=30s --timeout=30s CMD ["promptguard", "doctor", "--quick"]
# The console answers only to whoever reaches it as 127.0.0.1:8081, so publish its port there: `-p 127.0.0.1:8081:8081`.
CMD ["promptguard", "run", "--listen", "0.0.0.0:8080", "--console", "0.0.0.0:8081", "--console-published", "127.0.0.1:8081"]
