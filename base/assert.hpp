// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace akgate {

/// Prints where our own invariant broke and aborts. The message is the condition's text: no data.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace akgate

/// For our own invariants only, never for outside input. Stays on in release builds: an agent that
/// no longer understands itself must stop rather than answer (fail closed).
#define AKGATE_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::akgate::assertion_failed(#condition, __FILE__, __LINE__))
