# `make` lists what there is. Nothing but make and a Python >= 3.11 has to be installed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test test-slow crash test-model check format lock openapi clean bench-trees pages environment environment-dev environment-torch

# Some names may be there and not run (version managers leave such), so each is tried.
FIND_PYTHON = for name in "$$PYTHON" python3 python3.14 python3.13 python3.12 python3.11; do \
	if test -n "$$name" && "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo "$$name"; exit 0; fi; done; \
	echo "papertree needs Python 3.11 or newer, and found none. Install it, or name one: make PYTHON=/path/to/python3" >&2; \
	exit 1
SET_UP = python=$$($(FIND_PYTHON)) && "$$python" tools/set_up.py
BIN := .venv/bin
PAGES := $(BIN)/python tools/build_pages.py

# Variables given to make are in the environment of the recipes, which read them from there: a path may
# hold any character.

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name text; do \
		printf '  make %-12s %s\n' "$$name" "$$text"; done

run: environment ## Run papertree; CORPUS=file brings in a file of papers, PORT=8000, PAPERTREE_DATA=directory
	@set -- serve; \
	if test -n "$$CORPUS"; then set -- "$$@" --corpus "$$CORPUS"; fi; \
	if test -n "$$PORT"; then set -- "$$@" --port "$$PORT"; fi; \
	exec $(BIN)/papertree "$$@"

test: environment-dev ## Run every test of the default set (no GPU; the pages' need npm's packages once)
	@$(PAGES) --dev || echo "The tests of the pages are left out." >&2
	@exec $(BIN)/python -m pytest

test-slow: environment-dev ## Run the tests that take minutes
	@exec $(BIN)/python -m pytest -m slow

crash: environment-dev ## Kill servers under corrections until 200 requests were cut off; PAPERTREE_CRASHES=n
	@exec $(BIN)/python -m pytest -s -m slow tests/journeys/test_correction_crashes.py

test-model: environment-torch ## Run the tests that need PyTorch (installs it)
	@exec $(BIN)/python -m pytest -m model

check: environment-dev ## Check format, lint, types, layers, migrations and the pages
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/alembic_check.py
	$(PAGES) --dev --npm check

format: environment-dev ## Put the code into the agreed form
	$(BIN)/ruff check --fix --exit-zero
	$(BIN)/ruff format
	$(PAGES) --dev --npm format

pages: environment ## Build the web pages if they are stale (make run does it too)
	@$(PAGES)

EXPORT = "$$uv" export --quiet --frozen --no-emit-project --no-header --format requirements-txt
lock: ## Resolve the newest allowed versions into the lock files (needs the network)
	@python=$$($(FIND_PYTHON)) && folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	"$$python" -m venv "$$folder" && "$$folder/bin/pip" install --quiet uv && uv="$$folder/bin/uv" && \
	"$$uv" lock --upgrade && \
	$(EXPORT) --no-dev --group build --output-file requirements.lock >/dev/null && \
	$(EXPORT) --group dev --output-file requirements-dev.lock >/dev/null && \
	$(EXPORT) --extra torch --group dev --output-file requirements-torch.lock >/dev/null && \
	if grep -n '://' requirements.lock requirements-dev.lock requirements-torch.lock; \
	then echo "A lock file names where packages came from; it must not." >&2; exit 1; fi

openapi: environment-dev ## Write docs/openapi.json and the pages' types anew from the application
	@$(BIN)/python tools/write_openapi.py
	@$(PAGES) --dev --npm types

bench-trees: environment-dev ## Compare our trees with the peers' (installs them); CORPORA=demo,dev, PEERS=evoc,ward
	@$(BIN)/python -m benchmarks.peers.set_up && set -- && \
	if test -n "$$CORPORA"; then set -- "$$@" --corpora "$$CORPORA"; fi && \
	if test -n "$$PEERS"; then set -- "$$@" --peers "$$PEERS"; fi && \
	exec $(BIN)/python -m benchmarks.trees "$$@"

clean: ## Delete the environment and all caches; your data stay
	rm -rf .venv .venv-peers .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	rm -rf frontend/node_modules frontend/static
	find app migrations tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@$(SET_UP)

environment-dev:
	@$(SET_UP) --dev

environment-torch:
	@$(SET_UP) --torch
