#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The debug kernel, tested from outside: that it finds what it is for, and that
# scripts/vm hears of it. A module that does wrong, in all ways in one guest.

# shellcheck disable=SC2016 # programs for the guest to expand
# shellcheck disable=SC2154 # stderr: set by run

bats_require_minimum_version 1.5.0

setup()
{
	load /usr/lib/bats/bats-support/load.bash
	load /usr/lib/bats/bats-assert/load.bash
	REPO=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
	FIXTURE=$BATS_TEST_TMPDIR/repo
	make_fixture
}

teardown()
{
	local cache=${VMSCOPE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vmscope}

	rm -rf "$cache/build/${FIXTURE//[^A-Za-z0-9._-]/+}"
}

# A copy of the harness, with a module that does wrong when told how.
make_fixture()
{
	mkdir -p "$FIXTURE/module"
	cp -R "$REPO/scripts" "$FIXTURE/scripts"
	printf 'obj-m := vmscope.o\nvmscope-y := module/main.o\n' >"$FIXTURE/Kbuild"
	cat >"$FIXTURE/module/main.c" <<-'C'
	// SPDX-License-Identifier: GPL-2.0
	#include <linux/delay.h>
	#include <linux/list.h>
	#include <linux/module.h>
	#include <linux/mutex.h>
	#include <linux/rcupdate.h>
	#include <linux/slab.h>
	#include <linux/spinlock.h>
	#include <linux/timer.h>

	static DEFINE_SPINLOCK(spin);
	static DEFINE_MUTEX(first);
	static DEFINE_MUTEX(second);
	static struct timer_list timer;
	static int __rcu *shared;
	static volatile int eight = 8, forty = 40;

	static void never(struct timer_list *t)
	{
	}

	static void bounds(void)
	{
		volatile char *p = kmalloc(eight, GFP_KERNEL);

		if (p)
			p[eight]++;
		kfree((void *)p);
	}

	static void used_after(void)
	{
		volatile char *p = kmalloc(eight, GFP_KERNEL);

		kfree((void *)p);
		(void)p[0];
	}

	static void shift(void)
	{
		forty = 1 << forty;
	}

	static void sleeps(void)
	{
		spin_lock(&spin);
		usleep_range(1, 2);
		spin_unlock(&spin);
	}

	static void outside_rcu(void)
	{
		(void)rcu_dereference(shared);
	}

	static void list(void)
	{
		LIST_HEAD(a);
		LIST_HEAD(b);
		struct list_head entry;

		list_add(&entry, &a);
		b.next = &a;
		list_add(&entry, &b);
	}

	static void object(void)
	{
		timer_setup(&timer, never, 0);
		mod_timer(&timer, jiffies + HZ * 1000);
		timer_setup(&timer, never, 0);
		del_timer(&timer);
	}

	static void leak(void)
	{
		volatile char *p = kmalloc(100, GFP_KERNEL);

		(void)p;
	}

	/* Last of all: lockdep speaks once. */
	static void order(void)
	{
		mutex_lock(&first);
		mutex_lock(&second);
		mutex_unlock(&second);
		mutex_unlock(&first);
		mutex_lock(&second);
		mutex_lock(&first);
		mutex_unlock(&first);
		mutex_unlock(&second);
	}

	static const struct {
		const char *name;
		void (*act)(void);
	} ways[] = {
		{ "bounds", bounds }, { "used-after", used_after }, { "shift", shift },
		{ "sleeps", sleeps }, { "outside-rcu", outside_rcu }, { "list", list },
		{ "object", object }, { "leak", leak }, { "order", order },
	};

	static int misbehave(const char *how, const struct kernel_param *param)
	{
		size_t i;

		for (i = 0; i < ARRAY_SIZE(ways); i++)
			if (sysfs_streq(how, ways[i].name))
				ways[i].act();
		return 0;
	}

	static const struct kernel_param_ops ops = { .set = misbehave };
	module_param_cb(misbehave, &ops, NULL, 0200);
	MODULE_LICENSE("GPL");
	MODULE_DESCRIPTION("test of the debug kernel");

	static int __init start(void)
	{
		return 0;
	}

	static void __exit end(void)
	{
	}
	module_init(start);
	module_exit(end);
	C
}

# What the console had of WAY.
part_of()
{
	tr -d '\r' <<<"$stderr" | sed -n "/ wrong: $1\$/,/ wrong: end\$/p"
}

@test "the debug kernel finds what it is for, and vm hears of it" {
	local way want found wrong=''

	run -125 --separate-stderr env VM_VERBOSE=1 "$FIXTURE/scripts/vm" run --kernel debug \
		--append kasan_multi_shot -- bash -c '
		for way; do
			echo "wrong: $way" >/dev/kmsg
			echo "$way" >/sys/module/vmscope/parameters/misbehave
			echo "wrong: end" >/dev/kmsg
		done' - bounds used-after shift sleeps outside-rcu list object leak order
	while read -r way want; do
		found=$(part_of "$way" | "$REPO/scripts/reports")
		[[ $found == *"$want"* ]] || wrong+="$way: $(part_of "$way")"$'\n'
	done <<-'END'
	bounds       KASAN: slab-out-of-bounds
	used-after   KASAN: use-after-free
	shift        UBSAN: shift-out-of-bounds
	sleeps       BUG: sleeping function called from invalid context
	outside-rcu  WARNING: suspicious RCU usage
	list         list_add corruption
	object       ODEBUG: init active
	order        WARNING: possible circular locking dependency
	END
	[[ -z $wrong ]] || fail "$wrong"

	# What leaked is told after the module has gone, with who had asked for it.
	found=$(tr -d '\r' <<<"$stderr" | sed '1,/ wrong: order$/d')
	[[ $found == *"kmemleak: 1 new suspected memory leak"*"unreferenced object"*"misbehave"* ]] ||
		fail "leak: $found"
	assert_equal "${stderr##*$'\n'}" "vm: the guest failed: kernel report, and memory leaked"
}

@test "the debug kernel is content with what is right" {
	run -0 --separate-stderr "$FIXTURE/scripts/vm" run --kernel debug -- \
		grep -c '^vmscope ' /proc/modules
	assert_equal "$output" 1
	assert_equal "$stderr" ""
}
