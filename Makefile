# Crossover: every command installs what it needs, says so, and is quick the second time.
.DEFAULT_GOAL := help
.PHONY: help serve watch build docs archive sbom test test-native test-wasm test-browser test-sites deep deep-properties deep-32-bit deep-fuzz deep-mutants bench bench-browser bench-page growth lighthouse size reproducible lint coverage accuracy screenshots split-record deny fuzz clean

PORT ?= 8080
MINUTES ?= 10

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

serve: ## Build the page (fast, unoptimised build) and open it at http://127.0.0.1:8080 (PORT=N for another)
	@scripts/build.sh dev target/page/dist
	@node scripts/serve.mjs target/page/dist --port $(PORT) --open

watch: ## As serve, and build again whenever a file changes (reload the page by hand)
	@scripts/watch.sh $(PORT)

build: ## Build the release page into dist/
	@scripts/build.sh release dist
	@node scripts/size.mjs dist

docs: ## Build the book into target/docs, and beside the app where dist/ is built
	@scripts/docs.sh

archive: ## Pack the page, the book, licences and server recipes into target/archive
	@scripts/archive.sh

test: test-native test-wasm test-browser ## Run every test: native, WebAssembly in Chromium, and the built page

test-native: ## Run the native tests
	@scripts/test.sh native

test-wasm: ## Run the WebAssembly tests in headless Chromium
	@scripts/test.sh wasm

test-browser: ## Build the release page and test it in headless Chromium
	@scripts/test.sh browser

test-sites: ## Build the sites of docs/recipes, the book and the archive, and open them in headless Chromium
	@scripts/sites.sh

deep: reproducible deep-properties deep-32-bit deep-fuzz coverage bench deep-mutants ## What is too long for every change: docs/src/ci.md

deep-properties: ## The property tests from 200 other seeds
	@scripts/deep.sh properties

deep-fuzz: ## Each fuzz target for a minute
	@MINUTES=1 scripts/deep.sh fuzz

deep-32-bit: ## The property tests and every scenario of make test-wasm with words of 32 bits
	@scripts/deep.sh 32-bit

deep-mutants: ## Changed lines that no test notices, in hours (AREAS="quantity link engine", SHARD=7/120 for some)
	@scripts/deep.sh mutants

bench-page: ## Measure the built page in Chromium: slider to painted answer, loading, layout shift
	@scripts/test.sh bench-page

lighthouse: ## Check the built page with Lighthouse: every category at least 95
	@scripts/test.sh lighthouse

size: ## Compare the bytes of the built page with the committed figures, and fail where they grew
	@node scripts/size.mjs dist --check

sbom: ## List the crates of the page and the program (CycloneDX) in target/sbom, for the archive
	@node scripts/sbom.mjs

reproducible: ## Build the page twice in different folders and compare every byte (long)
	@scripts/reproducible.sh

lint: ## Check the formatting, and clippy for both targets without warnings
	@scripts/lint.sh

bench: ## Measure the hot paths natively
	cargo bench --locked

bench-browser: ## Time the same work in headless Chromium and natively, and check that 10,000 draws fit a frame
	@scripts/bench-browser.sh $(FIGURES)

growth: ## Draw how the time of a native plan grows (docs/src/images/growth.svg)
	cargo build --quiet --release --locked --example stopwatch
	@node scripts/growth.mjs

accuracy: ## Run the accuracy tests and write their errors into README.md
	@scripts/accuracy.sh

split-record: ## Record in Chromium what the first view does not run (scripts/split/soon.txt, later.txt)
	@scripts/split.sh

screenshots: ## Take pictures of the page at 390, 1280 and 1920 pixels, light and dark (README's go to docs/images/)
	@scripts/screenshots.sh

coverage: ## Count the lines of the engine that the native tests run, and fail below 95 % (minutes)
	@scripts/coverage.sh

deny: ## Check licences, bans, sources and advisories of the dependencies, and that npm and pip are locked
	@scripts/deny.sh

fuzz: ## Search for inputs that break a reader, MINUTES=10 for each target (TARGETS="link gguf" for some)
	@scripts/fuzz.sh $(MINUTES) $(TARGETS)

clean: ## Remove everything that was built here (the tools of the per-user folder stay)
	cargo clean
	rm -rf dist tests/browser/node_modules tests/browser/results
