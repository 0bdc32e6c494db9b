# make help lists the targets. Everything that is made goes to artifacts/.

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

TOOL := artifacts/bin/weld
COUNT ?= 500
HELLO := samples/hello

# Folders count as sources, so that a removed file is noticed as well.
SOURCES := $(shell find src -type d -o -name '*.cs' -o -name '*.csproj') \
    Directory.Build.props Directory.Packages.props global.json eng/build-native.sh

.PHONY: all demo test fuzz differential bench format clean help
.DELETE_ON_ERROR:

all: $(TOOL)  ## build the native tool: artifacts/bin/weld and artifacts/bin/wasm-ld
	@cat artifacts/native/choice

$(TOOL): $(SOURCES)
	@eng/build-native.sh

demo: all  ## build, link samples/hello, run the result in node
	@eng/install-tools.sh node
	$(TOOL) -o artifacts/hello.wasm $(HELLO)/crt.o $(HELLO)/hello.o -L$(HELLO) -ltiny
	@node --no-warnings $(HELLO)/run.mjs artifacts/hello.wasm weld wasm-ld

test: $(TOOL)  ## install what tests need (apt), then run every test, 500 fuzz cases and 500 differential programs
	@eng/install-tools.sh tests
	@eng/test.sh

fuzz:  ## link COUNT mutated inputs (default 500)
	@dotnet run --project test/Weld.Fuzz -c Release -- --count $(COUNT)

differential:  ## compare COUNT random programs: interpreter against wasm in node (nightly: COUNT=20000)
	@dotnet run --project test/Weld.Air.Differential -c Release -- --count $(COUNT)

bench: $(TOOL)  ## measure whole links against wasm-ld-22 (a quick look: bench/macro/run.sh --quick)
	@eng/install-tools.sh bench
	@bench/macro/run.sh

format:  ## bring white space in order
	@dotnet format whitespace . --folder --exclude artifacts

clean:  ## remove everything that was made
	@rm -rf artifacts

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
