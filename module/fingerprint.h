/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_FINGERPRINT_H
#define VMSCOPE_FINGERPRINT_H

#include <linux/types.h>

struct hold;

/**
 * struct fingerprint - one number for all VMAs of a range
 * @value: as last taken
 * @taken: it has been
 * @when: it was, in ns
 * @cost: how long it took, in ns
 */
struct fingerprint {
	u64 value;
	bool taken;
	u64 when;
	u64 cost;
};

int fingerprint_check(struct fingerprint *f, struct hold *h, u64 start,
		      u64 end);
bool fingerprint_is_fresh(const struct fingerprint *f);

#endif /* VMSCOPE_FINGERPRINT_H */
