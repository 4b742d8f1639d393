// SPDX-License-Identifier: GPL-2.0
/*
 * The ways in, by name.
 */
#include <string.h>

#include "transport.h"

/* The first one is the usual one. */
static const struct transport_ops * const transports[] = {
	&transport_netlink,
	&transport_debugfs,
};

const struct transport_ops *transport_find(const char *name, struct error *err)
{
	size_t i;

	if (!name)
		return transports[0];
	for (i = 0; i < ARRAY_SIZE(transports); i++)
		if (!strcmp(transports[i]->name, name))
			return transports[i];
	error_set(err, STATUS_USAGE,
		  "--transport '%s': not one of netlink, debugfs", name);
	return NULL;
}

void transport_close(struct transport *t)
{
	if (t)
		t->ops->close(t);
}
