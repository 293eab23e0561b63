# What one does with a checkout. On a bare machine every target first sets the checkout up.

export PYTHON ?= python3
python := .venv/bin/python
has_screen := $(or $(DISPLAY),$(WAYLAND_DISPLAY),$(QT_QPA_PLATFORM),$(filter-out Linux,$(shell uname)))

.PHONY: help run test lint bench lock clean set-up
.SILENT:

help: ## this list
	sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 12

run: set-up ## start gdviz; where there is no screen, play both tabs on a virtual one and write pictures/
ifneq ($(has_screen),)
	$(python) -m gdviz
else
	echo 'There is no screen here. Both tabs play on a virtual one instead; what they show goes to pictures/.'
	packaging/linux/run-on-virtual-screen 300 $(python) -m gdviz.gui.demo pictures
endif

test: lint ## lint, types, import contracts, then the tests
	$(python) -m pytest

lint: set-up ## ruff, mypy and import-linter alone
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy
	.venv/bin/lint-imports

bench: set-up ## measure the budgets
	$(python) -m benchmarks

lock: ## resolve the dependencies of pyproject.toml anew; UPGRADE=--upgrade for newer versions
	packaging/lock $(UPGRADE)

clean: ## back to what git knows
	git clean -dfX

set-up:
	packaging/set-up
