// SPDX-License-Identifier: Apache-2.0
// That a C11 compiler at its strictest takes the header, alone and twice. (C++ compilers take it in
// the tests beside this.)
#include <akgate/akgate.h>

_Static_assert(sizeof(akgate_answer) < 640, "the header says what an answer takes");
_Static_assert(sizeof(akgate_question) == 6 * sizeof(void*),
               "as callers from other languages lay it out");
