// SPDX-License-Identifier: Apache-2.0
#include "record/data_types.hpp"

#include <algorithm>

namespace akgate {

bool DataTypes::add(std::string_view type) {
  if (type.empty() || type.size() > kMaxLength) return false;
  const auto place = std::lower_bound(types_.begin(), types_.end(), type);
  if (place != types_.end() && *place == type) return true;
  if (types_.size() == kMaxTypes) return false;
  types_.emplace(place, type);
  return true;
}

bool DataTypes::contains(std::string_view type) const {
  return std::binary_search(types_.begin(), types_.end(), type);
}

bool DataTypes::covers(const DataTypes& other) const {
  return std::includes(types_.begin(), types_.end(), other.types_.begin(), other.types_.end());
}

bool DataTypes::intersects(const DataTypes& other) const {
  return std::any_of(types_.begin(), types_.end(),
                     [&](const std::string& type) { return other.contains(type); });
}

}  // namespace akgate
