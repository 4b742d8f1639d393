/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ELF files that a process has mapped: where each was loaded, what lies
 * where in it. A file is opened with the first question about it.
 */
#ifndef VMSCOPE_IMAGES_H
#define VMSCOPE_IMAGES_H

#include <elfutils/libdwfl.h>

#include "model.h"

enum image_scope {
	IMAGE_PROGRAM,
	IMAGE_FILE,
	IMAGE_VDSO,
	IMAGE_SCOPES
};

/**
 * struct image - one ELF file, mapped
 * @dwfl: libdwfl's view of it
 * @path: of the file, or "[vdso]"
 * @file: last part of @path
 * @start: first address
 * @elf: the file; NULL until image_read()
 * @bias: from the file's addresses to those of the process
 * @scope: what it is to the process
 * @failed: it cannot be read, or is no ELF file
 */
struct image {
	Dwfl_Module *dwfl;
	const char *path;
	const char *file;
	__u64 start;
	Elf *elf;
	GElf_Addr bias;
	enum image_scope scope;
	bool failed;
};

/**
 * struct images - those of a process
 * @pid: the process
 * @dwfl: libdwfl's view of it; NULL until images_load()
 * @image: the files, by address
 * @n: how many
 */
struct images {
	pid_t pid;
	Dwfl *dwfl;
	struct image *image;
	size_t n;
};

/**
 * images_load() - see what is mapped, once
 * @images: of which @pid is set
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int images_load(struct images *images, struct error *err);

/**
 * images_free() - forget them
 * @images: may be all zeroes
 */
void images_free(struct images *images);

/**
 * images_find() - the image that may hold an address
 * @images: loaded
 * @vaddr: the address
 *
 * Return: it, read, or NULL.
 */
struct image *images_find(struct images *images, __u64 vaddr);

/**
 * image_read() - open its file, once
 * @image: the image
 *
 * Return: false if that is not possible.
 */
bool image_read(struct image *image);

/**
 * image_named() - does it answer to this name?
 * @image: the image
 * @name: last part, or parts, of its path
 * @len: length of @name; it need not end there
 *
 * Return: true if so.
 */
bool image_named(const struct image *image, const char *name, size_t len);

/**
 * image_section() - the first section of a type
 * @image: read
 * @type: SHT_*
 * @shdr: where to
 *
 * Return: it or NULL.
 */
Elf_Scn *image_section(const struct image *image, GElf_Word type,
		       GElf_Shdr *shdr);

/**
 * image_section_name() - the section that an address lies in
 * @image: read
 * @vaddr: the address
 *
 * Return: its name or NULL.
 */
const char *image_section_name(const struct image *image, __u64 vaddr);

/**
 * image_segment() - the segment that an address lies in
 * @image: read
 * @vaddr: the address
 * @vma: the mapping that covers it
 * @phdr: where to
 *
 * Return: its number, or -1 if there is none, or the file is mapped there as
 * data and not as the segment says.
 */
int image_segment(const struct image *image, __u64 vaddr,
		  const struct vma *vma, GElf_Phdr *phdr);

#endif /* VMSCOPE_IMAGES_H */
