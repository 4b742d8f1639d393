// SPDX-License-Identifier: GPL-2.0
/* plugin: a library that a program may load while it runs. */

int answer = 42;

int plugin_answer(void)
{
	return answer;
}
