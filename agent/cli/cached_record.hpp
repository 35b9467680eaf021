// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace akgate {

/// What the agent keeps of an access key, as LIST and SHOW say it.
struct CachedRecord {
  /// Names and decoded values, in the order of the reply.
  std::vector<std::pair<std::string_view, std::string>> fields;

  /// Empty where there is none of that name.
  [[nodiscard]] std::string_view field(std::string_view name) const;
  /// It stands on the disk, and cannot be opened.
  [[nodiscard]] bool damaged() const { return field("state") == "damaged"; }
};

/// Reads what stands behind RECORD or OK. Names that are not known are passed over: the agent may
/// be newer than we.
[[nodiscard]] Result<CachedRecord> parse_cached_record(std::string_view words);

/// Asks the agent at that control socket for all its records, and hands over each.
[[nodiscard]] Status walk_cache(const std::string& socket,
                                const std::function<void(const CachedRecord&)>& take);

/// The record for a person: a line a fact.
[[nodiscard]] std::string describe(const CachedRecord& record);

/// When it was confirmed, for a person: `12 seconds ago`; empty where that is not known.
[[nodiscard]] std::string spell_age(const CachedRecord& record);

/// The record for a program, under the names of the reply line: one object, in one line.
[[nodiscard]] std::string to_json(const CachedRecord& record);

}  // namespace akgate
