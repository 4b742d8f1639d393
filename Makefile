# SPDX-License-Identifier: GPL-2.0
#
# make			module for KDIR (default: the running kernel's) and client
# make demo		what it is for, on live processes in a guest
# make test		all tests: lint, units, and the suite in a guest
# make shell		root shell in a guest, module loaded, vmscope on the PATH
# make check		lint alone
# make install		DESTDIR and prefix (/usr/local) are honoured
# make uninstall
# make clean
#
# demo, test, shell and check install what they lack; with NO_INSTALL=1 they
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

shell: deps-build deps-guest client
	@scripts/vm shell

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

uninstall:
	$(RM) $(DESTDIR)$(prefix)/bin/vmscope $(DESTDIR)$(prefix)/share/vmscope/vmscope.py
	find $(DESTDIR)/lib/modules/$(RELEASE) -name 'vmscope.ko*' -delete
	[ -n "$(DESTDIR)" ] || depmod $(RELEASE)

clean:
	$(MAKE) -C userspace clean
	$(MAKE) -C tests clean
	$(MAKE) -C labs/models clean
	$(RM) -r build
	[ ! -e "$(KDIR)/Makefile" ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | sed -n '2,14p'

.PHONY: all module client helpers demo test shell check install uninstall clean help
