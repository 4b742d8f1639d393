/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_TEXT_H
#define VMSCOPE_TEXT_H

#include "answer.h"
#include "tables.h"
#include "vmas.h"

/**
 * struct text - lines under construction
 * @buf: room for them
 * @size: bytes of it
 * @len: bytes used
 */
struct text {
	char *buf;
	size_t size;
	size_t len;
};

/* The longest path with every byte escaped, and all the rest of its line. */
#define TEXT_VMA_MAX	(4 * PATH_MAX + 1024)
/* All lines about one address. */
#define TEXT_ANSWER_MAX	(TEXT_VMA_MAX + 4096)
#define TEXT_PAGE_MAX	320
#define TEXT_STATS_MAX	256
/* The longest path and name with every byte escaped, and the rest. */
#define TEXT_OWNER_MAX	(4 * PATH_MAX + 1024)
#define TEXT_FRAME_MAX	(4 * PATH_MAX + 1024)

void text_info(struct text *t, const struct vmscope_info *info);
void text_answer(struct text *t, const struct answer *a, pid_t nr, u64 addr);
void text_vma_heading(struct text *t);
void text_vma(struct text *t, const struct vma_desc *d);
void text_page_heading(struct text *t);
void text_page(struct text *t, const struct vmscope_page *p);
void text_swap_heading(struct text *t);
void text_swap(struct text *t, const struct vmscope_page *p);
void text_owner_heading(struct text *t);
void text_owner(struct text *t, const struct vmscope_owner *o,
		const char *file);
void text_frame(struct text *t, const struct vmscope_frame *f,
		const char *file);
void text_tables(struct text *t, const struct tables *tables);
void text_stats(struct text *t, const char *lead,
		const struct vmscope_stats *st);

#endif /* VMSCOPE_TEXT_H */
