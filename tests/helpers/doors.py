#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# doors PID ADDRESS - what is refused to whom, where a socket or an open file has
# changed hands. Prints a line a door, "NAME: what came of it"; tests/privilege.bats
# says what that has to be.

import ctypes
import errno
import os
import shutil
import socket
import struct
import subprocess
import sys

from genl import (A_ADDR, A_PAGES, A_PID, ACK, CMD_PAGES, CMD_WALK, DUMP, REQUEST,
                  find_family, message, open_socket, parts, u32, u64)

PID, ADDRESS = int(sys.argv[1]), int(sys.argv[2], 0)
DEBUGFS = "/sys/kernel/debug/vmscope/"
NOBODY = 65534
DAC_OVERRIDE, SYS_ADMIN = 1, 21

libc = ctypes.CDLL(None, use_errno=True)


def become(uid, caps):
    """Be this user, with these capabilities alone."""
    libc.prctl(8, 1)  # PR_SET_KEEPCAPS
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    mask = sum(1 << cap for cap in caps)
    header = struct.pack("Ii", 0x20080522, 0)
    if libc.capset(header, struct.pack("6I", mask, mask, 0, 0, 0, 0)):
        raise OSError(ctypes.get_errno(), "capset")


ROLES = {
    "root": lambda: None,
    "nobody": lambda: become(NOBODY, []),
    "root-with-no-capability": lambda: become(0, []),
    "root-with-dac-override": lambda: become(0, [DAC_OVERRIDE]),
    "nobody-with-sys-admin": lambda: become(NOBODY, [SYS_ADMIN]),
}


def attempt(action, *args):
    """Its result, or the name of its error."""
    try:
        return action(*args)
    except OSError as error:
        return errno.errorcode[error.errno]


def as_role(role, action, *args):
    """In a process of its own: (result, files that it hands over)."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    pid = os.fork()
    if not pid:
        ROLES[role]()
        result = attempt(action, *args)
        if isinstance(result, str):
            socket.send_fds(theirs, [result.encode()], [])
        else:
            socket.send_fds(theirs, [b"opened"], [result])
        os._exit(0)
    text, files, _, _ = socket.recv_fds(ours, 200, 4)
    os.waitpid(pid, 0)
    return text.decode(), list(files)


# Netlink


FAMILY = find_family()
WALK = message(FAMILY, REQUEST | ACK, CMD_WALK, u32(A_PID, PID) + u64(A_ADDR, ADDRESS))
PAGES = message(FAMILY, REQUEST | DUMP, CMD_PAGES, u32(A_PID, PID))


def read_answer(sock):
    """To its end: "answered", or the name of the error, and whether pages came."""
    pages = False
    try:
        for found in parts(sock):
            pages |= A_PAGES in found
        result = "answered"
    except OSError as error:
        if error.errno is None:
            raise
        result = errno.errorcode[error.errno]
    return result + (" with pages" if pages else "")


def ask(fd):
    sock = socket.socket(fileno=os.dup(fd))
    sock.send(WALK)
    return read_answer(sock)


def begin_dump(fd):
    socket.socket(fileno=os.dup(fd)).send(PAGES)
    return "begun"


def begin_many():
    """Dumps on a socket that has no room for an answer."""
    fd = open_socket()
    sock = socket.socket(fileno=os.dup(fd))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    for _ in range(20):
        try:
            sock.send(PAGES, socket.MSG_DONTWAIT)
        except OSError as error:
            if error.errno not in (errno.ENOBUFS, errno.EAGAIN):
                raise
    return fd


def module_users():
    with open("/sys/module/vmscope/refcnt", encoding="ascii") as count:
        return count.read().strip()


def go_on(fd):
    return read_answer(socket.socket(fileno=os.dup(fd)))


def write_by_setuid(fd):
    """A program of root's that anybody may start writes what it is told to."""
    subprocess.run([SETUID_CAT], stdin=open(REQUEST_FILE, "rb"), stdout=fd, check=False)
    return go_on(fd)


# debugfs


def open_file(name):
    return os.open(DEBUGFS + name, os.O_WRONLY if name == "attach" else os.O_RDWR)


def write_file(fd, line):
    os.write(fd, line.encode())
    return "written"


def read_file(fd):
    return "read" if os.pread(fd, 100, 0) else "empty"


def report(door, result):
    print(f"{door}: {result}", flush=True)


def handed_socket(opener, user):
    _, (fd,) = as_role(opener, open_socket)
    report(f"socket of {opener}, used by {user}", as_role(user, ask, fd)[0])
    os.close(fd)


def sockets():
    for opener, user in (("root", "root"), ("nobody-with-sys-admin", "nobody-with-sys-admin"),
                         ("root", "nobody"), ("nobody", "root"),
                         ("root", "root-with-no-capability"),
                         ("root-with-no-capability", "root")):
        handed_socket(opener, user)
    for reader in ("root", "nobody"):
        _, (fd,) = as_role("root", open_socket)
        begun = as_role("root", begin_dump, fd)[0]
        report(f"dump {begun} by root, read by {reader}", as_role(reader, go_on, fd)[0])
        os.close(fd)
    for opener in ("root", "nobody"):
        _, (fd,) = as_role(opener, begin_many)
        report(f"dumps begun by {opener} and never read, the module has users", module_users())
        os.close(fd)
    _, (fd,) = as_role("nobody", open_socket)
    report("socket of nobody, written to by a setuid program",
           as_role("nobody", write_by_setuid, fd)[0])


def files():
    for opener in ("nobody", "nobody-with-sys-admin", "root-with-dac-override"):
        for name in ("walk", "pages", "attach"):
            report(f"{name} opened by {opener}", as_role(opener, open_file, name)[0])
    for name, line in (("walk", f"{PID} {ADDRESS:#x}\n"), ("pages.bin", f"{PID}\n"),
                       ("maps", f"{PID}\n"), ("frame", "1\n")):
        _, (fd,) = as_role("root", open_file, name)
        report(f"{name} of root, asked by nobody", as_role("nobody", write_file, fd, line)[0])
        as_role("root", write_file, fd, line)
        report(f"{name} of root, read by nobody", as_role("nobody", read_file, fd)[0])
        report(f"{name} of root, read by root", as_role("root", read_file, fd)[0])
        os.close(fd)
    _, (fd,) = as_role("root", open_file, "attach")
    report("attach of root, written to by nobody", as_role("nobody", write_file, fd, f"{PID}\n")[0])
    os.close(fd)


SETUID_CAT, REQUEST_FILE = "/root/doors/cat", "/root/doors/request"
os.makedirs("/root/doors", exist_ok=True)
os.chmod("/root", 0o755)
shutil.copy("/bin/cat", SETUID_CAT)
os.chmod(SETUID_CAT, 0o4755)
with open(REQUEST_FILE, "wb") as request:
    request.write(WALK)
os.chmod(REQUEST_FILE, 0o644)
sockets()
files()
