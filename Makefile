# Everything a newcomer needs: each target does all of its own set-up.
SHELL := /bin/sh
TOOLS := .make
UV := $(shell command -v uv 2>/dev/null || echo $(TOOLS)/uv/bin/uv)
PYTHON3 ?= python3
RUN := $(UV) run --frozen --no-sync
ARGS ?=
TESTS ?= tests
SOURCES ?= .make/names/sources
# A worker for each core; each begins with a run of neighbouring tests, as those share what they start.
WORKERS := -n logical --maxprocesses 8 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help run wheel packages bundle test test-clients test-browser test-chart test-mlserver attack demo lint format coverage-page controls-page bench bench-quick bench-start bench-review bench-storing bench-replaying bench-streaming bench-detection train-names bench-heldout bench-origins bench-reliability soak fleet-soak fleet-demo protobuf fuzz render-check clean bench-capacity

help: ## What can be done here
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

# uv in a private place, unless the machine has it already.
$(TOOLS)/uv/bin/uv:
	@echo "Installing uv into $(TOOLS)/uv …"
	@$(PYTHON3) -m venv $(TOOLS)/uv
	@$(TOOLS)/uv/bin/pip install --quiet --disable-pip-version-check uv

# The interpreter: .python-version's where uv finds it, else any installed Python from 3.12 on.
.venv/.main: uv.lock pyproject.toml Makefile | $(filter $(TOOLS)/%,$(UV))
	@echo "Installing PromptGuard and what it needs: about 500 MB, and then a minute or two in which its modules are compiled …"
	@tools/sync.sh "$(UV)" --no-default-groups --extra postgresql --extra kafka
	@rm -f .venv/.dev .venv/.bench; touch $@

.venv/.dev: uv.lock pyproject.toml | $(filter $(TOOLS)/%,$(UV))
	@echo "Installing PromptGuard, what it needs, and the tools for its tests; then a minute or two of compiling …"
	@tools/sync.sh "$(UV)"
	@rm -f .venv/.bench; touch $@ .venv/.main

.venv/.bench: uv.lock pyproject.toml | $(filter $(TOOLS)/%,$(UV))
	@echo "Installing what figures are compared with, and the fuzzer (about 70 MB more) …"
	@tools/sync.sh "$(UV)" --group bench
	@touch $@ .venv/.dev .venv/.main

# Patterns are compiled once, so that the first start need not.
.venv/.prepared: .venv/.main
	@echo "Compiling patterns: some seconds …"
	@$(RUN) promptguard prepare
	@touch $@

run: .venv/.prepared ## Start the proxy (ARGS='--listen 0.0.0.0:8080')
	@$(RUN) promptguard run $(ARGS)

wheel: | $(filter $(TOOLS)/%,$(UV)) ## Build the wheel into dist/: it is all that another machine needs
	@$(UV) build --wheel --out-dir dist .

packages: | $(filter $(TOOLS)/%,$(UV)) ## Build a Debian package and an RPM into dist/ (ARGS='deb --python 3.12')
	@$(PYTHON3) tools/packages/build.py --uv "$(UV)" $(if $(ARGS),$(ARGS),deb rpm)

bundle: | $(filter $(TOOLS)/%,$(UV)) ## Build an archive for machines without the internet (ARGS='--sign KEY')
	@$(PYTHON3) -m tools.packages.bundle --uv "$(UV)" $(ARGS)

demo: .venv/.dev ## Watch prompts of real clients being redacted, restored and blocked
	@$(RUN) promptguard demo $(ARGS)

test: .venv/.dev ## Run the tests (TESTS=tests/policy)
	@$(RUN) pytest $(WORKERS) $(TESTS) $(ARGS)

test-clients: .venv/.dev ## Try unmodified AI clients behind the proxy (ARGS='-k codex')
	@tools/install_clients.sh "$(UV)"
	@$(RUN) pytest tests/clients $(ARGS)

test-browser: .venv/.dev ## Look at the layer in pages of web chats, in Chromium (ARGS='-k claude')
	@npm install --silent --no-save --prefix .make/browser axe-core@4.14.1 oidc-provider@9.13.3
	@$(RUN) pytest tests/browser $(ARGS)

test-chart: .venv/.dev ## Render the Helm chart and hold it and the image against their rules (ARGS='-k network')
	@PYTHON3=$(PYTHON3) tools/install_helm.sh
	@$(RUN) pytest tests/deploy $(ARGS)

test-mlserver: .venv/.dev ## Have MLServer run the names model, and find the same (320 MB more)
	@tools/install_mlserver.sh "$(UV)"
	@$(RUN) pytest tests/detectors/names/inference_server $(ARGS)

attack: .venv/.dev ## Attack a running proxy and judge by what arrives (ARGS='-k smuggling')
	@$(RUN) pytest $(WORKERS) tests/attack $(ARGS)
	@SEQUENCES=200 $(RUN) pytest --timeout 1200 tests/sequences $(ARGS)

lint: .venv/.dev ## Check style and types
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(RUN) mypy
	@$(RUN) mypy --platform win32 --cache-dir .mypy_cache/win32
	@[ ! -x .venv/bin/hadolint ] || $(RUN) hadolint Dockerfile

format: .venv/.dev ## Put the code into its standard form
	@$(RUN) ruff format .
	@$(RUN) ruff check --fix .

train-names: .venv/.dev ## Train the names model, half an hour on one core (SOURCES='folder folder')
	@tools/sync.sh "$(UV)" --group train
	@$(RUN) python -m tools.names $(SOURCES) $(ARGS)
	@$(RUN) python -m tools.names.calibrate $(SOURCES)

coverage-page: .venv/.dev ## Write what is known of each service's requests into docs/coverage.md
	@$(RUN) python -m tests.surfaces.page

controls-page: .venv/.dev ## Write the table of controls into docs/controls.md
	@$(RUN) python -m tests.controls.page

bench: .venv/.dev ## Measure what the proxy costs, against bare mitmproxy in the same run
	@$(RUN) python benchmarks/latency.py $(ARGS)

bench-quick: .venv/.dev ## The same in two minutes
	@$(RUN) python benchmarks/latency.py --quick $(ARGS)

bench-start: .venv/.dev ## Measure starts and memory (ARGS='--model rampart')
	@$(RUN) python benchmarks/starting.py $(ARGS)

bench-review: .venv/.dev ## Measure the pages of the console at a million decisions, on SQLite and PostgreSQL (ARGS='--decisions 10000000')
	@$(RUN) python -m benchmarks.review $(ARGS)

bench-storing: .venv/.dev ## Measure how many decisions a second are recorded, on SQLite and PostgreSQL
	@$(RUN) python benchmarks/storing.py $(ARGS)

bench-replaying: .venv/.dev ## Measure how long a trial of a policy takes on a million decisions (ARGS='--only sqlite')
	@$(RUN) python -m benchmarks.replaying $(ARGS)

bench-streaming: .venv/.dev ## Measure time to the first token, and memory over a stream of two hours
	@$(RUN) python benchmarks/streaming.py $(ARGS)

bench-detection: .venv/.bench ## Score the detectors on our corpus, beside stock Presidio (ARGS=--quick)
	@$(RUN) python -m benchmarks.detection $(ARGS)

bench-heldout: .venv/.bench ## Score persons in real public texts that nobody tunes on (ARGS='--half unseen')
	@$(RUN) python -m benchmarks.heldout $(ARGS)

bench-origins: .venv/.bench ## See whether names of all origins are found alike
	@$(RUN) python -m benchmarks.origins $(ARGS)

bench-reliability: .venv/.bench ## See how often a found person is one, by score (ARGS='--picture FILE')
	@$(RUN) python -m benchmarks.reliability $(ARGS)

bench-capacity: .venv/.dev ## Compute how many machines a company needs, and simulate a day (ARGS=all measures all of it first)
	@$(RUN) python -m benchmarks.capacity $(ARGS)

soak: .venv/.bench ## Scan 100,000 varied texts and see that memory stays flat
	@$(RUN) python -m benchmarks.soak $(ARGS)

faults: .venv/.dev ## Take away what the record rests on, kill the proxy 200 times: nothing leaves unrecorded (KILLS=2)
	@PROMPTGUARD_KILLS=$(or $(KILLS),200) $(RUN) pytest $(WORKERS) tests/e2e/faults $(ARGS)

fleet-soak: .venv/.dev ## Kill four proxies and their PostgreSQL 200 times and see that nothing is lost or doubled (FAULTS=200)
	@PROMPTGUARD_FLEET_FAULTS=$(or $(FAULTS),200) $(RUN) pytest -s tests/storage/test_fleet.py $(ARGS)

fleet-demo: .venv/.dev ## Put four proxies behind HAProxy through what happens to machines, and see that nobody is lost (ROUNDS=3)
	@PROMPTGUARD_FLEET_MACHINES=$(or $(MACHINES),4) PROMPTGUARD_FLEET_ROUNDS=$(or $(ROUNDS),3) $(RUN) pytest -s tests/e2e/fleet $(ARGS)

protobuf: .venv/.dev ## Replace a value in 10,000 random messages, beside Google's own library (MESSAGES=10000)
	@PROMPTGUARD_MESSAGES=$(or $(MESSAGES),10000) $(RUN) pytest tests/wire/documents/test_protobuf.py $(ARGS)

fuzz: .venv/.bench ## Hostile texts, requests and files: no crash, no hang, linear time (ARGS='--seconds 600')
	@$(RUN) python -m benchmarks.fuzz $(ARGS)

render-check: .venv/.dev ## Hold what is put back into answers against real renderers (ARGS='--count 2000')
	@$(RUN) python -m benchmarks.rendering $(ARGS)

clean: ## Remove what was installed and cached here
	rm -rf .venv $(TOOLS) .mypy_cache .ruff_cache .pytest_cache .hypothesis
