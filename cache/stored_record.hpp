// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "record/access_key.hpp"
#include "record/binding.hpp"
#include "record/data_user.hpp"
#include "record/duid.hpp"
#include "record/knowledge.hpp"

namespace akgate {

/// What stands in the cache about one key. At least one of the two parts is there.
struct StoredRecord {
  AccessKey key;
  std::optional<Knowledge> knowledge{};
  std::optional<Binding> binding{};
};

/// What stands in the cache about one Data User.
struct StoredDataUser {
  Duid duid;
  DataUserStanding standing;
};

}  // namespace akgate
