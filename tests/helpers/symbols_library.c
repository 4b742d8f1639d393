// SPDX-License-Identifier: GPL-2.0

int in_both(void);
int old_version(void);
int new_version(void);
int versioned(void);
int library_word = 3;

__attribute__((symver("versioned@V1"))) int old_version(void)
{
	return 1;
}

__attribute__((symver("versioned@@V2"))) int new_version(void)
{
	return 2;
}

__attribute__((symver("retired@V1"))) int retired_one(void)
{
	return 1;
}

__attribute__((symver("retired@V2"))) int retired_two(void)
{
	return 2;
}

int in_both(void)
{
	return 3;
}
