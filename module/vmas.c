// SPDX-License-Identifier: GPL-2.0
/* VMAs: what they are, and how much of each is there. */
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include "compat.h"
#include "frame.h"
#include "vmas.h"

/* Bits behind the point of a proportional share; fs/proc/task_mmu.c has as many. */
#define PSS_SHIFT	12

/* The mnemonics of smaps' VmFlags line (Documentation/filesystems/proc.rst). */
static const struct {
	unsigned long flag;
	char name[3];
} flag_names[] = {
	{ VM_READ, "rd" }, { VM_WRITE, "wr" }, { VM_EXEC, "ex" },
	{ VM_SHARED, "sh" }, { VM_MAYREAD, "mr" }, { VM_MAYWRITE, "mw" },
	{ VM_MAYEXEC, "me" }, { VM_MAYSHARE, "ms" }, { VM_GROWSDOWN, "gd" },
	{ VM_UFFD_MISSING, "um" }, { VM_PFNMAP, "pf" }, { VM_LOCKED, "lo" }, { VM_IO, "io" },
	{ VM_SEQ_READ, "sr" }, { VM_RAND_READ, "rr" }, { VM_DONTCOPY, "dc" },
	{ VM_DONTEXPAND, "de" }, { VM_LOCKONFAULT, "lf" },
	{ VM_ACCOUNT, "ac" }, { VM_NORESERVE, "nr" }, { VM_HUGETLB, "ht" },
	{ VM_SYNC, "sf" }, { VM_ARCH_1, "ar" }, { VM_WIPEONFORK, "wf" },
	{ VM_DONTDUMP, "dd" },
#ifdef CONFIG_MEM_SOFT_DIRTY
	{ VM_SOFTDIRTY, "sd" },
#endif
	{ VM_MIXEDMAP, "mm" }, { VM_HUGEPAGE, "hg" }, { VM_NOHUGEPAGE, "nh" },
	{ VM_MERGEABLE, "mg" }, { VM_UFFD_WP, "uw" }, { VM_UFFD_MINOR, "ui" },
	COMPAT_VM_FLAGS
};

static const struct {
	unsigned long flag;
	u32 perm;
} perms[] = {
	{ VM_READ, VMSCOPE_PERM_READ },
	{ VM_WRITE, VMSCOPE_PERM_WRITE },
	{ VM_EXEC, VMSCOPE_PERM_EXEC },
	{ VM_MAYSHARE, VMSCOPE_PERM_SHARED },
};

static void describe_flags(struct vma_desc *d, unsigned long vm_flags)
{
	unsigned long left = vm_flags;
	char *to = d->flags;
	size_t i;

	BUILD_BUG_ON(sizeof(flag_names[0].name) * ARRAY_SIZE(flag_names) >
		     sizeof(d->flags));
	for (i = 0; i < ARRAY_SIZE(flag_names) && left; i++) {
		if (!(left & flag_names[i].flag))
			continue;
		left &= ~flag_names[i].flag;
		*to++ = flag_names[i].name[0];
		*to++ = flag_names[i].name[1];
		*to++ = ' ';
	}
	/* The last blank. */
	*(to - (to > d->flags)) = '\0';
	d->v.perms = 0;
	for (i = 0; i < ARRAY_SIZE(perms); i++)
		if (vm_flags & perms[i].flag)
			d->v.perms |= perms[i].perm;
}

static void describe_file(struct vma_desc *d, struct file *file,
			  unsigned long pgoff)
{
	const struct inode *inode = compat_file_inode(file);
	char *path = d_path(compat_file_path(file), d->path, sizeof(d->path));

	d->v.offset = (u64)pgoff << PAGE_SHIFT;
	d->v.inode = inode->i_ino;
	d->v.dev_major = MAJOR(inode->i_sb->s_dev);
	d->v.dev_minor = MINOR(inode->i_sb->s_dev);
	/* Longer than PATH_MAX: there is a file, and its name is not known. */
	d->file = IS_ERR(path) ? "(path too long)" : path;
}

/* [heap] and [stack] are where the mm says; the rest names itself. */
static void describe_name(struct vma_desc *d, struct vm_area_struct *vma)
{
	const struct mm_struct *mm = vma->vm_mm;
	const char *anon_name = compat_anon_name(vma);
	const char *name = NULL;

	if (vma->vm_ops && vma->vm_ops->name)
		name = vma->vm_ops->name(vma);
	else if (compat_is_heap(vma))
		name = "[heap]";
	else if (vma->vm_start <= mm->start_stack &&
		 vma->vm_end >= mm->start_stack)
		name = "[stack]";

	d->name[0] = '\0';
	if (name)
		strscpy(d->name, name, sizeof(d->name));
	else if (anon_name)
		scnprintf(d->name, sizeof(d->name), "[anon:%s]",
			  anon_name);
}

/**
 * vma_describe() - all but the counts
 * @d: filled
 * @vma: one whose mm's mmap lock is held
 */
void vma_describe(struct vma_desc *d, struct vm_area_struct *vma)
{
	d->v = (struct vmscope_vma){
		.start = vma->vm_start,
		.end = vma->vm_end,
	};
	d->file = NULL;
	d->name[0] = '\0';
	describe_flags(d, vma->vm_flags);
	if (vma->vm_file)
		describe_file(d, vma->vm_file, vma->vm_pgoff);
	else
		describe_name(d, vma);
}

/* Shared, exclusive and Pss as smaps has them. */
static void count_frames(struct vmas *vmas, const struct entry *e,
			 const struct frame *f, u64 n)
{
	struct vmscope_vma *v = &vmas->cur.v;
	bool shared = f->mapcount > 1 || e->shared_table;

	if (shared)
		v->shared += n;
	else if (f->mapcount == 1)
		v->exclusive += n;
	v->mapcount += n * f->mapcount;
	if (!(f->kpageflags & BIT_ULL(KPF_HUGE)))
		vmas->pss += ((u64)PAGE_SIZE << PSS_SHIFT) /
			     max_t(u32, f->mapcount, 1) * n;
	if (f->kpageflags & BIT_ULL(KPF_ANON))
		v->anon += n;
	else
		v->file_pages += n;
}

/*
 * How many pages from page @i of an entry on, of which @f is the first, count the
 * same? All pages of one large folio are anonymous, or none is.
 */
static u64 same_count(const struct entry *e, enum frame_known known,
		      const struct frame *f, u64 i)
{
	u64 n = 1;

	if (e->normal)
		return 1 + frame_alike(e->d.pfn + i + 1, e->npages - i - 1, f);
	/* Of a device's memory not even the next frame is certain. */
	if (e->level == VMSCOPE_LEVEL_PTE || !f->compound ||
	    (e->d.flags & VMSCOPE_FLAG_SPECIAL && known != FRAME_HUGE_ZERO))
		return 1;
	while (i + n < e->npages &&
	       frame_mapcount(e->d.pfn + i + n) == f->mapcount)
		n++;
	return n;
}

/*
 * Zero pages, and frames that the kernel itself does not count mappings of
 * ("special" entries: [vvar], device memory), are present and no more.
 */
static void count_mapped(struct vmas *vmas, const struct entry *e)
{
	struct vmscope_vma *v = &vmas->cur.v;
	enum frame_known known = frame_known(e);
	struct frame *f = &vmas->frame;
	u64 i, n;

	v->present += e->npages;
	if (e->level > VMSCOPE_LEVEL_PTE)
		v->huge += e->npages;
	if (e->d.flags & VMSCOPE_FLAG_DIRTY)
		v->dirty += e->npages;
	if (e->d.flags & VMSCOPE_FLAG_ACCESSED)
		v->accessed += e->npages;

	for (i = 0; i < e->npages; i += n) {
		n = 1;
		if (!frame_read(e->d.pfn + i, known, f))
			continue;
		n = same_count(e, known, f, i);
		if (f->kpageflags & BIT_ULL(KPF_ZERO_PAGE))
			v->zero += n;
		else if (!(e->d.flags & VMSCOPE_FLAG_SPECIAL))
			count_frames(vmas, e, f, n);
	}
}

static u64 vmas_take(struct sink *sink, const struct entry *e)
{
	struct vmas *v = container_of(sink, struct vmas, sink);

	if (decoded_is_mapped(&e->d))
		count_mapped(v, e);
	else if (e->d.state == VMSCOPE_STATE_SWAP)
		v->cur.v.swap += e->npages;
	return e->npages;
}

static bool vmas_enter(struct sink *sink, struct vm_area_struct *vma)
{
	struct vmas *v = container_of(sink, struct vmas, sink);

	/* Back in the one that was left when the mmap lock was let go of. */
	if (v->has_cur && v->cur.v.start == vma->vm_start) {
		v->cur.v.end = vma->vm_end;
		return true;
	}
	if (!vmas_finish(v))
		return false;
	vma_describe(&v->cur, vma);
	v->pss = 0;
	v->cur.v.bits = VMSCOPE_VMA_COUNTED;
	if (compat_mapcount_exact())
		v->cur.v.bits |= VMSCOPE_VMA_MAPCOUNT_EXACT;
	v->has_cur = true;
	return true;
}

/**
 * vmas_finish() - the VMA that the walk was in is complete
 * @v: in use
 *
 * Return: false where there is no room for it: once more, with new room.
 */
bool vmas_finish(struct vmas *v)
{
	v->cur.v.pss = v->pss >> PSS_SHIFT;
	if (v->has_cur && !v->emit(v, &v->cur))
		return false;
	v->has_cur = false;
	return true;
}

/**
 * vmas_init() - set up the sink
 * @v: filled
 * @emit: takes the VMAs
 */
void vmas_init(struct vmas *v,
	       bool (*emit)(struct vmas *v, const struct vma_desc *d))
{
	v->sink.vma = vmas_enter;
	v->sink.take = vmas_take;
	v->emit = emit;
	v->has_cur = false;
	v->frame.plain = false;
}
