# SPDX-License-Identifier: GPL-2.0
#
# make			module for KDIR (default: the running kernel's) and client
# make demo		what it is for, on live processes in a guest
# make test		all tests: lint, units, and the suite in a guest
# make test-debug	the suite on a debug kernel; with SHORT=1, a part of it
# make shell		root shell in a guest, module loaded, vmscope on the PATH
# make lab		the labs of the course; with N=01, one of them, in a guest
# make lab-check N=01	grade it (SOLUTION=1: the reference solution)
# make test-labs	the course: texts, graders, solutions
# make test-kernels	the suite on each kernel that the project knows
# make test-machines	the suite with 4 and 5 levels, 1 to 4 CPUs, 1 and 2 nodes
# make test-storms	minutes of each storm, on each kernel and the debug kernel
# make bounds		how long what is held, and what an open answer takes; with KERNEL=7.2
# make fuzz		the client against damaged answers, with libFuzzer; SECONDS=N
# make bench		what asking costs, beside other ways to ask, in a guest
# make check		lint alone
# make install		DESTDIR and prefix (/usr/local) are honoured
# make uninstall
# make clean
#
# demo, test, bench, shell and check install what they lack; with NO_INSTALL=1 they
# only say what it is.

prefix		?= /usr/local
KDIR		?= /lib/modules/$(shell uname -r)/build
# What uname -r says of that kernel, and where modules_install puts things; the
# file kernel.release of Debian's headers holds the upstream version instead.
RELEASE		= $(shell sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' \
		  $(KDIR)/include/generated/utsrelease.h)

all: module client

module:
	@[ -e "$(KDIR)/Makefile" ] || { \
		echo "vmscope: no kernel headers in $(KDIR): apt-get install linux-headers-$$(uname -r)" >&2; \
		exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

client:
	$(MAKE) -C userspace

helpers: client
	$(MAKE) -C tests
	$(MAKE) -C labs/models

demo: deps-build deps-guest client build/demo-program
	@scripts/vm run -- scripts/demo

test:
	@scripts/test

test-debug:
	@scripts/test-debug $(if $(SHORT),--short)

test-labs: deps-build deps-guest deps-test deps-lab helpers
	@scripts/lab build
	@bats --tap tests/host/lab.bats
	@scripts/suite --timeout 3600 tests/labs.bats

# JOBS=2: two guests at a time.
test-kernels test-machines test-storms: deps-build deps-guest deps-test
	@scripts/matrix --jobs $(or $(JOBS),1) $(@:test-%=%)

# An instruction is four nanoseconds: whatever else this machine does does not
# count. As large a process as a guest of 16 GiB holds.
bounds: deps-build deps-guest helpers
	@scripts/vm run --kernel $(or $(KERNEL),6.1) --cpus 1 --mem 16G --timeout 7200 \
		--qemu "-accel tcg,thread=single -icount shift=2,sleep=off" -- \
		build/tests/bounds 14

fuzz: deps-build deps-fuzz
	@$(MAKE) -s -C tests/fuzz run $(if $(SECONDS),SECONDS=$(SECONDS))

shell: deps-build deps-guest client
	@scripts/vm shell

lab:
	@scripts/lab $(if $(N),shell $(N),list)

lab-check:
	@SOLUTION=$(SOLUTION) scripts/lab check $(N)

bench: deps-build deps-guest deps-bench
	@scripts/bench

check: deps-build deps-guest deps-lint
	@scripts/lint

build/demo-program: scripts/demo-program.c
	@mkdir -p build
	$(CC) -O1 -Wall -Wextra -o $@ $<

deps-%:
	@scripts/deps $*

install: module client
	$(MAKE) -C $(KDIR) M=$(CURDIR) $(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) modules_install
	[ -n "$(DESTDIR)" ] || depmod $(RELEASE)
	install -D -m 755 userspace/vmscope $(DESTDIR)$(prefix)/bin/vmscope
	install -D -m 644 scripts/gdb/vmscope.py $(DESTDIR)$(prefix)/share/vmscope/vmscope.py
	install -D -m 644 tests/lib/vmscope.bash $(DESTDIR)$(prefix)/lib/vmscope/vmscope.bash

uninstall:
	$(RM) $(DESTDIR)$(prefix)/bin/vmscope $(DESTDIR)$(prefix)/share/vmscope/vmscope.py
	$(RM) $(DESTDIR)$(prefix)/lib/vmscope/vmscope.bash
	find $(DESTDIR)/lib/modules/$(RELEASE) -name 'vmscope.ko*' -delete
	[ -n "$(DESTDIR)" ] || depmod $(RELEASE)

clean:
	$(MAKE) -C userspace clean
	$(MAKE) -C tests clean
	$(MAKE) -C labs/models clean
	$(RM) -r build
	[ ! -e "$(KDIR)/Makefile" ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | sed -n '2,23p'

.PHONY: all module client helpers demo test test-debug test-labs fuzz bounds bench test-kernels test-machines test-storms shell lab lab-check check install uninstall clean help
