# zhiyin builds everything from python3 (3.11 or newer) and make:
#   make demo   today's list from real data        make test   the whole test suite
#   make check  style, types, floors, quick tests  make bench  the figures of the README
#   make docs   the generated pages of docs/       make lock   the exact versions in requirements/
#   make bench-identity   who is who, beside Splink; with a million records about a quarter of an hour
#   make bench-intake  events a second over HTTP    make faults   kills, full disks, many programs at once; half an hour
#   make bench-live   from an acknowledged event to the changed view, through the real server
#   make bench-predict   tables, questions, forecasts, demand, effects and value, each beside its peers; about an hour
#   make bench-recommend   recommendation on public sets beside its peers, one call, growth, off-policy estimates; about an hour
#   make bench-matching   products and papers of two shops, ten sets with their published splits; about ten minutes
#   make bench-scale   an invented company of a million customers, at 1/16, 1/4 and 1 of its size; long: about an hour
#   make bench-clients   client libraries of others against a server that is killed; needs node for one of them; five minutes
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
WORKERS ?= 2
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host --strip-extras --allow-unsafe --build-deps-for editable $(UPGRADE)

.NOTPARALLEL:
.DEFAULT_GOAL := help
# Benchmarks that take long and have a target of their own.
LONG := recommend recommend_voices recommend_nearest recommend_load off_policy counterfactual live_lists recommend_http scale strategy identity faults clients live matching prediction tables forecasting demand uplift value
.PHONY: help demo test check lint quick bench bench-predict bench-recommend bench-scale bench-identity bench-intake bench-clients bench-live bench-matching faults docs lock clean

help:
	@sed -n '2,13s/^#   //p' Makefile

# One environment; each stamp names what is in it, so a second call installs nothing.
$(VENV)/made:
	@command -v $(PYTHON) >/dev/null || { echo "zhiyin needs Python 3.11 or newer, and '$(PYTHON)' is not there. Name one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "zhiyin needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version). Name a newer one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/base $(VENV)/demo $(VENV)/dev: $(VENV)/%: requirements/%.txt | $(VENV)/made
	@echo "Installing requirements/$*.txt ..."
	@$(PIP) install --require-hashes --requirement requirements/$*.txt
	@touch $@

$(VENV)/zhiyin: pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(VENV)/demo $(VENV)/zhiyin
	@$(BIN)/zhiyin demo

test: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: lint quick

lint: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/ruff format --check --quiet . || { echo "Fix: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy src/zhiyin
	@$(BIN)/lint-imports --no-cache

quick: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow" --hypothesis-profile quick --quiet

bench: $(VENV)/dev $(VENV)/zhiyin
	@for script in $(filter-out $(LONG:%=benchmarks/%.py),$(wildcard benchmarks/[!_]*.py)); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

bench-identity: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python benchmarks/identity.py --write benchmarks/results/identity.md $(ARGUMENTS)

bench-matching: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python benchmarks/matching.py --write benchmarks/results/matching.md $(ARGUMENTS)

DATA := ../shared/data
bench-predict: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python benchmarks/_predict.py $(DATA) $(ARGUMENTS)

bench-recommend: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python -W ignore benchmarks/recommend.py --data $(DATA) --write benchmarks/results/recommend.md $(ARGUMENTS)
	@$(BIN)/python -W ignore benchmarks/recommend_voices.py --data $(DATA) --write benchmarks/results/recommend_voices.md
	@$(BIN)/python -W ignore benchmarks/recommend_context.py --data $(DATA) --write benchmarks/results/recommend_context.md
	@$(BIN)/python -W ignore benchmarks/recommend_load.py --write benchmarks/results/recommend_load.md
	@$(BIN)/python -W ignore benchmarks/recommend_nearest.py --write benchmarks/results/recommend_nearest.md
	@$(BIN)/python benchmarks/live_lists.py --data $(DATA) --write benchmarks/results/live_lists.md
	@$(BIN)/python benchmarks/off_policy.py --data $(DATA)/open_bandit_small --write benchmarks/results/off_policy.md
	@$(BIN)/python -W ignore benchmarks/counterfactual.py --write benchmarks/results/counterfactual.md
	@$(BIN)/python benchmarks/recommend_http.py --write benchmarks/results/recommend_http.md

bench-scale: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python benchmarks/scale.py $(ARGUMENTS)

bench-intake: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python benchmarks/intake.py $(ARGUMENTS)

faults: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python -m pytest -n 0 -q tests/store/test_inbox_faults.py tests/store/test_inbox.py tests/api/test_poison.py
	@$(BIN)/python benchmarks/faults.py $(ARGUMENTS)

bench-clients: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python benchmarks/clients.py $(ARGUMENTS)

bench-live: $(VENV)/dev $(VENV)/zhiyin
	@$(BIN)/python benchmarks/live.py $(ARGUMENTS)

docs: $(VENV)/base $(VENV)/zhiyin
	@$(BIN)/python docs/_generate.py

lock: $(VENV)/dev
	$(COMPILE) --extra dev --extra demo --output-file requirements/dev.txt pyproject.toml
	@# The smaller locks start from the largest, so that the same package has the same version in each.
	cp requirements/dev.txt requirements/demo.txt
	$(COMPILE) --extra demo --output-file requirements/demo.txt pyproject.toml
	cp requirements/dev.txt requirements/base.txt
	$(COMPILE) --output-file requirements/base.txt pyproject.toml

clean:
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
