# Needs Python 3.11 or newer, make, and a package index; everything else is installed into .venv.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help demo test slow spark fuzz soundness oracle check bench lint format clean

help:
	@echo "make demo       convert the examples, with what to notice"
	@echo "make test       run the tests"
	@echo "make slow       run the tests that take longer: kills, tampered packs"
	@echo "make spark      install PySpark and run its tests, which need Java 17"
	@echo "make fuzz       run the tests on freshly drawn examples, and more of them"
	@echo "make soundness  hold ten million random inventories against their bounds (minutes)"
	@echo "make oracle     hold the compiled rules against pySHACL on ten thousand claims (minutes)"
	@echo "make check      style, types, knowledge, generated files"
	@echo "make lint       check the knowledge only"
	@echo "make bench      run the benchmarks"
	@echo "make format     let ruff format the code"
	@echo "make clean      remove what these commands made"

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing into .venv ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal

slow: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal -m slow

spark: $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[spark]'
	$(BIN)/python -m pytest -m slow tests/checking/test_spark.py

fuzz: $(READY)
	HYPOTHESIS_PROFILE=fresh $(BIN)/python -m pytest -n auto --dist worksteal

soundness: $(READY)
	$(BIN)/python -m pytest -n auto -m scale tests/engine/test_soundness.py

oracle: $(READY)
	$(BIN)/python -m pytest -n auto -m scale tests/recognition/test_oracle.py

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/crosswalk lint
	$(BIN)/python tools/build_factors.py --check
	$(BIN)/python tools/build_docs.py --check
	$(BIN)/python tools/build_products.py --check

lint: $(READY)
	$(BIN)/crosswalk lint

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	@for file in $(filter-out benchmarks/claims.py,$(sort $(wildcard benchmarks/[a-z]*.py))); do echo "== $$file"; $(BIN)/python $$file || exit 1; done

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
