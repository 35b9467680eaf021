// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <utility>

namespace akgate {

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<unsigned char>(
        difference | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
  }
  return difference == 0;
}

namespace {

// The capacity, not the size: an assignment of something shorter leaves the rest behind.
void wipe_all(std::string& text) {
  text.resize(text.capacity());
  wipe(text.data(), text.size());
  text.clear();
}

}  // namespace

Secret::Secret(std::string&& text) : text_(text) { wipe_all(text); }

Secret Secret::copy_of(std::string_view text) { return Secret(std::string(text)); }

Secret Secret::joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string text;
  text.reserve(size);  // One allocation: nothing is left behind by growing.
  for (const std::string_view part : parts) text += part;
  return Secret(std::move(text));
}

// Copies and wipes: a moved-from short string keeps its characters in the object itself.
Secret::Secret(Secret&& other) noexcept
    : text_(other.text_) {  // NOLINT(performance-move-constructor-init)
  wipe_all(other.text_);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe_all(text_);
    text_ = other.text_;
    wipe_all(other.text_);
  }
  return *this;
}

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe_all(text_);
    text_ = other.text_;
  }
  return *this;
}

Secret::~Secret() { wipe_all(text_); }

}  // namespace akgate
