# Each verb sets up what it needs, from a clone with only Python 3.11 and make.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: setup app demo test lint type bench check docs lock
.DEFAULT_GOAL := app

setup: $(VENV)/.dev-ready  ## everything for working on the project

# What the app needs, pinned; the package itself without asking for newer ones.
$(VENV)/.app-ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.dev-ready: requirements-dev.lock $(VENV)/.app-ready
	$(RUN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	touch $@

app: $(VENV)/.app-ready  ## prepare the demo region and open the app
	$(RUN)/laegedaekning app

demo: $(VENV)/.app-ready  ## the demo region without a screen: every output in out/demo
	$(RUN)/laegedaekning run data/demo/study.toml --out out/demo

# A file's tests share what is slow to make, so a file stays in one process.
SIDE_BY_SIDE := --numprocesses auto --dist loadfile

test: $(VENV)/.dev-ready  ## every test, the fast ones first
	$(RUN)/python -m pytest $(SIDE_BY_SIDE) tests/unit tests/rules
	$(RUN)/python -m pytest $(SIDE_BY_SIDE) tests/properties tests/contracts tests/oracles \
	    tests/app tests/real
	$(RUN)/python -m pytest tests/browser

lint: $(VENV)/.dev-ready
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/lint-imports

type: $(VENV)/.dev-ready
	$(RUN)/mypy

bench: $(VENV)/.dev-ready  ## ratios against other engines, in one interleaved run
	$(RUN)/python -m benchmarks

check: lint type test

docs: $(VENV)/.dev-ready  ## the tables of docs/ that are made from the rules and the sources
	$(RUN)/python -m docs.make_tables

# Pins every package; run it to take newer ones.
lock: $(VENV)/.dev-ready
	$(RUN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url \
	    --no-emit-trusted-host --no-emit-find-links --upgrade --extra dev \
	    -o requirements-dev.lock pyproject.toml
	$(RUN)/pip-compile --quiet --strip-extras --no-header --no-emit-index-url \
	    --no-emit-trusted-host --no-emit-find-links -c requirements-dev.lock \
	    -o requirements.lock pyproject.toml
