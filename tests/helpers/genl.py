# SPDX-License-Identifier: GPL-2.0
"""Generic netlink by hand, for what the client's library would never send."""

import os
import socket
import struct

A_PID, A_ADDR, A_PAGE, A_PAGES, A_LEVELS, A_USER_ENTRY, A_ADDRS = 2, 3, 11, 12, 13, 19, 25
CMD_WALK, CMD_PAGES = 2, 4
REQUEST, ACK, DUMP = 1, 4, 0x300
ERROR, DONE = 2, 3


def open_socket():
    """A descriptor, to be handed over or made a socket of."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
    sock.bind((0, 0))
    return sock.detach()


def attribute(number, data):
    return struct.pack("HH", 4 + len(data), number) + data + bytes(-len(data) % 4)


def u32(number, value):
    return attribute(number, struct.pack("I", value))


def u64(number, value):
    return attribute(number, struct.pack("Q", value))


def message(family, flags, command, attributes):
    body = struct.pack("BBH", command, 1, 0) + attributes
    return struct.pack("IHHII", 16 + len(body), family, flags, 1, 0) + body


def attributes_of(body):
    """By number."""
    at = 4
    found = {}
    while at < len(body):
        length, number = struct.unpack_from("HH", body, at)
        found[number] = body[at + 4:at + length]
        at += length + 3 & ~3
    return found


def parts(sock):
    """The attributes of each message of an answer; its error as OSError."""
    while True:
        reply, at = sock.recv(1 << 20), 0
        while at < len(reply):
            length, kind = struct.unpack_from("IH", reply, at)
            if kind in (ERROR, DONE):
                number = -struct.unpack_from("i", reply, at + 16)[0]
                if number:
                    raise OSError(number, os.strerror(number))
                return
            yield attributes_of(reply[at + 16:at + length])
            at += length + 3 & ~3


def find_family():
    """The number of the module's."""
    sock = socket.socket(fileno=open_socket())
    sock.send(message(16, REQUEST | ACK, 3, attribute(2, b"vmscope\0")))
    try:
        for found in parts(sock):
            return struct.unpack("H", found[1])[0]
    except OSError as error:
        raise SystemExit(f"no family vmscope: {error}") from error
