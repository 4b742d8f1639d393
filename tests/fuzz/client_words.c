// SPDX-License-Identifier: GPL-2.0
/*
 * Harness: what a user types, and what /proc/swaps says. The input is arguments of
 * vmscope up to a NUL byte, and the file's text after it; an answer never comes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include "../../userspace/address.h"
#include "../../userspace/procfs.h"
#include "../../userspace/swaps.h"
#include "../../userspace/symbols.h"
#include "../../userspace/text.h"
#include "client.h"

int __wrap_genl_connect(struct nl_sock *sk);
FILE *__wrap_procfs_open_swaps(void);

static char *swaps_text;

int __wrap_genl_connect(struct nl_sock *sk)
{
	(void)sk;
	return -NLE_OPNOTSUPP;
}

FILE *__wrap_procfs_open_swaps(void)
{
	return *swaps_text ? fmemopen(swaps_text, strlen(swaps_text), "r") : NULL;
}

/* Names among these mappings. */
static void resolve(const char *text)
{
	struct vma list[] = {
		{ .start = 0x1000, .end = 0x3000, .perms = 5, .inode = 5, .file = "/lib/x\\y.so",
		  .name = "", .vmflags = "" },
		{ .start = 0x3000, .end = 0x4000, .perms = 1, .inode = 5, .file = "/lib/x\\y.so",
		  .name = "", .vmflags = "" },
		{ .start = 0x8000, .end = 0x9000, .perms = 3, .file = "", .name = "[heap]",
		  .vmflags = "" },
	};
	const struct vmas vmas = { .vma = list, .n = 3 };
	struct range *ranges = NULL, range;
	struct place place = { 0 };
	struct error err;
	__u64 vaddr;
	size_t n;

	if (!address_parse(text, &place, &err) && place.name)
		address_resolve(place.text, &vmas, 4194303, &vaddr, &err);
	place = (struct place){ 0 };
	if (address_parse_where(text, &place, &err))
		return;
	if (!place.name)
		address_round(&place, 12, &range, &err);
	else
		address_resolve_where(place.text, &vmas, 4194303, &ranges, &n, &err);
	free(ranges);
}

static void rewrite(char *text)
{
	char buf[64];
	__u64 number;

	text_number(text, strlen(text), &number);
	text_escape(text, buf, sizeof(buf));
	text_utf8(text, buf, sizeof(buf));
	text_unescape(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = strndup((const char *)data, size);
	const size_t used = line ? strlen(line) : 0;
	struct swaps swaps = { 0 };

	swaps_text = size > used ? strndup((const char *)data + used + 1, size - used - 1) :
				   strdup("");
	if (!line || !swaps_text)
		abort();
	swaps_read(&swaps);
	swaps_free(&swaps);
	/* Not those that read all of /proc, or wait for somebody. */
	if (!strstr(line, "--a") && !strstr(line, "--n") && !strstr(line, "--cg") &&
	    !strstr(line, "--f"))
		client_run(line);
	resolve(line);
	rewrite(line);
	free(swaps_text);
	free(line);
	return 0;
}

size_t harness_seed(unsigned int i, uint8_t *buf)
{
	static const char * const more[] = {
		"--help", "--version", "walk --help", "-jo pid,vaddr walk 1 2",
		"pages 1 0x1000-0x2000 --flags rw,~dirty,pkey=3", "pages 1 [heap]+0x1000",
		"pages 1 0x1000+4096", "walk 1 libc.so.6:environ+0x4 x\\y.so+1",
		"walk 1 main@@GLIBC_2.2.5", "frame --of 1:[stack]", "-- walk -5 -1",
		"shared 1 2 1", "x\\y.so:main+0x10", "[heap]", "0x8000-0x9000", "a\\040b\\777",
		"18446744073709551615+1", "--transport", "-o a,,b info",
	};
	static const char swaps[] =
		"Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
		"/dev/zram0                              partition\t262140\t\t0\t\t-2\n"
		"/a\\040b                                 file\t\t99\t\t7\t\t5\n";
	const char *text;
	size_t n;

	if (i < 22)
		text = client_command(i);
	else if (i - 22 < sizeof(more) / sizeof(more[0]))
		text = more[i - 22];
	else
		return 0;
	n = strlen(text);
	memcpy(buf, text, n + 1);
	if (i % 2)
		return n;
	memcpy(buf + n + 1, swaps, sizeof(swaps) - 1);
	return n + sizeof(swaps);
}
