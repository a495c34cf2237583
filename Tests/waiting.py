"""Waits for events in tests. Only this file may sleep, and only its bound ends a test that hangs.

No test states how long something takes. It waits for an event, however slow the machine is; BOUND ends a test only if the
event never happens.
"""
import os
import select
import signal
import time

BOUND = 300

# A background job of a shell, or of nohup, inherits these as ignored, and the commands under test would leave them ignored. A
# signal that has a handler here has its default action in the commands that a test starts.
for _number in signal.SIGINT, signal.SIGHUP:
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, lambda *_: None)


def until(condition, what="what is waited for"):
    """Evaluates the condition repeatedly until its result is true, and returns the result."""
    end = time.monotonic() + BOUND
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {BOUND} s")
        time.sleep(0.02)
    return found


def read_until(descriptor, condition, what="what is waited for"):
    """Reads bytes until the condition is true for all of them together, and returns them."""
    end, text = time.monotonic() + BOUND, b""
    while not condition(text):
        ready, _, _ = select.select([descriptor], [], [], max(0, end - time.monotonic()))
        chunk = os.read(descriptor, 4096) if ready else b""
        if not chunk:
            raise AssertionError(f"{what}: not {'before the end' if ready else f'within {BOUND} s'}; there was {text[-500:]}")
        text += chunk
    return text
