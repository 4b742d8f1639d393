// SPDX-License-Identifier: GPL-2.0
/*
 * vmscope maps: the VMAs of a process, with counts of their pages.
 */
#include "address.h"
#include "columns.h"
#include "command.h"
#include "freeze.h"
#include "vmas.h"

enum {
	OPT_STATS,
	OPT_FREEZE,
};

static const struct command_option maps_options[] = {
	[OPT_STATS] = { "stats", NULL, "what it has cost the process, on stderr" },
	[OPT_FREEZE] = FREEZE_OPTION,
	{ 0 }
};

static int render_vmas(struct render *out, const struct vmas *vmas,
		       struct error *err)
{
	size_t i;

	for (i = 0; i < vmas->n; i++)
		if (render_row(out, &vmas->vma[i], err))
			return -1;
	return render_finish(out, err);
}

static int run_maps(const struct invocation *inv, struct error *err)
{
	struct render out = { 0 };
	struct vmas vmas = { 0 };
	struct transport *t = NULL;
	struct freeze freeze = { 0 };
	pid_t pid;
	int ret = -1;

	if (address_pid(inv->argv[0], &pid, err) ||
	    render_open(&out, &inv->look, "maps", &vma_columns, false, err))
		goto out;
	t = inv->ops->open(err);
	if (!t)
		goto out;
	if (inv->option[OPT_FREEZE] && freeze_processes(&freeze, &pid, 1, err))
		goto out;
	if (vmas_load(&vmas, t, pid, err))
		goto out;
	ret = render_vmas(&out, &vmas, err);
	if (ret)
		goto out;
	warn_interrupted(pid, &vmas.cost);
	if (inv->option[OPT_STATS])
		print_stats("maps", pid, &vmas.cost);
out:
	if (freeze_release(&freeze, err))
		ret = -1;
	vmas_free(&vmas);
	transport_close(t);
	render_close(&out);
	return ret;
}

const struct command command_maps = {
	.name = "maps",
	.operands = "PID",
	.summary = "mappings, with counts of their pages",
	.details =
	"Counts are of base pages. Shared and exclusive are what smaps calls Shared_* and\n"
	"Private_*, hugetlb with them: how often a page is mapped, not by how many\n"
	"processes. A ~ marks what this kernel can only estimate, in smaps as well.\n",
	.min_operands = 1,
	.max_operands = 1,
	.options = maps_options,
	.columns = &vma_columns,
	.run = run_maps,
};
