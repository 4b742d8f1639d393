/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A frame, told in words.
 */
#ifndef VMSCOPE_PROSE_FRAME_H
#define VMSCOPE_PROSE_FRAME_H

#include "render.h"

/**
 * prose_frame() - print what a frame is
 * @frame: the frame
 * @page_shift: log2 of the base page size
 * @first: nothing has been printed before
 */
void prose_frame(const struct frame *frame, unsigned int page_shift,
		 bool first);

/**
 * prose_owners() - print how many map it, how that was found out, and what
 *	could not be
 * @frame: the frame
 * @n: how many owners are named
 */
void prose_owners(const struct frame *frame, size_t n);

#endif /* VMSCOPE_PROSE_FRAME_H */
