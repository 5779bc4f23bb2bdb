# Two commands do all the set-up: `make demo` runs the main job, `make test` passes the tests.
# Everything lives in .venv beside this file; PYTHON=/path/to/python3.12 picks another interpreter.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
DEMO ?= demo-project
JOBS ?= 4

.PHONY: demo test check bench lock clean install install-test python

demo: install  ## install, make the demo project, open the desk on it (or replay a coded session where there is no terminal)
	$(BIN)/eventcoder demo $(DEMO)

test: install-test check  ## the whole suite: lint, types, import contracts, tests
	$(BIN)/pytest -q -n $(JOBS) --dist loadgroup --reruns 1 -raR

check: install-test  ## the fast part of the suite: ruff, mypy, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: install-test  ## every benchmark, short; `make bench FULL=1` for the sizes of the budgets
	for b in $$(grep -l '__main__' benchmarks/*.py); do \
	  echo "== $$b"; $(BIN)/python -m benchmarks.$$(basename $$b .py) $(if $(FULL),,--quick) || missed="$$missed $$b"; done; \
	test -z "$$missed" || { echo "budgets missed in:$$missed" >&2; exit 1; }

lock: install-test  ## write requirements-dev.lock again: the versions the suite passes with
	{ echo "# The versions the suite passes with, as constraints: make lock writes this file."; \
	  $(BIN)/python -m pip freeze --exclude-editable | LC_ALL=C sort -f; } > requirements-dev.lock

install: $(VENV)/installed
install-test: $(VENV)/installed-test

python:
	@test -n "$(PYTHON)" || { echo "eventcoder needs Python 3.11 or newer: install one, or name it with PYTHON=…" >&2; exit 2; }

$(BIN)/python: | python
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml requirements-dev.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements-dev.lock -e .
	@touch $@

$(VENV)/installed-test: pyproject.toml requirements-dev.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements-dev.lock -e '.[test]'
	@touch $@ $(VENV)/installed

clean:  ## remove the environment and the demo project
	rm -rf $(VENV) $(DEMO)
