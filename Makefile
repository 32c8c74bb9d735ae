# SPDX-License-Identifier: GPL-2.0
#
# The front door. Each target is a script in scripts/ that can be run by itself;
# "make help" lists the targets and what the variables stand at.

# The kernel source, a Linux 6.12.y tree
KSRC	?= $(CURDIR)/build/linux-source-6.12
# Which build kernel, shell, gdb and attach are about: see arch-um-config/builds
BUILD	?= run
# Which tests: a glob of suite/program/test, in which '*' matches slashes
T	?=
# fuzz: the first seed
SEED	?= 0
# fuzz: how many seeds
N	?= 200
# coverage-diff: the revision to compare with
BASE	?= HEAD
# Words for the kernel's command line
ARGS	?=
# Compiles, and guests, at a time
J	?= $(shell nproc)
# 1: show the commands
V	?= 0

ifeq ($(origin CC),default)
CC	:= gcc
endif
export KSRC BUILD T ARGS J V CC SEED N

Q	:= $(if $(filter-out 0,$(V)),,@)
TESTS	:= $(MAKE) -C tests --no-print-directory

.PHONY: help all run setup kernel linux initrd test test-stock shell gdb attach \
	conformance fuzz coverage coverage-diff bench instructions lint clean distclean

##@ Start here
help: ## this text
	$(Q)scripts/help $(MAKEFILE_LIST)
run: kernel initrd linux ## build all that is needed, boot, and run the demonstration
	$(Q)scripts/um-boot -b $(BUILD) -i -- demo quiet $(ARGS)
all: setup ## what the tests need: the kernels run, debug and stock, and the initrd
	+$(Q)for b in run debug stock; do scripts/build-kernel $$b || exit; done
	+$(Q)$(TESTS)

##@ Build
setup: ## install the Debian packages that are missing (asks for root only then)
	$(Q)scripts/setup
kernel: setup ## build/BUILD/linux
	+$(Q)scripts/build-kernel $(BUILD)
linux: kernel ## ./linux and initrd.cpio.gz, to be started by hand
	$(Q)ln -sfn build/$(BUILD)/linux linux
	$(Q)ln -sfn build/initrd.cpio.gz initrd.cpio.gz
initrd: setup ## build/initrd.cpio.gz: init, the test programs, busybox
	+$(Q)scripts/prepare-kernel && $(TESTS)

##@ Test
test: setup ## every test, on the debug build; T= picks
	+$(Q)scripts/run-tests -b debug
test-stock: setup ## the tests of the guest, on the kernel's own driver; T= picks
	+$(Q)scripts/run-tests -b stock
conformance: setup ## which lines of the specification's checklist hold, on both drivers
	+$(Q)scripts/conformance
fuzz: setup ## random steps, the same on both drivers: do they answer the same? SEED=, N=
	+$(Q)scripts/fuzz
coverage: setup ## which lines of the driver the tests reach, as HTML; T= picks
	+$(Q)scripts/coverage
coverage-diff: ## which lines changed since BASE= (HEAD) the last report has reached
	$(Q)scripts/coverage-diff '$(BASE)'
bench: setup ## what a message and a page cost, beside the kernel's own driver
	+$(Q)scripts/bench
instructions: setup ## what user space waits for, in instructions, beside the kernel's own driver (QEMU)
	+$(Q)scripts/instructions
lint: setup ## checkpatch, sparse, kernel-doc, shellcheck, codespell, lengths
	+$(Q)scripts/lint

##@ Look inside
shell: kernel initrd ## a shell in the guest
	@[ -t 0 ] || { echo "make shell: needs a terminal" >&2; exit 1; }
	$(Q)scripts/um-boot -b $(BUILD) -i -- shell quiet $(ARGS)
gdb: kernel initrd ## the kernel in gdb, stopped in the copy loop; T= runs that test
	+$(Q)scripts/gdb-run
attach: ## gdb on a guest that runs already
	$(Q)scripts/gdb-attach

##@ Tidy up
clean: ## all that was built, but not the kernel source
	$(Q)scripts/clean
distclean: clean ## build/ as a whole
	$(Q)rm -rf build
