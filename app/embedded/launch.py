"""The script that starts each child: takes the child's user, ties it to the supervisor, becomes the child.

``launch.py PARENT ORPHAN_SIGNAL UID GID PIPE PROGRAM ARGUMENT...``, with -1 for "does not apply". A script of
its own because the supervisor has threads: there, no Python may run between fork and exec.
"""

import ctypes
import os
import select
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h
CANNOT_EXECUTE = 126  # As shells say it.


def become_user(uid: int, gid: int) -> None:
    """Give up root for good, with the supplementary groups."""
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)


def die_with_parent(orphan_signal: int) -> None:
    """Have Linux signal this process when the thread that started it ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, orphan_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def watch_parent(orphan_signal: int, pipe: int) -> None:
    """Fork a watcher that signals this process when the other end of a pipe closes.

    Where there is no parent-death signal. The watcher is a child of what it watches, so a changed
    parent tells it that its work is over, and no recycled process id is ever signalled.
    """
    watched = os.getpid()
    if os.fork() != 0:
        os.close(pipe)
        return
    os.closerange(0, pipe)
    os.closerange(pipe + 1, 4096)
    while os.getppid() == watched:
        if select.select([pipe], [], [], 0.5)[0]:
            os.kill(watched, orphan_signal)
            break
    os._exit(0)


def main(arguments: list[str]) -> None:
    """Become the program; returns only if that is impossible."""
    parent, orphan_signal, uid, gid, pipe = map(int, arguments[:5])
    program = arguments[5:]
    # A shell starts background jobs with SIGINT ignored, and children would inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.umask(0o077)
    if uid >= 0:
        become_user(uid, gid)
    # After the change of user, which clears the parent-death signal.
    if pipe >= 0:
        watch_parent(orphan_signal, pipe)
    else:
        die_with_parent(orphan_signal)
    if os.getppid() == parent:
        os.execv(program[0], program)  # noqa: S606  A fixed program, and no shell wanted.


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as problem:
        sys.stderr.write(f"{sys.argv[6]}: {problem}\n")
    sys.exit(CANNOT_EXECUTE)
