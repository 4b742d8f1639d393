// SPDX-License-Identifier: GPL-2.0
/*
 * libdwfl knows the mapped files, where each was loaded and where its symbol
 * tables are: in the file, in a file of debug symbols, in .gnu_debugdata. It
 * keeps no versions; .dynsym is read here once more for them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "images.h"
#include "symbols.h"

#define CANDIDATES_SHOWN	4
#define VERSION_HIDDEN		0x8000

/**
 * struct symbols - a process's symbols
 * @images: the ELF files it has mapped
 * @found: what symbols_find() has found, to be named so again
 * @nr_found: how many
 * @text: of the last symbols_name()
 * @segment: likewise
 */
struct symbols {
	struct images images;
	struct symbol *found;
	size_t nr_found;
	char *text;
	char segment[32];
};

/* From the best to the worst: the first that has the name decides. */
enum quality {
	QUALITY_DYNAMIC,		/* .dynsym, default versions */
	QUALITY_HIDDEN,		/* .dynsym, the other ones */
	QUALITY_GLOBAL,		/* .symtab, wherever that is */
	QUALITY_LOCAL,
	QUALITIES
};

/**
 * struct search - what is looked for, and what was found
 * @name: the symbol
 * @len: length of @name; it need not end there
 * @version: NULL: any
 * @version_len: likewise
 * @file: NULL: any
 * @file_len: likewise
 * @symbol: those found
 * @n: how many, each at another address
 * @failed: out of memory
 */
struct search {
	const char *name;
	size_t len;
	const char *version;
	size_t version_len;
	const char *file;
	size_t file_len;
	struct symbol *symbol;
	size_t n;
	bool failed;
};

static const char * const type_names[SYMBOL_TYPES] = {
	[SYMBOL_OTHER]		= "other",
	[SYMBOL_FUNCTION]	= "function",
	[SYMBOL_DATA]		= "data",
	[SYMBOL_IFUNC]		= "ifunc",
	[SYMBOL_TLS]		= "tls",
};

const char *symbol_type_name(enum symbol_type type)
{
	return type < SYMBOL_TYPES ? type_names[type] : "other";
}

static enum symbol_type type_of(const GElf_Sym *sym)
{
	switch (GELF_ST_TYPE(sym->st_info)) {
	case STT_FUNC:
		return SYMBOL_FUNCTION;
	case STT_OBJECT:
	case STT_COMMON:
		return SYMBOL_DATA;
	case STT_GNU_IFUNC:
		return SYMBOL_IFUNC;
	case STT_TLS:
		return SYMBOL_TLS;
	}
	return SYMBOL_OTHER;
}

struct symbols *symbols_open(pid_t pid, struct error *err)
{
	struct symbols *s = calloc(1, sizeof(*s));

	if (!s) {
		error_set(err, STATUS_FAILED, "symbols: %s", strerror(ENOMEM));
		return NULL;
	}
	s->images.pid = pid;
	return s;
}

int symbols_load(struct symbols *s, struct error *err)
{
	return images_load(&s->images, err);
}

bool symbols_were_read(const struct symbols *s)
{
	return s->nr_found;
}

void symbols_close(struct symbols *s)
{
	if (!s)
		return;
	images_free(&s->images);
	free(s->found);
	free(s->text);
	free(s);
}

/* The name of a version that a file defines. */
static const char *version_name(const struct image *image, GElf_Half number)
{
	GElf_Verdef def = { .vd_next = 0 };
	GElf_Verdaux aux;
	GElf_Shdr shdr;
	Elf_Scn *scn = image_section(image, SHT_GNU_verdef, &shdr);
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;
	int at = 0, i;

	for (i = 0; data && i < (int)shdr.sh_info; i++) {
		if (!gelf_getverdef(data, at, &def))
			break;
		if (def.vd_ndx == number &&
		    gelf_getverdaux(data, at + def.vd_aux, &aux))
			return elf_strptr(image->elf, shdr.sh_link,
					  aux.vda_name) ?: "";
		at += def.vd_next;
	}
	return "";
}

static bool is_named(const struct search *search, const char *name)
{
	return name && !strncmp(name, search->name, search->len) &&
	       (!name[search->len] || name[search->len] == '@');
}

/* Does it stand for a place that the file has, and not elsewhere? */
static bool is_place(const GElf_Sym *sym, GElf_Word shndx)
{
	const int type = GELF_ST_TYPE(sym->st_info);

	return shndx != SHN_UNDEF && shndx != SHN_ABS &&
	       type != STT_SECTION && type != STT_FILE;
}

/* Aliases at one address are one symbol. */
static void add(struct search *search, const struct symbol *symbol)
{
	struct symbol *more;
	size_t i;

	for (i = 0; i < search->n; i++)
		if (search->symbol[i].vaddr == symbol->vaddr &&
		    search->symbol[i].type == symbol->type)
			return;
	more = reallocarray(search->symbol, search->n + 1, sizeof(*more));
	if (!more) {
		search->failed = true;
		return;
	}
	search->symbol = more;
	more[search->n++] = *symbol;
}

static void search_dynamic(const struct image *image, struct search *search,
			   bool want_hidden)
{
	GElf_Shdr shdr, versions_shdr;
	Elf_Scn *scn = image_section(image, SHT_DYNSYM, &shdr);
	Elf_Scn *versions_scn = image_section(image, SHT_GNU_versym,
					     &versions_shdr);
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;
	Elf_Data *versions = versions_scn ? elf_getdata(versions_scn, NULL) :
					    NULL;
	GElf_Sym sym;
	int i;

	for (i = 1; data && gelf_getsym(data, i, &sym); i++) {
		const char *name = elf_strptr(image->elf, shdr.sh_link,
					      sym.st_name);
		const char *version = "";
		GElf_Versym number = 0;
		bool hidden;

		if (!is_named(search, name) || !is_place(&sym, sym.st_shndx))
			continue;
		if (versions)
			gelf_getversym(versions, i, &number);
		hidden = number & VERSION_HIDDEN;
		if (hidden || search->version)
			version = version_name(image, number & ~VERSION_HIDDEN);
		if (search->version ?
		    !word_equal(version, search->version, search->version_len) :
		    hidden != want_hidden)
			continue;
		add(search, &(struct symbol) {
			.name = name, .version = hidden ? version : "",
			.file = image->file, .vaddr = sym.st_value + image->bias,
			.size = sym.st_size, .type = type_of(&sym) });
	}
}

static void search_static(const struct image *image, struct search *search,
			  bool local)
{
	const int n = dwfl_module_getsymtab(image->dwfl);
	GElf_Word shndx;
	GElf_Addr addr;
	GElf_Sym sym;
	int i;

	for (i = 1; i < n; i++) {
		const char *name = dwfl_module_getsym_info(image->dwfl, i, &sym,
							   &addr, &shndx, NULL,
							   NULL);

		if (!is_named(search, name) || !is_place(&sym, shndx) ||
		    local != (GELF_ST_BIND(sym.st_info) == STB_LOCAL))
			continue;
		/* One at sign: not the default version. */
		if (name[search->len] && name[search->len + 1] != '@')
			continue;
		add(search, &(struct symbol) {
			.name = name, .version = "", .file = image->file,
			.vaddr = addr, .size = sym.st_size,
			.type = type_of(&sym) });
	}
}

static void search_module(struct image *image, struct search *search,
			  enum quality quality)
{
	if (!image_read(image))
		return;
	switch (quality) {
	case QUALITY_DYNAMIC:
	case QUALITY_HIDDEN:
		search_dynamic(image, search, quality == QUALITY_HIDDEN);
		break;
	case QUALITY_GLOBAL:
	case QUALITY_LOCAL:
		/* These have no versions that could be asked for. */
		if (!search->version)
			search_static(image, search, quality == QUALITY_LOCAL);
		break;
	case QUALITIES:
		break;
	}
}

/* Each scope is searched to the end before the next: C programs shadow. */
static void search_all(struct symbols *s, struct search *search)
{
	const int scopes = search->file ? 1 : IMAGE_SCOPES;
	size_t i;
	int step;

	for (step = 0; step < scopes * QUALITIES && !search->n; step++)
		for (i = 0; i < s->images.n; i++) {
			struct image *image = &s->images.image[i];

			if (search->file ?
			    image_named(image, search->file, search->file_len) :
			    (int)image->scope == step / QUALITIES)
				search_module(image, search, step % QUALITIES);
		}
}

/* Why a name may be missing: a stripped file has forgotten it. */
static void say_stripped(const struct image *image, char *buf, size_t size)
{
	GElf_Shdr shdr;
	bool dynamic;

	*buf = '\0';
	if (image->failed) {
		snprintf(buf, size, "; %s cannot be read as an ELF file",
			 image->file);
		return;
	}
	if (image_section(image, SHT_SYMTAB, &shdr))
		return;
	dynamic = image_section(image, SHT_DYNSYM, &shdr);
	/* libdwfl may have found a table of symbols outside the file. */
	if (dwfl_module_getsymtab(image->dwfl) >
	    (dynamic ? (int)(shdr.sh_size / shdr.sh_entsize) : 0))
		return;
	snprintf(buf, size, "; %s has no symbol table%s", image->file,
		 dynamic ? ", .dynsym alone was searched" : "");
}

static int not_found(const struct symbols *s, const struct search *search,
		     const char *text, struct error *err)
{
	const struct image *image = NULL;
	char stripped[300] = "";
	size_t i;

	for (i = 0; i < s->images.n && !image; i++)
		if (search->file ?
		    image_named(&s->images.image[i], search->file, search->file_len) :
		    s->images.image[i].scope == IMAGE_PROGRAM)
			image = &s->images.image[i];
	if (search->file && !image)
		return error_set(err, STATUS_FAILED,
				 "%s: no mapped ELF file of the name %.*s in process %d",
				 text, (int)search->file_len, search->file,
				 (int)s->images.pid);
	if (image)
		say_stripped(image, stripped, sizeof(stripped));
	if (search->file)
		return error_set(err, STATUS_FAILED,
				 "%s: no such symbol in %s%s", text, image->file,
				 stripped);
	return error_set(err, STATUS_FAILED,
			 "%s: no mapping of that name and no symbol in process %d%s",
			 text, (int)s->images.pid, stripped);
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->vaddr < y->vaddr ? -1 : x->vaddr > y->vaddr;
}

static int several(const struct search *search, const char *text,
		   struct error *err)
{
	char list[CANDIDATES_SHOWN * 96] = "";
	size_t at = 0, i;

	qsort(search->symbol, search->n, sizeof(*search->symbol), by_address);
	for (i = 0; i < search->n && i < CANDIDATES_SHOWN; i++) {
		const struct symbol *c = &search->symbol[i];

		at += snprintf(list + at, sizeof(list) - at,
			       "%s0x%llx in %.24s%s%.24s", i ? ", " : "",
			       c->vaddr, c->file, *c->version ? " @" : "",
			       c->version);
	}
	return error_set(err, STATUS_FAILED,
			 "%.40s: %zu symbols, name one by its address: %s%s",
			 text, search->n, list,
			 search->n > CANDIDATES_SHOWN ? " ..." : "");
}

static int remember(struct symbols *s, const struct symbol *symbol,
		    struct error *err)
{
	struct symbol *more = reallocarray(s->found, s->nr_found + 1,
					   sizeof(*more));

	if (!more)
		return error_set(err, STATUS_FAILED, "symbols: %s",
				 strerror(ENOMEM));
	s->found = more;
	more[s->nr_found++] = *symbol;
	return 0;
}

/* [FILE:]SYMBOL[@VERSION], where FILE may have a colon of its own. */
static void parse(const char *text, size_t len, struct search *search)
{
	const char *colon = memrchr(text, ':', len);
	const char *at;

	if (colon) {
		search->file = text;
		search->file_len = colon - text;
		len -= colon + 1 - text;
		text = colon + 1;
	}
	search->name = text;
	search->len = len;
	at = memchr(text, '@', len);
	if (!at)
		return;
	search->len = at - text;
	while (at < text + len && *at == '@')
		at++;
	search->version = at;
	search->version_len = text + len - at;
}

int symbols_find(struct symbols *s, const char *text, size_t len,
		 struct symbol *symbol, struct error *err)
{
	struct search search = { 0 };
	int ret = -1;

	if (images_load(&s->images, err))
		return -1;
	parse(text, len, &search);
	if (search.len)
		search_all(s, &search);
	if (search.failed)
		error_set(err, STATUS_FAILED, "symbols: %s", strerror(ENOMEM));
	else if (!search.n)
		not_found(s, &search, text, err);
	else if (search.n > 1)
		several(&search, text, err);
	else if (search.symbol->type == SYMBOL_TLS)
		error_set(err, STATUS_FAILED,
			  "%s: thread-local: every thread has its own, at an address of its own",
			  text);
	else
		ret = 0;
	if (!ret) {
		*symbol = *search.symbol;
		ret = remember(s, symbol, err);
	}
	free(search.symbol);
	return ret;
}

/* The symbol that an address lies in: the one that was asked for, if it does. */
static bool covering(const struct symbols *s, const struct image *image,
		     __u64 vaddr, struct symbol *symbol)
{
	GElf_Off offset;
	GElf_Sym sym;
	size_t i;

	for (i = 0; i < s->nr_found; i++) {
		*symbol = s->found[i];
		if (vaddr >= symbol->vaddr &&
		    vaddr - symbol->vaddr < (symbol->size ?: 1))
			return true;
	}
	symbol->name = dwfl_module_addrinfo(image->dwfl, vaddr, &offset, &sym,
					    NULL, NULL, NULL);
	if (!symbol->name)
		return false;
	symbol->vaddr = vaddr - offset;
	symbol->type = type_of(&sym);
	return true;
}

static bool name_in(struct symbols *s, const struct image *image, __u64 vaddr,
		    const struct vma *vma, struct symbol_name *name)
{
	struct symbol symbol;
	char plus[24] = "";
	GElf_Phdr phdr;
	int number = image_segment(image, vaddr, vma, &phdr);

	if (number < 0)
		return false;
	snprintf(s->segment, sizeof(s->segment), "%d:LOAD:%c%c%c", number,
		 phdr.p_flags & PF_R ? 'r' : '-',
		 phdr.p_flags & PF_W ? 'w' : '-',
		 phdr.p_flags & PF_X ? 'x' : '-');
	name->segment = s->segment;
	name->section = image_section_name(image, vaddr);
	if (!covering(s, image, vaddr, &symbol))
		return true;
	if (vaddr != symbol.vaddr)
		snprintf(plus, sizeof(plus), "+0x%llx", vaddr - symbol.vaddr);
	free(s->text);
	if (asprintf(&s->text, "%.*s%s", (int)strcspn(symbol.name, "@"),
		     symbol.name, plus) < 0)
		s->text = NULL;
	name->symbol = s->text;
	name->type = symbol.type;
	return true;
}

/*
 * A stack and the like: there is no file to be asked. What .bss has beyond the
 * file's last page has none either, but has one behind it. Linux 6.1 calls it [heap],
 * too, where that follows at once, as it does without address randomization.
 */
static bool has_no_image(const struct vma *vma)
{
	return !*vma->file && *vma->name && strcmp(vma->name, "[vdso]") &&
	       strcmp(vma->name, "[heap]") &&
	       strncmp(vma->name, "[anon", strlen("[anon"));
}

bool symbols_name(struct symbols *s, __u64 vaddr, const struct vma *vma,
		  struct symbol_name *name)
{
	struct image *image;
	struct error err;

	*name = (struct symbol_name) { 0 };
	if (has_no_image(vma) || images_load(&s->images, &err))
		return false;
	image = images_find(&s->images, vaddr);
	return image && name_in(s, image, vaddr, vma, name);
}
