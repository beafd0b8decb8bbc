# Everything runs from .venv, which the first target that needs it makes.
# PYTHON names the interpreter to make it with (3.11 or later).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := build/demo
DATA := instances/data

# How often `make kill` kills each verb by each signal.
POINTS ?= 100

# What `make fuzz` does: for how long, from which seed, with how many inputs at most, and how often
# the command line runs.
SECONDS ?= 60
SEED ?= 1
COUNT ?= 1000000
COMMANDS ?= 20

.PHONY: demo test test-long kill fuzz bench check format clean

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "qnnhard needs Python 3.11 or later: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable .
	@touch $(READY)

demo: $(READY)
	@mkdir -p $(DEMO)
	$(BIN)/qnnhard verify all $(DATA)/uf20-01.cnf $(DATA)/uf50-01.cnf $(DATA)/uuf50-01.cnf \
		$(DATA)/dancing-links.json --proof-dir $(DEMO) --failures-dir $(DEMO)
	$(BIN)/qnnhard verify hitting-set $(DATA)/myciel3.col --set budget=6 --failures-dir $(DEMO)
	$(BIN)/qnnhard verify hitting-set $(DATA)/myciel3.col --set budget=5 \
		--proof-dir $(DEMO) --failures-dir $(DEMO)
	$(BIN)/qnnhard verify disjoint-paths $(DATA)/routing-yes.dag $(DATA)/routing-no.dag \
		--proof-dir $(DEMO) --failures-dir $(DEMO)
	$(BIN)/qnnhard verify subset-sum-neurons $(DATA)/subset-sum.json --cross-check \
		--failures-dir $(DEMO)
	$(BIN)/qnnhard verify subset-sum-inputs $(DATA)/subset-sum.json --failures-dir $(DEMO)
	$(BIN)/qnnhard verify three-partition $(DATA)/three-partition.json --failures-dir $(DEMO)
	$(BIN)/qnnhard verify bin-packing $(DATA)/bin-packing.json --failures-dir $(DEMO)
	$(BIN)/qnnhard verify posslp $(DATA)/squaring.slp --failures-dir $(DEMO)
	$(BIN)/qnnhard verify continuous $(DATA)/xor.json --cross-check --failures-dir $(DEMO)
	$(BIN)/qnnhard family ladder --set size=10000 --seed 7 -o $(DEMO)/ladder.json
	$(BIN)/qnnhard solve $(DEMO)/ladder.json -o $(DEMO)/ladder-parameters.json; test $$? -eq 10
	$(BIN)/qnnhard sparsify $(DEMO)/ladder.json $(DEMO)/ladder-parameters.json \
		-o $(DEMO)/ladder-sparse.json
	$(BIN)/qnnhard map $(DEMO)/ladder.json

test: $(READY)
	$(BIN)/python -m pytest -n auto

test-long: $(READY)
	$(BIN)/python -m pytest -n auto -m "long or not long"

kill: $(READY)
	$(BIN)/python -m tests.qnnhard.cli.kills --points $(POINTS)

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS) --seed $(SEED) --count $(COUNT)
	$(BIN)/python -m tests.fuzz.command --seed $(SEED) --count $(COMMANDS)

bench: $(READY)
	$(BIN)/python benchmarks/bench.py

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
