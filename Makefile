# make demo   watch the whole thing work, on simulated platforms on this machine
# make test   everything that is checked before a change lands
# make docs   the pages of docs/ as a site, in var/docs/site
# make audit  known weaknesses of what is locked, licences, dependencies; needs a network
# make install  only the set-up, for running the bot
# make fleet    the same, for many workers on one PostgreSQL
# All set themselves up in .venv. Needed: Python 3.11 or newer with venv, make and git.

PYTHON ?= python3
BIN := .venv/bin
FOR := $(if $(DEMO_FOR),--for $(DEMO_FOR))

.PHONY: demo test docs install fleet setup check-python bench clean

demo: .venv/runtime.done
	@$(BIN)/bot demo $(FOR) || [ $$? -eq 130 ]

test: .venv/dev.done
	@$(BIN)/python bench/checks

docs: .venv/dev.done
	@$(BIN)/python bench/docs

install: .venv/runtime.done

fleet: .venv/fleet.done

setup: .venv/dev.done

bench: .venv/bench.done
	@$(BIN)/python bench/all

audit: .venv/bench.done
	@$(BIN)/python bench/audit

check-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed. On Debian or Ubuntu, type:"; \
	  echo "  sudo apt-get install python3 python3-venv"; \
	  echo "or name one that is there: make PYTHON=python3.12 demo"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv is missing. On Debian or Ubuntu, type:"; \
	  echo "  sudo apt-get install python3-venv"; exit 1; }

.venv/runtime.done: requirements/runtime.txt requirements/build.txt pyproject.toml | check-python
	@echo "Setting up .venv (once; about half a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes \
	  -r requirements/runtime.txt -r requirements/build.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-index --no-deps \
	  --no-build-isolation --editable .
	@touch $@

.venv/fleet.done: requirements/fleet.txt .venv/runtime.done
	@echo "Adding what many workers need (once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes \
	  -r requirements/fleet.txt
	@touch $@

.venv/dev.done: requirements/dev.txt .venv/runtime.done
	@echo "Adding what the tests need (once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes \
	  -r requirements/dev.txt
	@touch $@

.venv/bench.done: requirements/bench.txt .venv/dev.done
	@echo "Adding what the figures need (once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes \
	  -r requirements/bench.txt
	@touch $@

clean:
	rm -rf .venv var
