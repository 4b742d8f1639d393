// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images.h"

static const char vdso[] = "[vdso]";

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The file as mapped: unlinked, replaced, or in another mount namespace. */
static int open_mapped(pid_t pid, __u64 start)
{
	char path[64], begin[24];
	struct dirent *entry;
	int fd = -1;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/map_files", (int)pid);
	snprintf(begin, sizeof(begin), "%llx-", start);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, begin, strlen(begin))) {
			fd = openat(dirfd(dir), entry->d_name,
				    O_RDONLY | O_CLOEXEC);
			break;
		}
	if (dir)
		closedir(dir);
	return fd;
}

/* Without the capability that map_files wants, the path has to do. */
static int open_path(pid_t pid, const char *name)
{
	char *path;
	int fd;

	if (asprintf(&path, "/proc/%d/root%s", (int)pid, name) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	return fd;
}

static int find_elf(Dwfl_Module *mod, void **userdata, const char *name,
		    Dwarf_Addr start, char **file_name, Elf **elf)
{
	const struct images *images = *userdata;
	int fd;

	/* Not a file: the vDSO, to be read from the process's memory. */
	if (*name != '/')
		return dwfl_linux_proc_find_elf(mod, userdata, name, start,
						file_name, elf);
	fd = open_mapped(images->pid, start);
	if (fd < 0)
		fd = open_path(images->pid, name);
	/* Debug symbols are looked for by this name and by the build ID. */
	if (fd >= 0)
		*file_name = strdup(name);
	return fd;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

static int take_module(Dwfl_Module *dwfl, void **userdata, const char *name,
		       Dwarf_Addr start, void *arg)
{
	struct images *images = arg;
	struct image *more = reallocarray(images->image, images->n + 1,
					  sizeof(*more));
	const bool is_file = *name == '/';

	if (!more)
		return DWARF_CB_ABORT;
	*userdata = images;
	images->image = more;
	more[images->n++] = (struct image) {
		.dwfl = dwfl,
		.path = is_file ? name : vdso,
		.file = is_file ? last_part(name) : vdso,
		.start = start,
		.scope = is_file ? IMAGE_FILE : IMAGE_VDSO,
	};
	return DWARF_CB_OK;
}

static void find_program(struct images *images)
{
	char link[32], path[4096];
	ssize_t len;
	size_t i;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)images->pid);
	len = readlink(link, path, sizeof(path) - 1);
	if (len < 0)
		return;
	path[len] = '\0';
	for (i = 0; i < images->n; i++)
		if (!strcmp(images->image[i].path, path))
			images->image[i].scope = IMAGE_PROGRAM;
}

int images_load(struct images *images, struct error *err)
{
	int ret;

	if (images->dwfl)
		return 0;
	/* A question about a process must not become one to a server. */
	unsetenv("DEBUGINFOD_URLS");
	images->dwfl = dwfl_begin(&callbacks);
	if (!images->dwfl)
		return error_set(err, STATUS_FAILED, "symbols: %s",
				 dwfl_errmsg(-1));
	dwfl_report_begin(images->dwfl);
	ret = dwfl_linux_proc_report(images->dwfl, images->pid);
	dwfl_report_end(images->dwfl, NULL, NULL);
	if (ret == ENOENT || ret == ESRCH)
		return error_set(err, STATUS_FAILED, "PID %d: no such process",
				 (int)images->pid);
	if (ret)
		return error_set(err, STATUS_FAILED,
				 "symbols of process %d: %s", (int)images->pid,
				 ret > 0 ? strerror(ret) : dwfl_errmsg(-1));
	if (dwfl_getmodules(images->dwfl, take_module, images, 0))
		return error_set(err, STATUS_FAILED, "symbols: %s",
				 strerror(ENOMEM));
	find_program(images);
	return 0;
}

void images_free(struct images *images)
{
	if (images->dwfl)
		dwfl_end(images->dwfl);
	free(images->image);
	memset(images, 0, sizeof(*images));
}

struct image *images_find(struct images *images, __u64 vaddr)
{
	size_t i;

	/* The last that begins below it: .bss lies in no mapping of the file. */
	for (i = images->n; i--;)
		if (images->image[i].start <= vaddr)
			return image_read(&images->image[i]) ?
			       &images->image[i] : NULL;
	return NULL;
}

bool image_read(struct image *image)
{
	if (!image->elf && !image->failed) {
		image->elf = dwfl_module_getelf(image->dwfl, &image->bias);
		image->failed = !image->elf;
	}
	return image->elf;
}

bool image_named(const struct image *image, const char *name, size_t len)
{
	static const char deleted[] = " (deleted)";
	const size_t tail = strlen(deleted);
	const char *path = image->path;
	size_t all = strlen(path);
	int i;

	/* With what the kernel adds to the path of an unlinked file, or not. */
	for (i = 0; i < 2; i++) {
		if (len && len <= all && !memcmp(path + all - len, name, len) &&
		    (len == all || path[all - len - 1] == '/'))
			return true;
		if (all < tail || strcmp(path + all - tail, deleted))
			break;
		all -= tail;
	}
	return false;
}

Elf_Scn *image_section(const struct image *image, GElf_Word type,
		       GElf_Shdr *shdr)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(image->elf, scn)))
		if (gelf_getshdr(scn, shdr) && shdr->sh_type == type)
			return scn;
	return NULL;
}

const char *image_section_name(const struct image *image, __u64 vaddr)
{
	const __u64 at = vaddr - image->bias;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	size_t strings;

	if (elf_getshdrstrndx(image->elf, &strings))
		return NULL;
	while ((scn = elf_nextscn(image->elf, scn)))
		/* .tbss takes no room: it lies over what follows. */
		if (gelf_getshdr(scn, &shdr) && shdr.sh_flags & SHF_ALLOC &&
		    !(shdr.sh_flags & SHF_TLS && shdr.sh_type == SHT_NOBITS) &&
		    at >= shdr.sh_addr && at - shdr.sh_addr < shdr.sh_size)
			return elf_strptr(image->elf, strings, shdr.sh_name);
	return NULL;
}

/* Is this what the segment says has to be there? */
static bool maps_segment(const struct image *image, const GElf_Phdr *phdr,
			 __u64 vaddr, const struct vma *vma)
{
	const __u64 in = vaddr - image->bias - phdr->p_vaddr;

	if (image->scope == IMAGE_VDSO)
		return true;
	if (phdr->p_flags & PF_X && !(vma->perms & PERM_EXEC))
		return false;
	/* What .bss has beyond the file's last page has no file. */
	if (!*vma->file)
		return in >= phdr->p_filesz;
	return vma->offset + (vaddr - vma->start) == phdr->p_offset + in;
}

int image_segment(const struct image *image, __u64 vaddr,
		  const struct vma *vma, GElf_Phdr *phdr)
{
	const __u64 at = vaddr - image->bias;
	size_t n;
	int i;

	if (elf_getphdrnum(image->elf, &n))
		return -1;
	for (i = 0; i < (int)n; i++)
		if (gelf_getphdr(image->elf, i, phdr) &&
		    phdr->p_type == PT_LOAD && at >= phdr->p_vaddr &&
		    at - phdr->p_vaddr < phdr->p_memsz)
			return maps_segment(image, phdr, vaddr, vma) ? i : -1;
	return -1;
}
