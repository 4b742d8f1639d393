# SPDX-License-Identifier: GPL-2.0
"""vmscope in gdb, for the process that is being debugged.

    (gdb) source /usr/local/share/vmscope/vmscope.py
    (gdb) vmscope walk $rsp
    (gdb) vmscope pages $rip+0x1000
    (gdb) vmscope frame --of &counter

The process's number is filled in. An address is an expression of gdb, and means
what it means to gdb's own command x: of a function or an array its place, of
anything else its value. What gdb cannot evaluate ([heap], libc.so.6+0x28000) is
handed on as it stands. Put quotes around an expression with blanks in it.
"""

import os
import subprocess

import gdb

# What each command has after the process's number.
NOTHING, ADDRESSES, WHERE, PROCESSES, FRAMES = range(5)
OPERANDS = {
    "walk": ADDRESSES,
    "vtop": ADDRESSES,
    "maps": NOTHING,
    "pages": WHERE,
    "tables": NOTHING,
    "swap": WHERE,
    "shared": PROCESSES,
    "frame": FRAMES,
    "info": None,
}

# Options that take a word, which is not an address; --of takes one that is.
WITH_WORD = ("-o", "--state", "--flags", "--transport")
OF = "--of"

PLACES = (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_ARRAY)


def process():
    """The PID of what is being debugged, if it is a process of this machine."""
    inferior = gdb.selected_inferior()
    if not inferior.pid:
        raise gdb.GdbError("vmscope: no process: start one, or attach to one")
    # Neither a core file's nor another machine's PID is one that we can ask of.
    kind = inferior.connection.type if inferior.connection else "none"
    if kind != "native":
        raise gdb.GdbError(
            "vmscope: process %d: not alive on this machine (gdb's target is '%s')"
            % (inferior.pid, kind))
    return str(inferior.pid)


def evaluate(text):
    """What gdb makes of an expression: its place or value, and its bytes there.

    None if that is nothing, or no number."""
    if text.startswith("["):
        return None
    try:
        value = gdb.parse_and_eval(text)
        size = 1
        if value.type.strip_typedefs().code in PLACES:
            size = value.type.sizeof
            value = value.address
        return int(value) & (1 << 64) - 1, size
    except (gdb.error, TypeError):
        return None


def address(text):
    """ADDR: the number that an expression stands for; else the text itself."""
    found = evaluate(text)
    return hex(found[0]) if found else text


def where(text):
    """WHERE: A-B, A+LEN with expressions for each; or what one stands for."""
    for sign in "-+":
        first, found, second = text.rpartition(sign)
        first = evaluate(first) if found else None
        second = evaluate(second) if first else None
        # A minus that leads backwards belongs to the expression.
        if second and (sign == "+" or second[0] > first[0]):
            return hex(first[0]) + sign + hex(second[0])
    found = evaluate(text)
    return "0x%x+%d" % found if found else text


def command_line(words):
    """The arguments of the client, for what was typed to gdb."""
    words = list(words)
    result = []
    operands = []
    command = None
    while words:
        word = words.pop(0)
        if word in WITH_WORD:
            result += [word] + words[:1]
            del words[:1]
        elif word == OF and words:
            result += [word, "%s:%s" % (process(), address(words.pop(0)))]
        elif word.startswith("--of="):
            words[:0] = [OF, word[len("--of="):]]
        elif word.startswith("-"):
            result.append(word)
        elif command is None:
            command = word
            result.append(word)
        else:
            operands.append(word)

    kind = OPERANDS.get(command)
    if kind is None or "--help" in result:
        return result + operands
    if kind == FRAMES:
        return result + [address(word) for word in operands]
    if kind == PROCESSES:
        return result + [process()] + operands
    change = {ADDRESSES: address, WHERE: where}.get(kind, str)
    return result + [process()] + [change(word) for word in operands]


class Vmscope(gdb.Command):
    """Show where the pages of the process being debugged are.

    vmscope walk EXPRESSION...       how an address is translated
    vmscope maps                     mappings, and what of them is there
    vmscope pages [EXPR+LEN|NAME]    populated pages
    vmscope tables                   page tables by level
    vmscope swap                     what is in swap
    vmscope frame PFN | --of EXPR    what a frame is
    vmscope shared PID...            pages in common with other processes

The process's number is filled in. Options are those of the command vmscope,
which has to be on the PATH, or named by the environment's VMSCOPE."""

    def __init__(self):
        super().__init__("vmscope", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        """Run the client; what it has against it becomes gdb's error."""
        self.dont_repeat()
        client = os.environ.get("VMSCOPE", "vmscope")
        line = [client] + command_line(gdb.string_to_argv(argument))
        try:
            done = subprocess.run(line, stdin=subprocess.DEVNULL, text=True,
                                  capture_output=True, errors="replace",
                                  check=False)
        except OSError as error:
            raise gdb.GdbError("vmscope: cannot run %s: %s"
                               % (client, error.strerror)) from None
        gdb.write(done.stdout)
        if done.returncode:
            raise gdb.GdbError(done.stderr.strip() or
                               "vmscope: ended with %d" % done.returncode)
        gdb.write(done.stderr, gdb.STDERR)

    def complete(self, text, word):
        """The commands, then expressions."""
        if " " not in text.lstrip():
            return [name for name in OPERANDS if name.startswith(word)]
        return gdb.COMPLETE_EXPRESSION


Vmscope()
