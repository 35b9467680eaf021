// SPDX-License-Identifier: Apache-2.0
//
// Read before every file of the product where it is built small. libstdc++ checks its preconditions
// under _GLIBCXX_ASSERTIONS (an index within its vector, an optional that has a value) and, where
// one does not hold, prints file, function and condition; those texts are an eighth of the program.
// Here it stops at once instead: the address that the kernel then logs leads to the line, with
// addr2line and the program as it was before it was stripped.
#pragma once

#include <bits/c++config.h>

#ifdef __glibcxx_assert
#undef __glibcxx_assert
#define __glibcxx_assert(condition)                                  \
  do {                                                               \
    if (__builtin_expect(!bool(condition), false)) __builtin_trap(); \
  } while (false)
#endif
