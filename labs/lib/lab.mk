# SPDX-License-Identifier: GPL-2.0
#
# What the Makefile of a lab includes, after it has said:
#
#	programs	what is built, each from the .c or .S file of that name
#	flags-NAME	more for the compiler and linker of that one program
#	extra		what else is to be built, with rules of the lab's own
#
# make			build them
# make check		grade this directory, in the guest
# make clean
#
# With SOLUTION=1 a file that is also in solution/ is taken from there.

CC		:= gcc
CFLAGS		:= -O1 -g -std=gnu11 -Wall -Wextra -I. -I../lib
# Not one word of a starter is unused by mistake, but many are unused as yet.
CFLAGS		+= -Wno-unused-parameter -Wno-unused-function

# source NAME: the file to build it from.
source		= $(firstword $(if $(SOLUTION),$(wildcard solution/$1)) $1)

all: $(programs) $(extra)

.SECONDEXPANSION:
$(filter-out %.so,$(programs)): %: $$(call source,$$(wildcard $$*.[cS])) ../lib/lab.h
	$(CC) $(CFLAGS) -o $@ $< $(flags-$*)

check:
	@../../scripts/lab grade .

clean:
	$(RM) $(programs) $(extra)

.PHONY: all check clean
