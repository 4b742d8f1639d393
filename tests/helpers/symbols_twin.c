// SPDX-License-Identifier: GPL-2.0

__attribute__((used)) static int twin_word = 2;
__attribute__((used)) static int public_word = 3;

__attribute__((used, noinline)) static int twin(void)
{
	return twin_word;
}

int twin_of_another_file(void)
{
	return twin();
}
