# SPDX-License-Identifier: GPL-2.0
#
# One program with symbols, in the ways that programs are linked. Part of
# ../Makefile.

symbols		:= $(addprefix $O/symbols-,pie no-pie static static-pie stripped \
		   debugdata)
symbols_code	:= helpers/symbols.c helpers/symbols_twin.c
symbols_flags	:= -O1 -Wall -Wextra

symbols_link_pie	:= -fPIE -pie
symbols_link_no-pie	:= -fno-pie -no-pie
symbols_link_static	:= -fno-pie -static
symbols_link_static-pie	:= -fPIE -static-pie

all: $(symbols)

$O/libsymbols.so: helpers/symbols_library.c helpers/symbols.map
	@mkdir -p $O
	$(CC) $(symbols_flags) -shared -fPIC -o $@ $< \
		-Wl,--version-script=helpers/symbols.map

$(addprefix $O/symbols-,pie no-pie): $O/symbols-%: $(symbols_code) $O/libsymbols.so
	$(CC) $(symbols_flags) -DSYMBOLS_LIBRARY $(symbols_link_$*) -o $@ \
		$(symbols_code) -L$O -lsymbols -Wl,-rpath,$(abspath $O)

$(addprefix $O/symbols-,static static-pie): $O/symbols-%: $(symbols_code)
	@mkdir -p $O
	$(CC) $(symbols_flags) $(symbols_link_$*) -o $@ $^

$O/symbols-stripped: $O/symbols-pie
	strip -o $@ $<

# As distributions do that want backtraces: functions alone, packed, in a section.
$O/symbols-debugdata: $O/symbols-pie $O/symbols-stripped
	nm $< | sed -n 's/.* [Tt] //p' >$@.keep
	objcopy -S --keep-symbols=$@.keep $< $@.mini
	xz -f $@.mini
	objcopy --add-section .gnu_debugdata=$@.mini.xz $O/symbols-stripped $@
