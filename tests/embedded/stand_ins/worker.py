"""Stands in for the worker: has a child of its own; ends on SIGTERM unless it is to be stubborn."""

import os
import signal
import subprocess
import sys
import time


def tell(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"])
    tell(f"child {child.pid}")
    if "stubborn" not in sys.argv:
        signal.signal(signal.SIGTERM, lambda *_: (child.kill(), tell("bye"), os._exit(0)))
    time.sleep(600)
