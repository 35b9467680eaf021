// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"

namespace akgate {

/// What a target is: takes any bytes and looks at what comes of them. A property that does not hold
/// ends the program (AKGATE_ASSERT), and with it the fuzzer, which keeps the bytes. libFuzzer's
/// main() calls it or, with any compiler, that of replay.cpp.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace akgate
