// SPDX-License-Identifier: Apache-2.0
#include "record/data_types.hpp"

#include <algorithm>
#include <bit>

namespace akgate {

namespace {

/// The bit of a published type; 0 for any other.
std::uint8_t bit_of(std::string_view type) {
  const auto* const place = std::find(kPublishedDataTypes.begin(), kPublishedDataTypes.end(), type);
  if (place == kPublishedDataTypes.end()) return 0;
  return static_cast<std::uint8_t>(1U
                                   << static_cast<unsigned>(place - kPublishedDataTypes.begin()));
}

}  // namespace

bool DataTypes::add(std::string_view type) {
  if (type.empty() || type.size() > kMaxLength) return false;
  if (contains(type)) return true;
  if (size() == kMaxTypes) return false;
  if (const std::uint8_t bit = bit_of(type)) {
    published_ = static_cast<std::uint8_t>(published_ | bit);
  } else {
    others_.emplace(std::lower_bound(others_.begin(), others_.end(), type), type);
  }
  return true;
}

std::size_t DataTypes::size() const {
  return static_cast<std::size_t>(std::popcount(published_)) + others_.size();
}

bool DataTypes::contains(std::string_view type) const {
  if (const std::uint8_t bit = bit_of(type)) return (published_ & bit) != 0;
  return std::binary_search(others_.begin(), others_.end(), type);
}

bool DataTypes::covers(const DataTypes& other) const {
  return (other.published_ & ~published_) == 0 &&
         std::includes(others_.begin(), others_.end(), other.others_.begin(), other.others_.end());
}

bool DataTypes::intersects(const DataTypes& other) const {
  return (published_ & other.published_) != 0 ||
         std::any_of(others_.begin(), others_.end(),
                     [&](const std::string& type) { return other.contains(type); });
}

std::vector<std::string> DataTypes::sorted() const {
  std::vector<std::string> all = others_;
  for (std::size_t place = 0; place < kPublishedDataTypes.size(); ++place) {
    if ((published_ & 1U << place) == 0) continue;
    const std::string_view type = kPublishedDataTypes[place];
    all.emplace(std::lower_bound(all.begin(), all.end(), type), type);
  }
  return all;
}

}  // namespace akgate
