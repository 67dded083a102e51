# `make demo` and `make test` set up whatever is missing first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PO := $(wildcard */locale/*/LC_MESSAGES/*.po)
PROJECT := pyproject.toml hatch_build.py $(PO)

.DEFAULT_GOAL := help

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/demo ## Open the help desk in a local Slack, with a web page
	@$(BIN)/guichet demo

install: $(VENV)/run ## Set up what running needs, for .venv/bin/guichet

run: install ## Run the bot in a real Slack, with what .env says
	@$(BIN)/guichet run

# Reading the tests takes twice as long without the bytecode of the run before.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/dev ## Run every test
	@$(BIN)/python -m tests.support.browser
	@$(BIN)/pytest -n 3 --dist worksteal

check: $(VENV)/dev ## Style, types, imports, workflows
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/check-jsonschema -q --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema -q --builtin-schema vendor.dependabot .github/dependabot.yml

search-quality: $(VENV)/dev ## Measure the catalogue's search, on FILE="queries with their right answers"
	@$(BIN)/python -m tests.search_quality $(FILE)

calendar-cases: $(VENV)/dev ## Hold the calendar against a count minute by minute: CASES=10000
	CALENDAR_CASES=$(or $(CASES),10000) $(BIN)/pytest tests/models/test_calendar_arithmetic.py

bench: $(VENV)/dev ## Measure, write docs/benchmarks.md, list missed goals: BENCH_FULL=1, BENCH_PEERS=1, STRICT=1
	@$(BIN)/python -m tests.bench $(if $(STRICT),--strict)

bench-compare: $(VENV)/dev ## Measure BASE=main and this tree in turns: ROUNDS=7, FIGURES="start drain"
	@$(BIN)/python -m tests.bench.compare $(FIGURES)

footprint: $(VENV)/dev ## Simulate a week of a large desk in 1 core and 512 MB, into docs/benchmarks.md
	@$(BIN)/python -m tests.bench footprint --write

chaos: $(VENV)/dev ## Kill processes, fail everything else, count the losses: KILLS=, SEED=, TRANSPORT=
	@$(BIN)/python -m tests.chaos $(or $(KILLS),30)

year: $(VENV)/dev ## Simulate a year of the desk, check what was promised, reminded, closed: TICKETS=, SEED=, DATABASE=
	@$(BIN)/python -m tests.year $(DATABASE)

screenshots: $(VENV)/dev ## Take the documents' screenshots again
	$(BIN)/python -m tests.screenshots

lock: $(VENV)/uv ## Compile the requirements from pyproject.toml; versions stay unless it asks for newer ones
	$(call compile,pyproject.toml,run)
	$(call compile,-c requirements/run.txt --group build,build)
	$(call compile,-c requirements/run.txt -c requirements/build.txt --group build --group release,release)
	$(call compile,-c requirements/run.txt --extra demo pyproject.toml,demo)
	$(call compile,-c requirements/demo.txt -c requirements/release.txt --extra demo --group build --group dev \
		pyproject.toml,dev)

upgrade: ## Compile them with the newest versions
	@$(MAKE) --no-print-directory lock UPGRADE=--upgrade
	@git diff --stat -- requirements

compile = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE) \
	$(1) -o requirements/$(2).txt

release: $(VENV)/release ## Build dist/: wheel, source archive, SBOM, hashes
	@BIN=$(BIN) .ci/release

messages: $(VENV)/dev ## Bring the translations up to date with the code
	$(BIN)/pybabel -q extract --no-location --sort-output -w 100 -k N_ -k plural:1,2 -F pyproject.toml \
		-o $(VENV)/guichet.pot bot blocks models
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 100 \
		-D guichet -i $(VENV)/guichet.pot -d blocks/locale

policy: $(VENV)/run ## Print who is told what, and which data are personal, into docs/
	$(BIN)/python -m bot.notifications.policy_document
	$(BIN)/python -m models.personal_data.document

migration: $(VENV)/dev ## Write a migration, with m="what it does"
	$(BIN)/python -m bot.ops.migrate "$(m)"
	$(BIN)/ruff format -q models/migrations

clean: ## Remove what was set up
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Guichet needs Python 3.11 or newer: try make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "Guichet needs Python's venv module: install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/uv: $(VENV)/python requirements/uv.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt \
		|| echo "uv cannot be had here: plain pip will do"
	@touch $@

# uv when it is there, plain pip otherwise: both check the hashes. What builds Guichet stays out of $(VENV) with uv.
install = if test -x $(BIN)/uv; then \
		VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q --require-hashes -r $(1) \
		&& VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q --no-deps --build-constraints requirements/build.txt -e .; \
	else \
		$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes \
			-r $(1) -r requirements/build.txt \
		&& $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi

# What is installed only grows: each of these has all of the one before it, in the same versions.
$(VENV)/run: $(VENV)/uv requirements/run.txt requirements/build.txt $(PROJECT)
	@$(call install,requirements/run.txt)
	@touch $@

$(VENV)/demo: $(VENV)/uv requirements/demo.txt requirements/build.txt $(PROJECT)
	@$(call install,requirements/demo.txt)
	@touch $@ $(VENV)/run

$(VENV)/dev: $(VENV)/uv requirements/dev.txt requirements/build.txt $(PROJECT)
	@$(call install,requirements/dev.txt)
	@touch $@ $(VENV)/run $(VENV)/demo

$(VENV)/release: $(VENV)/python requirements/release.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/release.txt
	@touch $@

.PHONY: help demo install run test check search-quality calendar-cases bench bench-compare \
	footprint chaos year screenshots lock upgrade release messages policy migration clean
