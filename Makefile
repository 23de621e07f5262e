# build, demo and test need Go, make and git; check needs a C compiler too, conformance needs openssl,
# pre-commit, podman and runc.
VERSION := $(shell git describe --tags --dirty 2>/dev/null)
COMMIT  := $(shell git rev-parse HEAD 2>/dev/null)
LDFLAGS := -X main.version=$(VERSION) -X main.commit=$(COMMIT)

TIME    := $(or $(shell git log -1 --format=%ct 2>/dev/null),315532800)

.PHONY: build dist image demo test check fuzz conformance torture bench golden tables

build: # bin/meshtopo, static
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "$(LDFLAGS)" -o bin/meshtopo ./cmd/meshtopo

dist: # dist/: a release for linux, macOS and Windows, with checksums and SBOMs; the same bytes anywhere and at any time
	rm -rf dist
	go run ./cmd/internal/tools/dist -version "$(VERSION)" -commit "$(COMMIT)" -time $(TIME) -o dist $(addprefix -platforms=,$(PLATFORMS))

DOCKER ?= docker
image: export GOOS := linux
image: build # the image meshtopo, with nothing but the binary and nobody; on a Mac, too
	echo 'nobody:x:65534:65534:nobody:/:/sbin/nologin' > bin/passwd
	$(DOCKER) build -t meshtopo .

demo: build # render the bundled two-cluster example into demo and show the tree
	bin/meshtopo render --verify -o demo testdata/two-clusters/topology.yaml
	find demo/clusters -type f | sort

test: # all tests of the product
	go test -timeout 30m ./...

check: # what a change has to pass besides
	! gofmt -l . | grep .
	go mod tidy -diff
	cd testdata/conformance && go mod tidy -diff
	cd testdata/conformance-cert-manager && go mod tidy -diff
	cd testdata/conformance-external-secrets && go mod tidy -diff
	cd testdata/conformance-gitops && go mod tidy -diff
	cd testdata/conformance-sops && go mod tidy -diff
	go vet ./...
	GOOS=windows go vet ./...
	GOOS=darwin go vet ./...
	$$(cd testdata/conformance && go tool -n staticcheck) ./...
	cd testdata/conformance && go vet ./... && go tool staticcheck ./...
	cd testdata/conformance-cert-manager && go vet ./... && $$(cd ../conformance && go tool -n staticcheck) ./...
	cd testdata/conformance-external-secrets && go vet ./... && $$(cd ../conformance && go tool -n staticcheck) ./...
	cd testdata/conformance-gitops && go vet ./... && $$(cd ../conformance && go tool -n staticcheck) ./...
	cd testdata/conformance-sops && go vet ./... && $$(cd ../conformance && go tool -n staticcheck) ./...
	GORACE=atexit_sleep_ms=0 go test -race -short -timeout 20m ./... # each of thousands of short processes waits a second otherwise

FUZZTIME ?= 20s
fuzz: # every fuzz target of every package, in turn; FUZZTIME=10m for a long run
	.ci/fuzz $(FUZZTIME)

conformance: # every example through the real thing; never from the test cache, which cannot see the examples
	cd testdata/conformance && go test -count=1 -timeout 40m ./...
	cd testdata/conformance-cert-manager && go test -count=1 -timeout 40m ./...
	cd testdata/conformance-external-secrets && go test -count=1 -timeout 40m ./...
	cd testdata/conformance-gitops && go test -count=1 -timeout 40m ./...
	cd testdata/conformance-sops && go test -count=1 -timeout 40m ./...

torture: # kill renders 500 times over a changing tree, in process and as the whole command; interrupt them as often
	KILLS=500 go test -count=1 -timeout 60m -v -run 'Kill|Interrupt|AtOnce|Lock' ./render/tree ./cmd/meshtopo
	CANARIES=all go test -count=1 -timeout 60m -run TestCanaries ./cmd/meshtopo

bench: # whole processes beside cue vet and cp -r, as cmd/internal/tools/bench/README.md has them
	go run ./cmd/internal/tools/bench

golden: # rewrite what the tests expect; read the diff before keeping it
	UPDATE=1 go test ./...

tables: # rewrite what package schema/istio knows, from Istio's own types and ISTIO, a git directory of istio.io/istio; read the diff
	cd testdata/conformance && UPDATE=1 go test -count=1 -run 'TestFieldTables|TestEnvironmentTable' .
	cd testdata/conformance && UPDATE=1 go test -count=1 -run 'TestVersionTable' .
