# Two commands to know: `make demo` and `make test`. `make help` lists the others.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3

bin := .venv/bin
python := $(bin)/python
front_sources := $(shell find static/src static/public -type f 2>/dev/null) $(wildcard static/*.ts static/*.js static/*.json)

.PHONY: help demo test lint unit unit-sqlite unit-postgresql front browser bench screens lock messages clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/installed static/dist/.vite/manifest.json ## start everything with the sample district: PORT=, HOST=, REDIS_URL=, VERBOSE=1
	@exec $(python) -m metacity.demo

test: lint unit front browser ## run every check and test, on SQLite and PostgreSQL, and in a browser
	@$(python) -m tests.closing

lint: .venv/installed-dev static/node_modules/.package-lock.json ## run every static check
	@echo "— lint"
	@$(bin)/ruff format --check --quiet . || { echo "Run: $(bin)/ruff format ."; exit 1; }
	@$(bin)/ruff check --quiet .
	@METACITY_MODE=test $(bin)/mypy --no-error-summary metacity twin participation
	@METACITY_MODE=test $(bin)/lint-imports --no-cache > .lint-imports.log 2>&1 || { cat .lint-imports.log; exit 1; }; rm -f .lint-imports.log
	@$(bin)/djlint --quiet --lint templates
	@mkdir -p var && METACITY_MODE=test $(python) manage.py makemigrations --check --dry-run -v 0
	@$(call npm,run --silent typecheck)
	@$(call npm,run --silent lint)

unit: unit-sqlite unit-postgresql ## unit and integration tests on both databases

unit-sqlite: .venv/installed-dev static/dist/.vite/manifest.json
	@echo "— tests on SQLite and Redis"
	@$(python) -m tests.run sqlite

unit-postgresql: .venv/installed-dev static/dist/.vite/manifest.json
	@echo "— tests on PostgreSQL and Redis"
	@$(python) -m tests.run postgresql

front: static/node_modules/.package-lock.json ## front-end tests
	@echo "— front-end tests"
	@$(call npm,run --silent test)

browser: .venv/installed-dev static/dist/.vite/manifest.json ## journeys in Chromium
	@echo "— journeys in the browser"
	@$(python) -m tests.run browser

bench: .venv/installed-dev static/dist/.vite/manifest.json ## list the benchmarks; run one: python -m tests.bench.NAME --help
	@for file in tests/bench/[a-z]*.py; do echo "$(python) -m tests.bench.$$(basename $$file .py)"; done

screens: .venv/installed-dev static/dist/.vite/manifest.json ## take the pictures of every page into var/screens, and the README's
	@$(python) -m tests.e2e.screens

messages: .venv/installed-dev ## list texts without a translation
	@METACITY_MODE=test $(python) -m pytest -q tests/test_translations.py

lock: .venv/installed-dev ## resolve pyproject.toml into the lock files
	@$(bin)/uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-header -q -o requirements.lock
	@$(bin)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 --no-header -q -o requirements-dev.lock

clean: ## remove what was built, and the demo's data
	rm -rf .venv static/node_modules static/dist var

# --- What the commands above build upon ---

# npm of the system's Node.js, or of the wheel's, within static/.
npm = folder=$$($(python) metacity/commons/node.py) && cd static && PATH="$$folder:$$PATH" npm $(1)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "MetaCity needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv is missing. Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.lock | .venv/bin/python
	@echo "  Python packages (a minute the first time)"
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/installed-dev: requirements-dev.lock | .venv/bin/python
	@echo "  Python packages for development (a minute the first time)"
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/installed

static/node_modules/.package-lock.json: static/package-lock.json | .venv/installed
	@echo "  Front-end packages"
	@$(call npm,ci --silent --no-audit --no-fund)
	@touch $@

static/dist/.vite/manifest.json: $(front_sources) static/node_modules/.package-lock.json
	@echo "  Front end"
	@$(call npm,run --silent build)
	@touch $@
