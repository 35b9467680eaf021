// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dlfcn.h>

#include <string>

namespace akgate {

/// The C library's own function of that name, where a test has put one of ours in its place. Where
/// the library has another one for file offsets of 64 bits, which is what our code then calls,
/// that.
template <typename Function>
[[nodiscard]] Function* real_call(const std::string& name, Function* /*ours*/ = nullptr) {
  void* const wide = dlsym(RTLD_NEXT, (name + "64").c_str());
  return reinterpret_cast<Function*>(wide != nullptr ? wide : dlsym(RTLD_NEXT, name.c_str()));
}

}  // namespace akgate
