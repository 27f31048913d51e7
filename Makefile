# `make lab` sets the course up and opens it; `make test` proves it. `make help` lists all.

PYTHON ?= python3
TABLES ?=
LESSON ?= notebooks/00_start_here.ipynb
TESTS ?=
EXTRAS ?=
CHECK ?=
SETS ?=
SUBMISSIONS ?= submissions
OUT ?= grades
GRADE ?=
BROWSER_OPTIONS ?=
REPOSITORY ?=
WORKLOAD ?=

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

export PYTHONUTF8 = 1

# The whole course is in view, so that links between folders work. JupyterLab would ask
# other sites for news and updates; the course asks nobody.
LAB_OPTIONS := --ServerApp.root_dir="$(CURDIR)" --LabApp.news_url=None \
  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
  --LabApp.extension_manager=readonly

.PHONY: help setup lab doctor test test-slow test-browser budgets bench bench-training \
  test-hub test-all publish release address grade book browser-packages \
  teaching-times slides lesson python setup-test wheelhouse \
  dependencies test-hypothesis test-order test-limits test-twice test-seeds \
  test-network test-crash test-matrix

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

setup: python ## create .venv, install, fetch and verify the assets (EXTRAS="instructor")
	@"$(PYTHON)" -m course_utils.bootstrap $(EXTRAS)

lab: lesson setup ## open JupyterLab (LESSON=notebooks/... for one lesson)
	@$(BIN)/python -m jupyterlab $(LAB_OPTIONS) --LabApp.default_url=/lab/tree/$(LESSON) \
	  $(BROWSER_OPTIONS)

doctor: setup ## say whether this computer is ready
	@$(BIN)/python -m course_utils doctor

# Two at a time, one thread each: small tests; exercises and lessons; browsers. Lessons
# that train for minutes run alone, on all cores.
TWO_AT_A_TIME := -n 2 -p tests.one_thread
TRAINING := $(wildcard notebooks/0[7-9]_*.ipynb notebooks/10_*.ipynb)
test: setup-test browser-packages ## run the tests and every notebook (TESTS=notebooks/... for one)
ifeq ($(strip $(TESTS)),)
	@$(BIN)/python -m pytest -q $(TWO_AT_A_TIME) --dist worksteal tests
	@$(BIN)/python -m pytest -q $(TWO_AT_A_TIME) --dist loadfile -p tests.lesson_runs \
	  exercises solutions $(filter-out $(TRAINING),$(wildcard notebooks/*.ipynb))
	@$(BIN)/python -m pytest -q $(TWO_AT_A_TIME) --dist loadgroup -m "not slow" \
	  tests/browser
	@$(BIN)/python -m pytest -p tests.lesson_runs $(TRAINING)
else
	@$(BIN)/python -m pytest -p tests.lesson_runs $(TESTS)
endif

# What has a target of its own is left to that.
OWN_TARGETS := budgets limits out_of_order network_faults crashes disk_faults \
  training_room twice seeds
test-slow: setup-test ## the slower proof: fresh clone, other models, no network, Binder
	@$(BIN)/python -m pytest tests/slow \
	  $(OWN_TARGETS:%=--ignore=tests/slow/test_%.py)

test-crash: setup-test ## kill -9, two kernels at once, full disks, odd homes (Linux)
	@$(BIN)/python -m pytest -q tests/slow/test_crashes.py tests/slow/test_disk_faults.py

test-browser: setup-test browser-packages ## every lesson in JupyterLab (needs Chromium)
	@$(BIN)/python -m pytest tests/browser

budgets: setup-test ## run lessons on one core in 2 GB, write docs/budgets.md (TESTS=03)
	@$(BIN)/python -m pytest tests/slow/test_budgets.py $(if $(TESTS),-k "$(TESTS)")
	@$(BIN)/python -m course_utils.teaching_times

test-hypothesis: setup-test ## more hostile input and wrong calls, counted for docs/reliability.md
	@HYPOTHESIS_PROFILE=slow $(BIN)/python -m pytest -q -m hypothesis \
	  -p tests.hypothesis_page tests
	@$(BIN)/python -m pytest -q -p tests.wrong_calls.page tests/test_wrong_calls.py

test-order: setup-test ## run each lesson's cells in twenty other orders (TESTS=03: one)
	@$(BIN)/python -m pytest tests/slow/test_out_of_order.py $(if $(TESTS),-k "$(TESTS)")

# Two side by side; what a lesson shows replaces its row of docs/reliability.md.
LESSON_ROWS := -m pytest -q -n 2 --maxschedchunk 1 $(if $(TESTS),-k "$(TESTS)")
test-limits: setup-test ## lessons on one core in 0.7, 1 and 1.5 GB (TESTS=07: one)
	@$(BIN)/python $(LESSON_ROWS) tests/slow/test_limits.py \
	  tests/slow/test_training_room.py

test-twice: setup-test ## lessons again, with one thread and with two (TESTS=07: one)
	@$(BIN)/python $(LESSON_ROWS) tests/slow/test_twice.py

test-seeds: setup-test ## lessons with other seeds (TESTS=07: one; WORKLOAD=full)
	@COURSE_SEEDS_WORKLOAD=$(WORKLOAD) $(BIN)/python $(LESSON_ROWS) \
	  tests/slow/test_seeds.py

test-network: setup-test ## play every fault of a network to the course, on loopback
	@$(BIN)/python -m pytest tests/slow/test_network_faults.py

test-matrix: setup-test ## install the oldest and newest versions, try each (SETS=oldest)
	@$(BIN)/python -m tests.slow.version_matrix $(SETS)

bench: setup-test ## measure set-up, loading and lessons, write tests/benchmarks/*.md
	@$(BIN)/python -m tests.benchmarks.measure
	@$(BIN)/python -m pytest -q -p tests.lesson_runs -p tests.benchmarks.lesson_budgets \
	  notebooks
	@$(BIN)/python -m course_utils.teaching_times

bench-training: setup-test ## train lessons 07 to 10 with three seeds (TABLES=speed: one)
	@$(BIN)/python -m tests.benchmarks.fine_tuning $(TABLES)

test-hub: python browser-packages ## three students on a JupyterHub here, measured (Linux, npm)
	@"$(PYTHON)" -m course_utils.bootstrap test hub $(EXTRAS)
	@$(BIN)/python -m pytest -q tests/hub

test-all: test test-slow test-hypothesis test-order test-network test-crash ## all of these
test-all: test-limits test-twice test-seeds test-browser test-hub
test-all: test-matrix budgets bench bench-training

publish: lesson setup-test ## run a changed lesson and save its outputs (LESSON=...)
	@$(BIN)/python -m course_utils.publish $(LESSON)

dependencies: setup-test ## write docs/dependencies.md from pyproject.toml
	@$(BIN)/python -m course_utils.dependencies

release: setup-test ## write exercises/ from solutions/ (CHECK=--check only compares)
	@$(BIN)/python -m course_utils.release $(CHECK)

address: setup ## write links to Binder and Colab (REPOSITORY=https://github.com/...)
	@$(BIN)/python -m course_utils.address "$(REPOSITORY)"

grade: python ## grade a folder of notebooks (SUBMISSIONS=..., OUT=..., GRADE=--again)
	@"$(PYTHON)" -m course_utils.bootstrap instructor $(EXTRAS)
	@$(BIN)/python -m course_utils.grade "$(SUBMISSIONS)" --out "$(OUT)" $(GRADE)

BOOK := build/book
book: python ## build the web book from the notebooks as they are (BOOK=build/book)
	@"$(PYTHON)" -m course_utils.bootstrap book $(EXTRAS)
	@$(BIN)/python docs/book/build.py "$(BOOK)"

browser-packages: tests/browser/node_modules/.package-lock.json
tests/browser/node_modules/.package-lock.json: tests/browser/package-lock.json
	@command -v npm >/dev/null || { echo "Tests that need npm's packages will not run: \
	there is no npm"; exit 0; } && cd tests/browser && \
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || \
	echo "npm's packages were not fetched: tests that need them will not run"

wheelhouse: export WHEELHOUSE := # what is needed to make one comes from the network
wheelhouse: setup ## make a folder to install from without network (EXTRAS="instructor")
	@$(BIN)/python -m course_utils.wheelhouse_builder $(EXTRAS)

teaching-times: setup ## write the tables of docs/teaching.md from the notebooks
	@$(BIN)/python -m course_utils.teaching_times

slides: lesson setup ## write a lesson's slides to build/slides (no LESSON=...: all)
	@$(BIN)/python -m course_utils.slides \
	  $(filter-out notebooks/00_start_here.ipynb,$(LESSON))

lesson:
	@test -f "$(LESSON)" || { echo "There is no lesson '$(LESSON)'. There are:"; \
	ls notebooks/*.ipynb; exit 1; }

python:
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no '$(PYTHON)' here: \
	install Python 3.10 to 3.13, or name yours: make setup PYTHON=/path/to/python"; \
	exit 1; }

setup-test: python
	@"$(PYTHON)" -m course_utils.bootstrap test $(EXTRAS)
