// SPDX-License-Identifier: GPL-2.0
#include "fake_transport.h"
#include "procfs.h"

FILE *__wrap_procfs_open_swaps(void);

/* What this machine has is of no concern. */
FILE *__wrap_procfs_open_swaps(void)
{
	return NULL;
}

const struct vma vma_list[VMAS] = {
	{ .start = 0x1000, .end = 0x3000, .pages = 2, .perms = PERM_READ,
	  .present = 2, .shared = 2, .inode = 5, .file = "/lib/x\\y.so",
	  .name = "", .vmflags = "rd ex mr" },
	{ .start = 0x3000, .end = 0x4000, .pages = 1, .perms = PERM_READ,
	  .mapcount_exact = true, .inode = 5, .file = "/lib/x\\y.so",
	  .name = "", .vmflags = "" },
	{ .start = 0x8000, .end = 0x9000, .pages = 1,
	  .perms = PERM_READ | PERM_WRITE, .file = "", .name = "[heap]",
	  .vmflags = "rd" },
};

struct fake fake;

static struct transport *fake_open(struct error *err)
{
	(void)err;
	return &fake.base;
}

static void fake_cost(struct cost *cost, int *interrupted)
{
	fake.dumps++;
	*cost = (struct cost) { .interrupted = *interrupted > 0 };
	*interrupted -= *interrupted > 0;
}

static int fake_walk(struct transport *t, pid_t pid, __u64 vaddr, walk_fn fn,
		     void *arg, struct error *err)
{
	(void)t;
	fake.walk.pid = pid;
	fake.walk.vaddr = vaddr;
	return fn(&fake.walk, arg, err);
}

static int fake_maps(struct transport *t, pid_t pid, const struct range *range,
		     vma_fn fn, void *arg, struct cost *cost, struct error *err)
{
	int i;

	(void)t;
	(void)pid;
	(void)range;
	for (i = 0; i < VMAS; i++)
		if (fn(&vma_list[i], arg, err))
			return -1;
	fake_cost(cost, &fake.interrupted);
	return 0;
}

static int fake_pages(struct transport *t, const struct pages_request *req,
		      page_fn fn, void *arg, struct cost *cost,
		      struct error *err)
{
	size_t i;

	(void)t;
	fake.request = *req;
	for (i = 0; i < fake.nr_pages; i++) {
		if ((int)i == fake.fail_after)
			return error_set(err, STATUS_FAILED, "it broke");
		if (fn(&fake.page[i], arg, err))
			return -1;
	}
	fake_cost(cost, &fake.pages_interrupted);
	return 0;
}

static void fake_close(struct transport *t)
{
	(void)t;
}

static const struct transport_ops fake_ops = {
	.name = "fake",
	.open = fake_open,
	.walk = fake_walk,
	.maps = fake_maps,
	.pages = fake_pages,
	.close = fake_close,
};

int fresh(void **state)
{
	(void)state;
	fake = (struct fake) {
		.base = { .ops = &fake_ops, .info = { .page_shift = 12 } },
		.fail_after = -1,
		.nr_pages = 3,
		.page = {
			{ .vaddr = 0x1000, .npages = 2, .state = STATE_PRESENT,
			  .level = LEVEL_PTE, .page_shift = 12, .has_pfn = true,
			  .pfn = 0, .has_frame = true, .mapcount = 2,
			  .node = -1, .flags = 5, .entry = 0x25 },
			{ .vaddr = 0x3000, .npages = 1, .state = STATE_PRESENT,
			  .level = LEVEL_PTE, .page_shift = 12, .has_pfn = true,
			  .pfn = 99, .has_frame = true, .node = -1,
			  .kpageflags = 1ULL << KPF_ZERO },
			{ .vaddr = 0x8000, .npages = 1, .state = STATE_SWAP,
			  .level = LEVEL_PTE, .page_shift = 12, .swap_type = 1,
			  .swap_offset = 77, .why = WHY_SWAPPED },
		},
	};
	return 0;
}

char printed[PRINTED_MAX];
struct error error;

int run(const struct command *c, const struct look *look, int argc,
	const char * const *argv, const char * const *options)
{
	struct invocation inv = {
		.command = c,
		.ops = &fake_ops,
		.look = *look,
		.argc = argc,
		.argv = (char **)argv,
	};
	struct capture cap;
	int ret, i;

	for (i = 0; options && options[i]; i += 2)
		inv.option[atoi(options[i])] = options[i + 1];
	memset(&error, 0, sizeof(error));
	capture_begin(&cap);
	ret = c->run(&inv, &error);
	capture_end(&cap, printed, sizeof(printed));
	return ret;
}

const struct look as_json = { .json = true };
const struct look as_text = { .no_headings = true };

struct json_object *field(struct json_object *o, const char *name)
{
	struct json_object *f = NULL;

	json_object_object_get_ex(o, name, &f);
	return f;
}

const char *string(struct json_object *o, const char *name)
{
	return json_object_get_string(field(o, name));
}
