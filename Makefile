# breakeven: `make site` builds the bundled site, `make test` tests everything. Both install the
# Debian packages that are missing (after printing them). `make help` lists the other targets.
#
# Nothing is written outside BUILD and site/. Flavours lie side by side: build/release, build/debug,
# build/asan, build/fuzz. Useful settings: BUILD=DIR  FLAVOUR=debug  CC=clang  WERROR=-Werror
# SRC_DIRS="generator/base generator/number" (compile a part)  TESTS="test_money test_date" (run some).

BUILD ?= build
FLAVOUR ?= release
PREFIX ?= /usr/local
SRC_DIRS ?= generator
TESTS ?=
BUILD_ARGS ?=
OUT := $(BUILD)/$(FLAVOUR)
VERSION := $(shell sed -n 's/.*BREAKEVEN_VERSION "\(.*\)"/\1/p' generator/base/version.h)

ifeq ($(origin CC),default)
CC := $(if $(filter fuzz,$(FLAVOUR)),clang,gcc)
endif
COMPILER := $(if $(findstring clang,$(shell $(CC) --version 2>/dev/null)),clang,gcc)

# ---- flags -------------------------------------------------------------------------------------

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion \
        -Wfloat-equal -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
        -Wwrite-strings -Wcast-qual -Wcast-align -Wundef -Wvla -Wswitch-enum -Wnull-dereference \
        -Wimplicit-fallthrough
WARN_gcc   := -Wformat-signedness -Wlogical-op -Wduplicated-cond -Wduplicated-branches
WARN_clang := -Wcomma -Wmissing-variable-declarations

SANITIZE := -fsanitize=address,undefined,float-divide-by-zero,float-cast-overflow \
            -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_release := -O3
OPT_debug   := -Og -g3
OPT_asan    := -O1 -g $(SANITIZE)
OPT_fuzz    := -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link
OPT := $(OPT_$(FLAVOUR))
ifeq ($(OPT),)
$(error FLAVOUR must be release, debug, asan or fuzz, not '$(FLAVOUR)')
endif

# Assertions stay in every flavour: a wrong figure is worse than none.
CFLAGS ?=
ALL_CFLAGS = -std=c17 -fno-common -ffp-contract=off -pthread $(OPT) $(WARN) $(WARN_$(COMPILER)) \
             $(WERROR) $(CFLAGS)
# pkg-config is asked when the first file is compiled, which is after its installation, and once.
XML_CFLAGS = $(eval XML_CFLAGS := $$(shell pkg-config --cflags libxml-2.0 || echo -I/usr/include/libxml2))$(XML_CFLAGS)
ALL_CPPFLAGS = -D_POSIX_C_SOURCE=200809L -Igenerator $(XML_CFLAGS) $(CPPFLAGS)
# Debian has no pkg-config file for the extensions of cmark-gfm.
LIBS = -lmicrohttpd -lyajl -lcmark-gfm-extensions -lcmark-gfm -lxml2 -lm
LINK = $(CC) -pthread $(OPT) $(CFLAGS) $(LDFLAGS)

# ---- files -------------------------------------------------------------------------------------

SRC := $(shell find $(SRC_DIRS) -name '*.c' | LC_ALL=C sort)
MAIN := $(filter generator/main.c,$(SRC))
LIB_OBJ := $(patsubst %.c,$(OUT)/%.o,$(filter-out $(MAIN),$(SRC)))
LIBRARY := $(OUT)/libbreakeven.a
PROGRAM := $(if $(MAIN),$(OUT)/breakeven)

TEST_SRC := $(sort $(wildcard tests/*/test_*.c tests/property/law_*.c))
ifneq ($(TESTS),)
TEST_SRC := $(filter $(foreach t,$(TESTS),%/$(t).c),$(TEST_SRC))
endif
TEST_SUPPORT := $(patsubst %.c,$(OUT)/%.o,$(sort $(wildcard tests/support/*.c)))
TEST_BIN := $(TEST_SRC:%.c=$(OUT)/%)
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_BIN := $(FUZZ_SRC:%.c=$(OUT)/%)
BENCH := $(OUT)/tests/bench/stages $(OUT)/tests/bench/decisions
TEST_SCRIPTS := $(sort $(wildcard tests/run-*.sh))
C_FILES = $(shell find generator tests -name '*.[ch]' | LC_ALL=C sort)

RUN_TESTS = BREAKEVEN=$(abspath $(PROGRAM)) FLAVOUR=$(FLAVOUR) TEST_OUT=$(abspath $(OUT)) tests/run

.DEFAULT_GOAL := all
.PHONY: all help objects site test check unit property fuzz-corpus golden golden-accept reproducible \
        asan test-browser bench fuzz fuzz-programs lint lint-gcc lint-clang lint-tests layers banned headers cppcheck clang-tidy format \
        format-check install uninstall deb clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(if $(PROGRAM),$(BUILD)/breakeven,objects)

help:
	@sed -n 's/^#: //p' Makefile

#: make              build/breakeven
#: make site         the bundled decisions as a site in site/public
#: make test         the site, then unit, property, golden, fuzz corpus and reproducibility tests
#: make check        the tests alone, on what is installed; make unit, property, golden, fuzz-corpus: one kind
#: make asan         the tests with address and undefined-behaviour sanitizers
#: make test-browser the site in Chromium, the Nu checker and axe-core (tests/browser/README.md)
#: make lint         both compilers with -Werror, layers, banned functions, cppcheck, clang-tidy
#: make fuzz         fuzz targets for clang's libFuzzer in build/fuzz/tests/fuzz
#: make bench        time by stage on generated questionnaires
#: make reproducible two builds under different surroundings, compared byte by byte
#: make golden-accept  rewrite the expected files of the golden cases and show the difference
#: make format, format-check  clang-format
#: make install      PREFIX=/usr/local DESTDIR=
#: make deb          a Debian package in build/
#: make clean        removes build/ and site/public

# ---- packages ----------------------------------------------------------------------------------
# `make site` and `make test` install what is missing; other targets only say what it is.

INSTALLING := $(filter site test test-browser,$(MAKECMDGOALS))
$(BUILD)/.have-%: .ci/install-packages
	@mkdir -p $(@D)
	@.ci/install-packages $(if $(INSTALLING),,--check) $(sort build $*)
	@touch $@
# One list at the start, and never two installations at once.
$(BUILD)/.have-browser: | $(BUILD)/.have-build
ifneq ($(filter test,$(MAKECMDGOALS)),)
$(BUILD)/.have-build: | $(BUILD)/.have-test
endif

# ---- compiling ---------------------------------------------------------------------------------

# Changed flags rebuild everything; the file is rewritten only when they differ.
$(OUT)/.flags: SAID = $(CC) $(OPT) $(WARN) $(WERROR) $(CFLAGS) $(CPPFLAGS)
$(OUT)/.prefix: SAID = $(PREFIX)
$(OUT)/.source: SAID = $(SOURCE)
$(OUT)/.flags $(OUT)/.prefix $(OUT)/.source: FORCE
	@mkdir -p $(@D)
	@[ "$$(cat $@ 2> /dev/null)" = '$(SAID)' ] || echo '$(SAID)' > $@

$(OUT)/%.o: %.c $(OUT)/.flags | $(BUILD)/.have-build
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The command layer knows where `make install` puts the defaults.
$(OUT)/generator/command/%.o: CPPFLAGS += -DBREAKEVEN_DATA='"$(PREFIX)/share/breakeven"'
$(filter $(OUT)/generator/command/%,$(LIB_OBJ)): $(OUT)/.prefix

# Another source is another program: a build keeps no report of the one before. The same with any compiler.
SOURCE := $(shell find generator -name '*.[ch]' | LC_ALL=C sort | xargs cat | sha256sum | cut -c 1-16)
$(OUT)/generator/command/inputs.o: private CPPFLAGS += -DBREAKEVEN_SOURCE='"$(SOURCE)"'
$(OUT)/generator/command/inputs.o: $(OUT)/.source

# cmocka's macros and its setjmp are not written for these warnings.
$(OUT)/tests/%.o: WARN := $(filter-out -Wnull-dereference -Wcast-align,$(WARN))
$(OUT)/tests/%.o: CPPFLAGS += -Itests
$(TEST_SRC:%.c=$(OUT)/%.o): | $(BUILD)/.have-test

objects: $(LIB_OBJ)

$(LIBRARY): $(LIB_OBJ)
	@echo "  AR    $@"
	@rm -f $@ && ar crD $@ $^

$(OUT)/breakeven: $(OUT)/generator/main.o $(LIBRARY)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/breakeven: $(OUT)/breakeven
	@cp $< $@.new && mv $@.new $@

$(TEST_BIN): %: %.o $(TEST_SUPPORT) $(LIBRARY)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ -lcmocka $(LIBS)

$(BENCH): %: %.o $(LIBRARY)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS)

# The corpus is run by a plain main with any compiler; in flavour fuzz, libFuzzer supplies the main.
$(OUT)/tests/fuzz/fuzz_json: LIBS += -lcjson # which reads the same, by other code
ifeq ($(FLAVOUR),fuzz)
$(FUZZ_BIN): %: %.o $(LIBRARY)
	@echo "  LINK  $@"
	@$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS)
else
$(FUZZ_BIN): %: %.o $(OUT)/tests/fuzz/run_corpus.o $(LIBRARY)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS)
endif

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

# ---- site and tests ----------------------------------------------------------------------------

site: $(BUILD)/breakeven
	$(BUILD)/breakeven build $(BUILD_ARGS)

test: $(BUILD)/breakeven $(TEST_BIN) $(FUZZ_BIN)
	@SITE_OUT=site/public $(RUN_TESTS) tests/run-site.sh $(TEST_BIN) $(FUZZ_BIN) \
	    $(filter-out tests/run-site.sh,$(TEST_SCRIPTS))

check: $(PROGRAM) $(TEST_BIN) $(FUZZ_BIN)
	@$(RUN_TESTS) $(TEST_BIN) $(FUZZ_BIN) $(if $(PROGRAM),$(TEST_SCRIPTS))

unit: $(filter-out $(OUT)/tests/property/%,$(TEST_BIN))
	@$(RUN_TESTS) $^

property: $(filter $(OUT)/tests/property/%,$(TEST_BIN))
	@$(RUN_TESTS) $^

fuzz-corpus: $(FUZZ_BIN)
	@$(RUN_TESTS) $^

golden: $(PROGRAM)
	@$(RUN_TESTS) tests/run-golden.sh

golden-accept: $(PROGRAM)
	@BREAKEVEN=$(abspath $(PROGRAM)) TEST_OUT=$(abspath $(OUT)) tests/run-golden.sh --accept
	@git --no-pager diff --stat -- tests/golden

reproducible: $(PROGRAM)
	@$(RUN_TESTS) tests/run-reproducible.sh

asan:
	@$(MAKE) --no-print-directory FLAVOUR=asan check

test-browser: $(BUILD)/breakeven $(BUILD)/.have-browser
	@BREAKEVEN=$(abspath $(BUILD)/breakeven) BROWSER_OUT=$(abspath $(BUILD))/browser tests/browser/run.sh

bench: $(BUILD)/breakeven $(BENCH)
	@BREAKEVEN=$(abspath $(BUILD)/breakeven) STAGES=$(abspath $(OUT)/tests/bench/stages) \
	 DECISIONS=$(abspath $(OUT)/tests/bench/decisions) tests/bench/run.sh

fuzz:
	@command -v clang > /dev/null || { echo "fuzz: clang is not installed"; exit 1; }
	@$(MAKE) --no-print-directory FLAVOUR=fuzz CC=clang fuzz-programs
fuzz-programs: $(FUZZ_BIN)
	@for f in $^; do n=$${f##*/fuzz_}; echo "run: $$f -max_total_time=60 $(BUILD)/corpus/$$n tests/fuzz/corpus/$$n"; \
	 mkdir -p $(BUILD)/corpus/$$n; done

# ---- looking at the source ---------------------------------------------------------------------

lint: layers banned headers lint-gcc lint-clang cppcheck clang-tidy
	@echo "lint: done"

lint-gcc lint-clang: lint-%:
	@if command -v $* > /dev/null; then \
	 $(MAKE) --no-print-directory CC=$* WERROR=-Werror BUILD=$(BUILD)/lint-$* objects $(if $(MAIN),all) lint-tests && \
	 echo "lint: clean with $*"; else echo "lint: $* is not installed, left out"; fi
lint-tests: $(TEST_BIN:%=%.o) $(FUZZ_BIN:%=%.o) $(BENCH:%=%.o)

layers:
	@find generator -name '*.[ch]' | LC_ALL=C sort | xargs awk -f tests/lint/layers.awk && echo "lint: layers are right"

banned:
	@find generator -name '*.[ch]' | LC_ALL=C sort | xargs awk -f tests/lint/banned.awk && echo "lint: no banned functions"

# Every header stands alone.
headers: | $(BUILD)/.have-build
	@for h in $$(find generator -name '*.h' | LC_ALL=C sort); do \
	 $(CC) $(ALL_CPPFLAGS) -std=c17 -Wall -Wextra -Werror -fsyntax-only -x c $$h || exit 1; done
	@echo "lint: every header stands alone"

cppcheck:
	@if command -v cppcheck > /dev/null; then mkdir -p $(BUILD)/cppcheck && \
	 cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability,performance \
	  --inline-suppr --suppressions-list=tests/lint/cppcheck.txt --cppcheck-build-dir=$(BUILD)/cppcheck \
	  -Igenerator -D__GNUC__ -D_POSIX_C_SOURCE=200809L $(SRC) && echo "lint: clean with cppcheck"; \
	 else echo "lint: cppcheck is not installed, left out"; fi

# Only the files that changed since their last clean look.
TIDY := $(patsubst %.c,$(BUILD)/tidy/%.ok,$(SRC))
clang-tidy: $(if $(shell command -v clang-tidy),$(TIDY))
	@$(if $(shell command -v clang-tidy),echo "lint: clean with clang-tidy",echo "lint: clang-tidy is not installed, left out")
$(BUILD)/tidy/%.ok: %.c tests/lint/clang-tidy.yaml | $(BUILD)/.have-build
	@mkdir -p $(@D)
	@echo "  TIDY  $<"
	@clang-tidy --quiet --config-file=tests/lint/clang-tidy.yaml $< -- -std=c17 $(ALL_CPPFLAGS) -DBREAKEVEN_DATA='"data"' 2> $@.log || \
	 { cat $@.log; exit 1; }
	@touch $@

format:
	clang-format -i $(C_FILES)

format-check:
	@if command -v clang-format > /dev/null; then clang-format --dry-run -Werror $(C_FILES); \
	 else echo "format-check: clang-format is not installed, left out"; fi

# ---- installing --------------------------------------------------------------------------------

SHARE = $(DESTDIR)$(PREFIX)/share
DATA_FILES = $(shell find templates pricing content/policy content/claims content/pages site/theme site/starter -type f 2>/dev/null | LC_ALL=C sort)

install: $(BUILD)/breakeven
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/breakeven $(SHARE)/doc/breakeven
	install -m 755 $(BUILD)/breakeven $(DESTDIR)$(PREFIX)/bin/breakeven
	@for f in $(DATA_FILES); do install -D -m 644 $$f $(SHARE)/breakeven/$$f || exit 1; done
	install -m 644 README.md LICENSE $(SHARE)/doc/breakeven
	@if [ -f generator/breakeven.1 ]; then install -D -m 644 generator/breakeven.1 $(SHARE)/man/man1/breakeven.1; fi
	sh generator/completions.sh $(BUILD)/breakeven $(BUILD)/completions
	install -D -m 644 $(BUILD)/completions/breakeven.bash $(SHARE)/bash-completion/completions/breakeven
	install -D -m 644 $(BUILD)/completions/_breakeven $(SHARE)/zsh/vendor-completions/_breakeven
	install -D -m 644 $(BUILD)/completions/breakeven.fish $(SHARE)/fish/vendor_completions.d/breakeven.fish

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/breakeven $(SHARE)/man/man1/breakeven.1
	rm -f $(SHARE)/bash-completion/completions/breakeven $(SHARE)/zsh/vendor-completions/_breakeven
	rm -f $(SHARE)/fish/vendor_completions.d/breakeven.fish
	rm -rf $(SHARE)/breakeven $(SHARE)/doc/breakeven

deb:
	@command -v dpkg-deb > /dev/null || { echo "deb: dpkg-deb is not installed"; exit 1; }
	@rm -rf $(BUILD)/deb && $(MAKE) --no-print-directory PREFIX=/usr DESTDIR=$(abspath $(BUILD))/deb install
	@mkdir -p $(BUILD)/deb/DEBIAN
	@printf '%s\n' 'Package: breakeven' 'Version: $(VERSION)' "Architecture: $$(dpkg --print-architecture)" \
	 'Maintainer: the breakeven authors' 'Section: utils' 'Priority: optional' \
	 'Depends: libc6, libcmark-gfm0.29.0.gfm.6, libcmark-gfm-extensions0.29.0.gfm.6, libxml2, libyajl2, libmicrohttpd12' \
	 'Description: decision reports on where an AI workload should run' \
	 ' Reads questionnaires, applies rules, cost and latency models to dated prices' \
	 ' and renders a static site with the reasons.' > $(BUILD)/deb/DEBIAN/control
	@dpkg-deb --root-owner-group --build $(BUILD)/deb $(BUILD)/breakeven_$(VERSION).deb

clean:
	rm -rf $(BUILD) site/public
