// SPDX-License-Identifier: GPL-2.0
/*
 * stuck - a page that somebody keeps locked.
 *
 * A network block device whose server never answers: the page that is being read
 * from it stays locked, in the page cache, until the device is taken down.
 *
 * Prints "pfn N" and waits for the end of its input. 77: not on this machine.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/nbd.h>

#define DEVICE	"/dev/nbd0"
#define UP	"/sys/block/nbd0/pid"	/* there while it is */
#define LOCKED	(1ULL << 0)
#define LRU	(1ULL << 5)
#define LOOKS	20

/* The first frame that is locked, now and a moment later; 0: there is none. */
static uint64_t locked_frame(int fd)
{
	static uint64_t word[65536];
	uint64_t pfn = 0, again;
	ssize_t n;

	while ((n = pread(fd, word, sizeof(word), pfn * 8)) > 0) {
		for (ssize_t i = 0; i < n / 8; i++) {
			if ((word[i] & (LOCKED | LRU)) != (LOCKED | LRU))
				continue;
			/* Others are let go of before long. */
			again = LOCKED;
			for (int t = 0; t < LOOKS && again & LOCKED; t++) {
				usleep(100000);
				if (pread(fd, &again, 8, (pfn + i) * 8) != 8)
					again = 0;
			}
			if (again & LOCKED)
				return pfn + i;
		}
		pfn += n / 8;
	}
	return 0;
}

int main(void)
{
	int ends[2], device = open(DEVICE, O_RDWR);
	int flags = open("/proc/kpageflags", O_RDONLY);
	uint64_t pfn = 0;
	pid_t driver, reader;
	char c;

	if (device < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return 77;
	ioctl(device, NBD_SET_BLKSIZE, 4096UL);
	ioctl(device, NBD_SET_SIZE_BLOCKS, 16UL);
	if (ioctl(device, NBD_SET_SOCK, ends[0]))
		return 77;
	driver = fork();
	if (!driver) {
		ioctl(device, NBD_DO_IT);
		_exit(0);
	}
	/* Whoever reads before the device is up is told that there is nothing. */
	for (int i = 0; i < 3000 && access(UP, F_OK); i++)
		usleep(20000);
	for (int i = 0; i < 100 && !pfn; i++) {
		reader = fork();
		if (!reader)
			_exit(pread(device, &c, 1, 0) < 0);
		usleep(200000);
		pfn = locked_frame(flags);
		if (!pfn)
			kill(reader, SIGKILL);
	}
	printf("pfn %" PRIu64 "\n", pfn);
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	ioctl(device, NBD_CLEAR_SOCK);
	close(ends[1]);
	kill(driver, SIGKILL);
	while (wait(NULL) > 0)
		;
	return !pfn;
}
