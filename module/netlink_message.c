// SPDX-License-Identifier: GPL-2.0
/* What requests say and who may send them; attributes that many answers have. */
#include <linux/mm.h>
#include <linux/netlink.h>
#include <net/sock.h>
#include "env.h"
#include "answer.h"
#include "netlink_message.h"

const struct nla_policy message_policy[VMSCOPE_A_MAX + 1] = {
	[VMSCOPE_A_PID] = { .type = NLA_U32 },
	[VMSCOPE_A_ADDR] = { .type = NLA_U64 },
	[VMSCOPE_A_START] = { .type = NLA_U64 },
	[VMSCOPE_A_END] = { .type = NLA_U64 },
	[VMSCOPE_A_MODE] = NLA_POLICY_MASK(NLA_U32, VMSCOPE_MODES_ALL),
	[VMSCOPE_A_STATES] = { .type = NLA_U32 },
	[VMSCOPE_A_FLAGS_SET] = NLA_POLICY_MASK(NLA_U32, VMSCOPE_FLAGS_ALL),
	[VMSCOPE_A_FLAGS_CLEAR] = NLA_POLICY_MASK(NLA_U32, VMSCOPE_FLAGS_ALL),
	[VMSCOPE_A_PFN] = { .type = NLA_U64 },
	[VMSCOPE_A_ADDRS] = { .type = NLA_BINARY },
};

static const struct {
	int err;
	const char *text;
} errors[] = {
#define ERROR(number, text)	{ -(number), text },
	VMSCOPE_ERRORS(ERROR)
#undef ERROR
};

/**
 * message_explain() - words for an error of our own
 * @extack: gets them; may be NULL
 * @attr: is to blame, or NULL
 * @err: 0 or the error
 *
 * Return: @err.
 */
int message_explain(struct netlink_ext_ack *extack, const struct nlattr *attr,
		    int err)
{
	size_t i;

	for (i = 0; err && extack && i < ARRAY_SIZE(errors); i++) {
		if (errors[i].err != err)
			continue;
		/* NL_SET_ERR_MSG() takes literals alone. */
		extack->_msg = errors[i].text;
		NL_SET_BAD_ATTR(extack, attr);
	}
	return err;
}

/**
 * message_is_privileged() - has who asks the capability?
 * @request: with it the opener of the socket; the other is whoever runs this
 *
 * Return: true where both have it.
 */
bool message_is_privileged(struct sk_buff *request)
{
	/*
	 * Not netlink_capable(): it asks for nothing of the opener where the
	 * sender has named an address, as libraries do.
	 */
	return sk_capable(NETLINK_CB(request).sk, CAP_SYS_ADMIN);
}

/**
 * message_check_sender() - may he ask?
 * @request: as above
 * @extack: gets the words; may be NULL
 *
 * Return: 0 or -EPERM.
 */
int message_check_sender(struct sk_buff *request,
			 struct netlink_ext_ack *extack)
{
	if (!message_is_privileged(request))
		return message_explain(extack, NULL, -EPERM);
	if (target_check_lockdown()) {
		if (extack)
			NL_SET_ERR_MSG(extack, "the kernel is locked down");
		return -EPERM;
	}
	return 0;
}

/**
 * message_open_target() - bind the process that a request names
 * @t: filled
 * @attrs: of the request
 * @extack: gets the words; may be NULL
 *
 * Return: as target_open(), -EINVAL where none is named.
 */
int message_open_target(struct target *t, struct nlattr **attrs,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[VMSCOPE_A_PID];
	u32 nr;

	if (!attr)
		return message_explain(extack, NULL, -EINVAL);
	nr = nla_get_u32(attr);
	return message_explain(extack, attr,
			       target_open(t, nr > INT_MAX ? 0 : (pid_t)nr));
}

/**
 * message_get_u64() - an attribute's number
 * @attr: may be NULL
 * @otherwise: what that means
 *
 * Return: the number.
 */
u64 message_get_u64(const struct nlattr *attr, u64 otherwise)
{
	return attr ? nla_get_u64(attr) : otherwise;
}

/**
 * message_get_u32() - an attribute's number
 * @attr: may be NULL
 * @otherwise: what that means
 *
 * Return: the number.
 */
u32 message_get_u32(const struct nlattr *attr, u32 otherwise)
{
	return attr ? nla_get_u32(attr) : otherwise;
}

/**
 * message_get_range() - the addresses that a request is about
 * @attrs: of the request
 * @start: first address, page-aligned
 * @end: first address after them, page-aligned
 *
 * Return: 0, -ERANGE outside the user half, -EINVAL.
 */
int message_get_range(struct nlattr **attrs, u64 *start, u64 *end)
{
	*start = message_get_u64(attrs[VMSCOPE_A_START], 0);
	*end = message_get_u64(attrs[VMSCOPE_A_END], env.user_end);
	if (*end > env.user_end || *start >= env.user_end)
		return -ERANGE;
	if (!PAGE_ALIGNED(*start) || !PAGE_ALIGNED(*end) || *start >= *end)
		return -EINVAL;
	return 0;
}

static size_t string_size(const char *s)
{
	return nla_total_size(strlen(s) + 1);
}

/**
 * message_walk_size() - room for message_put_walk()
 * @a: what was found
 *
 * Return: bytes.
 */
size_t message_walk_size(const struct answer *a)
{
	return nla_total_size_64bit(sizeof(a->page)) +
	       nla_total_size_64bit(a->trail.nr * sizeof(a->trail.level[0])) +
	       (a->has_user_entry ? nla_total_size_64bit(sizeof(u64)) : 0);
}

/**
 * message_vma_size() - room for message_put_vma()
 * @d: the VMA
 *
 * Return: bytes.
 */
size_t message_vma_size(const struct vma_desc *d)
{
	return nla_total_size_64bit(sizeof(d->v)) + string_size(d->flags) +
	       (d->name[0] ? string_size(d->name) : 0) +
	       (d->file ? string_size(d->file) : 0);
}

/**
 * message_put_walk() - add the attributes of a translation
 * @skb: to this message
 * @a: what was found
 *
 * Return: 0 or -EMSGSIZE.
 */
int message_put_walk(struct sk_buff *skb, const struct answer *a)
{
	if (nla_put_64bit(skb, VMSCOPE_A_PAGE, sizeof(a->page), &a->page,
			  VMSCOPE_A_PAD) ||
	    nla_put_64bit(skb, VMSCOPE_A_LEVELS,
			  a->trail.nr * sizeof(a->trail.level[0]), a->trail.level,
			  VMSCOPE_A_PAD) ||
	    (a->has_user_entry &&
	     nla_put_u64_64bit(skb, VMSCOPE_A_USER_ENTRY, a->user_entry,
			       VMSCOPE_A_PAD)))
		return -EMSGSIZE;
	return 0;
}

/**
 * message_put_vma() - add the attributes of a VMA
 * @skb: to this message
 * @d: the VMA
 *
 * Return: 0 or -EMSGSIZE.
 */
int message_put_vma(struct sk_buff *skb, const struct vma_desc *d)
{
	if (nla_put_64bit(skb, VMSCOPE_A_VMA, sizeof(d->v), &d->v,
			  VMSCOPE_A_PAD) ||
	    nla_put_string(skb, VMSCOPE_A_VMFLAGS, d->flags) ||
	    (d->name[0] && nla_put_string(skb, VMSCOPE_A_NAME, d->name)) ||
	    (d->file && nla_put_string(skb, VMSCOPE_A_FILE, d->file)))
		return -EMSGSIZE;
	return 0;
}
