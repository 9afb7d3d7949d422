# `make run` starts the product, `make test` proves it. Everything else is a part of one of them.

.DEFAULT_GOAL := help
SHELL := /bin/sh
CARGO ?= cargo
NPM ?= npm
NPM_QUIET := --no-audit --no-fund --loglevel=error

# The engines that the stories of e2e/engines are played in.
ENGINES ?= chromium firefox webkit

.PHONY: help run build dev dev-server test setup lint compile unit server web crashes soak e2e engines pictures audit \
  bench bench-quick bench-peers fuzz histories types tools $(ENGINES:%=engine-%)

help: ## Say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

tools:
	@scripts/need cargo "install Rust from https://rustup.rs"
	@scripts/need node "install Node.js 20 or newer"
	@scripts/need npm "it comes with Node.js"
	@scripts/need cc "install a C compiler, such as Debian's gcc"

run: build ## Build everything and start on http://127.0.0.1:8080 with data in ./data
	./target/release/chinwag serve

build: tools web/dist/.vite/manifest.json ## Make target/release/chinwag with the web app inside
	$(CARGO) build --locked --release -p chinwag

dev: tools web/node_modules/.installed ## Work: the web app reloads on http://127.0.0.1:5173
	@scripts/dev

test: ## Install what tests need, run everything, and say how long each part took
	+@MAKE="$(MAKE)" scripts/parts setup lint compile server web crashes e2e $(ENGINES:%=engine-%)

setup: tools web/node_modules/.installed e2e/node_modules/.installed ## Install what tests need
	@scripts/need-chromium
	@scripts/need-engines $(ENGINES)
	@scripts/need-strace
	@scripts/need python3 "install Python 3 with its venv module"
	@crates/socketio/tests/clients/setup

lint: web/node_modules/.installed e2e/node_modules/.installed web/dist/.vite/manifest.json ## Formats, lints and types
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets --features chinwag-socketio/fuzzing -- -D warnings
	cd web && $(NPM) run --silent lint && $(NPM) run --silent check
	cd e2e && $(NPM) run --silent check

compile: web/dist/.vite/manifest.json ## Compile the server and all of its tests
	$(CARGO) build --locked -p chinwag
	$(CARGO) test --locked --workspace --features chinwag-socketio/fuzzing --no-run

unit: server web ## Unit, contract and integration tests

server: web/dist/.vite/manifest.json ## Those of the server
	$(CARGO) test --locked --workspace --features chinwag-socketio/fuzzing
	scripts/check-types

web: web/dist/.vite/manifest.json ## Those of the web app
	$(CARGO) build --locked -p chinwag
	cd web && $(NPM) test --silent && $(NPM) run --silent fuzz && $(NPM) run --silent size
	cd web && CHINWAG_BIN="$$(../scripts/debug-binary)" $(NPM) run --silent interface
	cd web && CHINWAG_BIN="$$(../scripts/debug-binary)" $(NPM) run --silent histories

crashes: web/dist/.vite/manifest.json ## Kill the server under load for a minute, restart it under a crowd, and count what was lost
	$(CARGO) build --locked -p chinwag
	$(CARGO) run --locked -p chinwag-soak -- crash --server "$$(scripts/debug-binary)" --seconds 50
	$(CARGO) run --locked -p chinwag-soak -- restart --server "$$(scripts/debug-binary)" --clients 200 --restarts 1

soak: build ## The same for SOAK_SECONDS (an hour), restarts under a thousand clients, and a crowd of stuck requests
	$(CARGO) test --locked -p chinwag --test it -- --ignored stuck_http::
	$(CARGO) run --locked --release -p chinwag-soak -- crash --server target/release/chinwag \
	  --seconds $${SOAK_SECONDS:-3600} --check-every 100
	$(CARGO) run --locked --release -p chinwag-soak -- restart

e2e: e2e/node_modules/.installed web/dist/.vite/manifest.json ## The whole product in a real Chromium
	$(CARGO) build --locked -p chinwag
	cd e2e && CHINWAG_BIN="$$(../scripts/debug-binary)" CHROMIUM="$$(../scripts/chromium)" $(NPM) test --silent

engines: $(ENGINES:%=engine-%) ## The core stories in Chromium, Firefox and WebKit, or in those that ENGINES names

$(ENGINES:%=engine-%): engine-%: e2e/node_modules/.installed web/dist/.vite/manifest.json
	@scripts/need-engines $*
	$(CARGO) build --locked -p chinwag
	cd e2e && CHINWAG_BIN="$$(../scripts/debug-binary)" CHROMIUM="$$(../scripts/chromium)" \
	  FIREFOX="$$(../scripts/firefox)" MINIBROWSER="$$(../scripts/minibrowser)" $(NPM) run --silent engines -- --project=$*

pictures: build e2e/node_modules/.installed ## Photograph every page into PICTURES (default: ./pictures)
	cd e2e && CHINWAG_BIN=../target/release/chinwag CHROMIUM="$$(../scripts/chromium)" \
	  PICTURES="$${PICTURES:-$(CURDIR)/pictures}" $(NPM) run --silent pictures

fuzz: web/node_modules/.installed ## Search for input that breaks something: FUZZ_SECONDS (default 60) for each target
	scripts/fuzz
	cd web && FUZZ_SECONDS="$${FUZZ_SECONDS:-60}" SEED="$$(date +%s)" $(NPM) run --silent fuzz

histories: web/node_modules/.installed ## Play HISTORIES (default 500) random histories from SEED (default: the time)
	$(CARGO) build --locked -p chinwag
	cd web && CHINWAG_BIN="$$(../scripts/debug-binary)" HISTORIES="$${HISTORIES:-500}" SEED="$${SEED:-$$(date +%s)}" \
	  $(NPM) run --silent histories

types: web/node_modules/.installed ## Generate the web app's types from the server's OpenAPI document
	$(CARGO) build --locked -p chinwag
	cd web && CHINWAG_BIN="$$(../scripts/debug-binary)" $(NPM) run --silent types

audit: tools ## Licences, sources and known faults of everything we depend on
	@scripts/need cargo-deny "cargo install --locked cargo-deny"
	@scripts/audit

bench: build e2e/node_modules/.installed ## Measure every number to hold, beside its budget (half an hour)
	@scripts/need-chromium
	$(CARGO) run --locked --release -p chinwag-load -- bench --markdown docs/benchmarks.md

bench-quick: build ## The core of it in under three minutes
	$(CARGO) run --locked --release -p chinwag-load -- bench --quick

bench-peers: build ## The same load on what people would use instead
	$(CARGO) run --locked --release -p chinwag-load -- bench-peers --markdown docs/benchmarks.md

web/node_modules/.installed: web/package-lock.json
	cd web && $(NPM) ci $(NPM_QUIET) && touch node_modules/.installed

e2e/node_modules/.installed: e2e/package-lock.json
	cd e2e && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 $(NPM) ci $(NPM_QUIET) && touch node_modules/.installed

WEB_SOURCES := $(shell find web/src web/public web/scripts crates/chinwag/templates/first -type f 2>/dev/null) \
  web/vite.config.ts web/vite.first.config.ts web/package-lock.json

web/dist/.vite/manifest.json: web/node_modules/.installed $(WEB_SOURCES)
	cd web && $(NPM) run --silent build
