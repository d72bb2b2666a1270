# Verbs for students and for the kit itself. The first `make grade` or `make test` sets up .venv.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
EX ?=
SUBMISSION ?= exercises
FN ?=
DIR ?=
OUT ?= results
ARGS ?=

# Files, functions and storage of their own: `make test` does not see the benches.
BENCH := tests/bench -o python_files='bench_*.py' -o python_functions='bench_*' --timeout 0 \
	--benchmark-storage=file://./.gatecheck/bench --benchmark-max-time=0.5 \
	--benchmark-columns=min,median,iqr,rounds --benchmark-sort=name

.PHONY: help grade hint solution test verify audit bench bench-compare bench-ratios bench-verdicts
.PHONY: watch list reset bench-watch notebooks report demo stubs release gradescope
.PHONY: batch bench-batch similar doctor lint format clean

help: ## list the verbs
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 16

grade: $(VENV)/.ready ## grade your exercises: make grade, make grade EX=gru, make grade SUBMISSION=dir
	@$(PY) -m grader grade $(EX) --submission "$(SUBMISSION)" $(ARGS)

hint: $(VENV)/.ready ## the next hint: make hint EX=gru, make hint EX=gru FN=update_gate
	@$(PY) -m grader hint $(EX) $(FN) --submission "$(SUBMISSION)" $(ARGS)

solution: $(VENV)/.ready ## how we wrote what you have full marks for: make solution EX=gru
	@$(PY) -m grader solution $(EX) $(FN) --submission "$(SUBMISSION)" $(ARGS)

watch: $(VENV)/.ready ## grade whatever you save, at once: make watch, make watch EX=gru
	@$(PY) -m grader watch $(EX) --submission "$(SUBMISSION)" $(ARGS)

list: $(VENV)/.ready ## how far each exercise is, and what to do next
	@$(PY) -m grader list $(ARGS)

reset: $(VENV)/.ready ## an exercise's untouched file again, make reset EX=gru; your work is kept
	@$(PY) -m grader reset $(EX) $(ARGS)

notebooks: $(VENV)/.ready-notebook ## the exercises as notebooks in notebooks/: make notebooks, make notebooks EX=gru
	@$(PY) -m grader notebooks $(EX) $(ARGS)

report: $(VENV)/.ready ## the report as one web page, with pictures: make report, make report EX=gru ARGS="--out my.html"
	@$(PY) -m grader report $(EX) --submission "$(SUBMISSION)" $(ARGS)

similar: $(VENV)/.ready-similar ## the pairs of a class whose code is alike, as a page: make similar DIR=submissions
	@$(PY) -m grader similar "$(DIR)" $(ARGS)

doctor: $(VENV)/.ready ## is this machine fit to grade? each layer of the sandbox is tried; OUT is the disk to look at
	@$(PY) -m grader doctor --out "$(if $(filter $(origin OUT),file),.,$(OUT))" $(ARGS)

demo: $(VENV)/.ready ## train the solutions' networks, let them write, and plot their gradients
	@$(PY) -m grader.demo $(ARGS)

stubs: $(VENV)/.ready ## write the untouched exercises again from the solutions
	@$(PY) -m grader.stubs $(ARGS)

test: $(VENV)/.ready-dev ## run the kit's own tests, verify among them
	@$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

verify: $(VENV)/.ready-dev ## only the tests that prove the checks, with every style and wrong version
	@VERIFY_ALL=1 $(PY) -m pytest -n 2 --dist worksteal tests/kit/test_verify.py $(ARGS)

audit: $(VENV)/.ready ## prove the checks with wrong versions and mutants: make audit, make audit EX=gru
	@$(PY) -m grader audit $(EX) $(ARGS)

release: $(VENV)/.ready ## for teachers: what students get, make release DIR=../student; ARGS=--server is yours
	@$(PY) -m grader release "$(DIR)" $(ARGS)

batch: $(VENV)/.ready ## for teachers: grade a class, make batch DIR=submissions OUT=results; again goes on
	@$(PY) -m grader batch "$(DIR)" $(EX) --out "$(OUT)" $(ARGS)

gradescope: $(VENV)/.ready ## write autograder.zip for Gradescope: make gradescope, make gradescope EX="rnn gru"
	@$(PY) -m grader gradescope $(EX) $(ARGS)

bench: $(VENV)/.ready-dev ## time networks and the kit, and keep the result: make bench, make bench ARGS="-k gru"
	@$(PY) -m pytest $(BENCH) --benchmark-autosave $(ARGS)

bench-compare: $(VENV)/.ready-dev ## the same against the last result that `make bench` kept
	@$(PY) -m pytest $(BENCH) --benchmark-compare $(ARGS)

bench-ratios: $(VENV)/.ready ## ratios of times taken side by side, those of the documentation
	@$(PY) -m tests.bench.ratios $(ARGS)

bench-verdicts: $(VENV)/.ready ## how often is a timing verdict wrong on this machine?
	@$(PY) -m tests.bench.verdicts $(ARGS)

bench-batch: $(VENV)/.ready-dev ## submissions a minute of a batch, beside a loop of make grade and plain pytest; memory
	@$(PY) -m tests.bench.batch $(ARGS)

bench-watch: $(VENV)/.ready-dev ## how long after a save watch shows the first failure and the verdict
	@$(PY) -m tests.bench.watch $(ARGS)

lint: $(VENV)/.ready-dev ## ruff and mypy
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy

format: $(VENV)/.ready-dev ## let ruff format the code
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

clean: ## remove what the set-up and the tools made
	@rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { echo 'gatecheck needs Python 3.10 or newer: install it, or name it: make PYTHON=python3.12 grade'; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo 'Setting up $(VENV): this happens once and takes a minute or two (PyTorch is large) ...'
	@$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.ready-notebook: $(VENV)/.ready
	@$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[notebook]'
	@touch $@

$(VENV)/.ready-similar: $(VENV)/.ready
	@$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[similar]'
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
