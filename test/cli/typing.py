"""Runs a program on a terminal of its own and types into it.

Standard input has a line for each question: words that the program must show first, "|", and what is then typed.
Prints all that the program showed; ends with its exit status, or with 99 where a question did not come.
"""

import os
import pty
import select
import sys

SECONDS = 120  # of silence: making keys takes its time where the machine is busy

questions = [line.rstrip("\n").split("|", 1) for line in sys.stdin]
child, terminal = pty.fork()
if not child:
    os.execv(sys.argv[1], sys.argv[1:])
shown, seen = b"", 0
while True:
    if not select.select([terminal], [], [], SECONDS)[0]:
        break
    try:
        more = os.read(terminal, 65536)
    except OSError:  # the program has ended
        break
    if not more:
        break
    shown += more
    while questions and questions[0][0].encode() in shown[seen:] and shown.rstrip().endswith(b":"):
        seen = len(shown)
        os.write(terminal, questions.pop(0)[1].encode() + b"\n")
sys.stdout.write(shown.decode())
os.close(terminal)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.exit(99 if questions else status)
