# Everything starts here; each target sets up what it needs first (quick when nothing changed).
#   make demo     characterise the two neuron cells on published junctions: tables, NetCDF, PNG, HTML under out/
#   make test     the whole suite           make lint     ruff, mypy, layers      make bench    timings, side by side
#   make setup    environment only          make docs     site/                   make clean    remove what was built
# Options: PYTHON=python3.12 (interpreter), PYTEST_ARGS="-k telegraph", ENGINES=required|if-available|off, WORKERS=N
SHELL := /bin/bash
PY := .venv/bin/python
WORKERS ?= 2
ENGINES ?= if-available
PYTEST_ARGS ?=

.PHONY: help setup tools cosim drawings demo test test-slow lint format bench bench-all docs clean
help:
	@sed -n '2,6s/^# \{0,1\}//p' Makefile

setup:
	@bash scripts/setup.sh

# What only the tests need: their tools, transistor models of foundries, Yosys.
tools:
	@bash scripts/setup.sh test

# Verilator and a C++ compiler, for circuits with Verilog in them.
cosim:
	@bash scripts/install_verilator.sh

# xschem, with which the tests netlist drawings.
drawings:
	@bash scripts/install_xschem.sh

demo: setup
	$(PY) -m spinspice demo --out out
	@echo "next: . .venv/bin/activate, then for instance: spinspice doctor"

test: tools cosim drawings
	$(PY) -m pytest -n $(WORKERS) --dist worksteal --engines $(ENGINES) $(PYTEST_ARGS)

test-slow: tools cosim drawings
	$(PY) -m pytest -n $(WORKERS) --dist worksteal --engines $(ENGINES) -m slow --timeout 1800 $(PYTEST_ARGS)

lint:
	@bash scripts/setup.sh lint test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo

format:
	@bash scripts/setup.sh lint test
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench:
	@bash scripts/setup.sh bench test
	$(PY) -m benchmarks --page out/bench.md

bench-all:
	@bash scripts/setup.sh bench test
	$(PY) -m benchmarks --page out/bench-all.md --all

docs:
	@bash scripts/setup.sh docs
	$(PY) scripts/write_api.py
	$(PY) scripts/gallery.py
	$(PY) -m mkdocs build --strict --quiet
	@echo "docs: open site/index.html"

clean:
	rm -rf out site build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
