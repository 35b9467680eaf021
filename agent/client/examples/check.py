#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks whether a data type may be released under an access key, through libakgate and ctypes.

The key is read from the standard input: what stands in an argument list is everybody's to read.
Ends with 0 for allowed, 1 for denied, 2 where the agent could not be asked.

    python3 check.py HH-CONSUMPTION [/run/akgate/gate.sock] <key-file
"""

import ctypes
import os
import sys


class Question(ctypes.Structure):
    _fields_ = [
        ("access_key", ctypes.c_char_p),
        ("data_types", ctypes.POINTER(ctypes.c_char_p)),
        ("mpxn", ctypes.c_char_p),
        ("controller", ctypes.c_char_p),
        ("duid", ctypes.c_char_p),
        ("mode", ctypes.c_int),
    ]


class Answer(ctypes.Structure):
    _fields_ = [
        ("allowed", ctypes.c_bool),
        ("answered", ctypes.c_bool),
        ("remembered", ctypes.c_bool),
        ("reason", ctypes.c_char * 32),
        ("source", ctypes.c_char * 16),
        ("until", ctypes.c_char * 24),
        ("expires", ctypes.c_char * 24),
        ("transactions", ctypes.c_char * 256),
        ("detail", ctypes.c_char * 160),
        ("age_s", ctypes.c_int64),
        ("good_until_ms", ctypes.c_int64),
    ]


class Gate:
    """One for the whole life of a program, for all its threads."""

    def __init__(self, socket=None, cached_answers=0):
        self._library = ctypes.CDLL(os.environ.get("LIBAKGATE", "libakgate.so.1"))
        self._library.akgate_open.restype = ctypes.c_void_p
        self._library.akgate_open.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
        self._library.akgate_check.restype = ctypes.c_bool
        self._library.akgate_check.argtypes = [
            ctypes.c_void_p, ctypes.POINTER(Question), ctypes.c_uint, ctypes.POINTER(Answer)]
        self._library.akgate_close.argtypes = [ctypes.c_void_p]
        path = socket.encode() if socket else None
        self._client = self._library.akgate_open(path, cached_answers)

    def check(self, access_key, data_types, timeout_ms=2000):
        names = [name.encode() for name in data_types]
        types = (ctypes.c_char_p * (len(names) + 1))(*names, None)
        question = Question(access_key=access_key.encode(), data_types=types)
        answer = Answer()
        self._library.akgate_check(self._client, question, timeout_ms, answer)
        return answer

    def close(self):
        self._library.akgate_close(self._client)
        self._client = None


def main():
    if len(sys.argv) < 2:
        print("usage: check.py DATA-TYPE [SOCKET] <KEY-FILE", file=sys.stderr)
        return 2
    gate = Gate(sys.argv[2] if len(sys.argv) > 2 else None)
    answer = gate.check(sys.stdin.readline().rstrip("\n"), [sys.argv[1]])
    gate.close()
    print("allowed" if answer.allowed else "denied", answer.reason.decode(), answer.detail.decode())
    if answer.allowed:
        return 0
    return 1 if answer.answered else 2


if __name__ == "__main__":
    sys.exit(main())
