// SPDX-License-Identifier: Apache-2.0
#include "register/curl_library.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/assert.hpp"
#include "base/secret.hpp"

namespace akgate {

namespace {

// NOLINTBEGIN(cppcoreguidelines-no-malloc): these are what curl has in malloc's place
//
// Each block is led by its size, so that it can be wiped when it is given back. The lead is as long
// as the strictest alignment, which what follows it therefore keeps.
constexpr std::size_t kLead = alignof(std::max_align_t);
static_assert(kLead >= sizeof(std::size_t));

void* allocate(std::size_t bytes) {
  if (bytes > SIZE_MAX - kLead) return nullptr;
  auto* block = static_cast<std::byte*>(std::malloc(kLead + bytes));
  if (block == nullptr) return nullptr;
  std::memcpy(block, &bytes, sizeof bytes);
  return block + kLead;
}

std::size_t size_of(const void* memory) {
  std::size_t bytes = 0;
  std::memcpy(&bytes, static_cast<const std::byte*>(memory) - kLead, sizeof bytes);
  return bytes;
}

void release(void* memory) {
  if (memory == nullptr) return;
  wipe(memory, size_of(memory));
  std::free(static_cast<std::byte*>(memory) - kLead);
}

void* reallocate(void* memory, std::size_t bytes) {
  void* const moved = allocate(bytes);
  if (moved == nullptr || memory == nullptr) return moved;
  std::memcpy(moved, memory, std::min(bytes, size_of(memory)));
  release(memory);
  return moved;
}

char* duplicate(const char* text) {
  const std::size_t bytes = std::strlen(text) + 1;
  void* const copy = allocate(bytes);
  return copy == nullptr ? nullptr : static_cast<char*>(std::memcpy(copy, text, bytes));
}

void* allocate_zeroed(std::size_t count, std::size_t each) {
  if (each != 0 && count > SIZE_MAX / each) return nullptr;
  void* const memory = allocate(count * each);
  return memory == nullptr ? nullptr : std::memset(memory, 0, count * each);
}

// NOLINTEND(cppcoreguidelines-no-malloc)

}  // namespace

CurlLibrary::CurlLibrary() {
  ::unsetenv("SSLKEYLOGFILE");
  // Fails only where there is no memory, or not even the TLS library can start.
  AKGATE_ASSERT(curl_global_init_mem(CURL_GLOBAL_DEFAULT, allocate, release, reallocate, duplicate,
                                     allocate_zeroed) == CURLE_OK);
}

}  // namespace akgate
