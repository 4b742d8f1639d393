#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# walks PID - addresses of a stopped process asked about one by one and many in one
# request: the same answers, in the order asked for. Prints what it has compared.

import errno
import random
import socket
import struct
import sys

from genl import (A_ADDR, A_ADDRS, A_LEVELS, A_PAGE, A_PID, A_USER_ENTRY, ACK, CMD_WALK,
                  DUMP, REQUEST, attribute, find_family, message, open_socket, parts, u32,
                  u64)

PID = int(sys.argv[1])
MANY = 8000  # about what fits into one attribute
PAGE = 4096
NON_CANONICAL = 0x1234567890abcdef

FAMILY = find_family()
SOCKET = socket.socket(fileno=open_socket())


def translation(found):
    """Without the references to the frame: whoever looks may hold some."""
    page = struct.unpack("QQQQIIIIHBBBBBB", found[A_PAGE])
    return (*page[:7], *page[8:], found[A_LEVELS], found.get(A_USER_ENTRY))


def walk(address):
    SOCKET.send(message(FAMILY, REQUEST | ACK, CMD_WALK, u32(A_PID, PID) + u64(A_ADDR, address)))
    (found,) = parts(SOCKET)
    return translation(found)


def walks(data, pid=PID):
    """A generator: what came before an error came."""
    SOCKET.send(message(FAMILY, REQUEST | DUMP, CMD_WALK, u32(A_PID, pid) + data))
    for found in parts(SOCKET):
        # The first and the last message have what it has cost.
        if A_PAGE in found:
            yield translation(found)


def array(addresses):
    return attribute(A_ADDRS, struct.pack(f"{len(addresses)}Q", *addresses))


def places():
    """In each VMA, beside it, and in the kernel half."""
    yield from (0, PAGE, 0x7ffffffff000, 0xffff888000000000, 0xffffffff81000000, 2**64 - 1)
    with open(f"/proc/{PID}/maps", encoding="utf-8") as maps:
        for line in maps:
            start, end = (int(word, 16) for word in line.split()[0].split("-"))
            if start >> 63:
                continue
            yield from (start - 1, start, (start + end) // 2 + 5, end - 1)
            yield from range(start, min(end, start + 24 * PAGE), PAGE)


def refused(wanted, data, pid=PID):
    """How many answers came before the error."""
    came = 0
    try:
        for _ in walks(data, pid):
            came += 1
    except OSError as error:
        if error.errno == wanted:
            return came
        raise
    raise SystemExit(f"no error, but {errno.errorcode[wanted]} is due")


def same(addresses, times=1):
    """The answers; what others do to a frame in between is not done twice."""
    for _ in range(20):
        one_by_one = [walk(address) for address in addresses] * times
        at_once = list(walks(array(addresses * times)))
        if at_once == one_by_one:
            return one_by_one
    wrong = [(hex(a), x, y) for a, x, y in zip(addresses * times, one_by_one, at_once) if x != y]
    raise SystemExit(f"{len(one_by_one)} asked, {len(at_once)} answers, wrong: {wrong[:3]}")


def main():
    addresses = list(places())
    # In order, too: as neighbours are that are looked at together.
    same(addresses)
    random.Random(1).shuffle(addresses)
    # More than a part has room for, and the last one is there, too.
    times = MANY // len(addresses)
    one_by_one = same(addresses, times)

    if list(walks(array([]))):
        raise SystemExit("answers to no question")
    refused(errno.EINVAL, b"")
    refused(errno.EINVAL, attribute(A_ADDRS, bytes(12)))
    refused(errno.ESRCH, array(addresses[:2]), 2**22)
    # What comes before it is answered; nothing after it is.
    if refused(errno.EDOM, array(addresses[:5] + [NON_CANONICAL] + addresses[:5])) != 5:
        raise SystemExit("an address that is none: not five answers before it")
    present = sum(bool(levels[-16] & 1) for *_, levels, _ in one_by_one[:len(addresses)])
    print(f"{len(addresses)} addresses, {present} of them mapped, {len(one_by_one)} at once: the same")


main()
