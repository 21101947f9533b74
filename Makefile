# Heed. `make` alone explains the targets. Needs git, make and Python 3.11 or newer (pip, venv).

PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help env run test lint format migrations messages bench fuzz walkthrough screenshots lock clean

help:
	@echo "make run     start Heed with a demo company; prints the address and the log-ins (Ctrl-C stops it)"
	@echo "make test    every check and test, on SQLite and PostgreSQL, and in a real browser"
	@echo "             parts: make test ARGS='--only lint', ARGS='--engine sqlite heed/intake', ARGS=--help"
	@echo "make env     only prepare .venv, with what development needs"
	@echo "make lint    the checks that run no test"
	@echo "make format  put the code in form"
	@echo "make migrations  write what changed models need: ARGS='conversations --name add_tone'"
	@echo "make messages    bring the interface's catalogues to what code and templates say; ARGS='fr' begins one"
	@echo "make bench   the benchmarks; one alone: .venv/bin/python -m bench.intake --quick"
	@echo "make fuzz    read a million damaged mails; ARGS='--count 20000 --seed 7' for fewer or others"
	@echo "make walkthrough  write docs/walkthrough.md, the main journeys as the accessibility tree tells them"
	@echo "make screenshots  every page in both schemes and three widths, into screenshots/"
	@echo "make lock    choose library versions anew and write the lock files"
	@echo "make clean   remove .venv and caches; data/ stays"

env:
	@$(PYTHON) tools/env.py dev

run:
	@$(PYTHON) tools/env.py run
	@.venv/bin/heed demo
	@exec .venv/bin/heed serve

test: env
	@.venv/bin/python -m tools.test $(ARGS)

lint: env
	@.venv/bin/python -m tools.test --only lint

format: env
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
	@.venv/bin/python -m tools.templates

migrations: env
	@.venv/bin/python -m tools.migrations $(ARGS)

messages: env
	@.venv/bin/python -m tools.translations $(ARGS)

bench: env
	@.venv/bin/python -m tools.bench $(ARGS)

fuzz: env
	@.venv/bin/python -m tools.fuzz $(ARGS)

walkthrough: env
	@.venv/bin/python -m tests.browser walkthrough

screenshots: env
	@.venv/bin/python -m tests.browser screenshots $(ARGS)

lock: env
	@.venv/bin/python -m tools.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
