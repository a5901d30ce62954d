# Everything that CI runs, and everything that a newcomer needs.
PYTHON ?= $(firstword $(foreach v,3.13 3.12 3.11,$(if $(shell python$(v) -c 'import venv, ensurepip' 2>/dev/null && echo ok),python$(v),)) python3)
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# A file's tests run in one process, so that what they share is made once; the dear files begin.
SPREAD := -n 2 --dist loadfile --no-loadscope-reorder
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore

.PHONY: help setup demo test test-fast check format lock docs requirements sbom bench streams soak clean
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
	  echo "overt needs Python 3.11, 3.12 or 3.13 with its venv module; found: $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "On Debian or Ubuntu: apt-get install python3-venv; or name one: make setup PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	$(BIN)/python -m compileall -q src # where bytecode may not be written, each start would compile
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(VENV)/run.stamp ## a virtual environment in .venv with overt in it

demo: setup ## the whole main job on a clip made from public-domain portraits (ARGS=--headless)
	@$(BIN)/overt demo $(ARGS)

test: $(VENV)/dev.stamp ## every test (ARGS="-k name" for some)
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)

test-fast: $(VENV)/dev.stamp ## the tests that take less than ten seconds each
	$(BIN)/python -m pytest $(SPREAD) -m "not slow" $(ARGS)

bench: setup ## overt, its peers and the floor on the same clips, side by side (ARGS=--quick)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.bench $(ARGS)

streams: setup ## live streams: 50 passages a second, two of 1080p, four of 720p (minutes)
	@$(BIN)/python -m benchmarks.streams $(ARGS)

soak: setup ## four live streams with lost cameras for twenty minutes: nothing may grow
	@$(BIN)/python -m benchmarks.soak $(ARGS)

check: $(VENV)/dev.stamp ## format, lint, types, import contracts, value lock, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/ast-grep test --skip-snapshot-tests
	$(BIN)/ast-grep scan --error
	$(BIN)/python docs/generate.py --check

docs: $(VENV)/dev.stamp ## write the generated pages of docs/ anew
	$(BIN)/python docs/generate.py

requirements: $(VENV)/dev.stamp ## docs/requirements.md and build/requirements.json from the marked tests that pass
	$(BIN)/python -m pytest $(SPREAD) -m requirement --requirements build/marked-tests.json $(ARGS)
	$(BIN)/python docs/requirements.py build/marked-tests.json build/requirements.json

sbom: setup ## build/sbom.cdx.json: what overt is made of, as CycloneDX, from the locks
	@$(BIN)/python docs/sbom.py build/sbom.cdx.json

format: $(VENV)/dev.stamp ## rewrite to the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## write the locked requirements anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --group dev pyproject.toml -o requirements-dev.txt

clean: ## remove what was built
	rm -rf $(VENV) build
