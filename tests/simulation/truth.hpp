// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "record/access_record.hpp"
#include "record/data_user.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/timeline.hpp"

namespace akgate {

/// Names of the simulated world: there are few of each, so that stories happen to the same ones.
namespace cast {
inline constexpr std::size_t kKeys = 8;  ///< Of these the last two never were.
inline constexpr std::size_t kRecords = 6;
inline constexpr std::size_t kMeterPoints = 3;
inline constexpr std::size_t kDataUsers = 3;
std::string key(std::size_t number);
std::string mpxn(std::size_t number);
std::string duid(std::size_t number);
std::string controller(std::size_t number);
std::string data_type(std::size_t number);  ///< Of four; a fifth that no record has.
/// Which it is; past the end where it is none.
std::size_t number_of_key(std::string_view text);
std::size_t number_of_mpxn(std::string_view text);
std::size_t number_of_duid(std::string_view text);
}  // namespace cast

/// What really is so at the register, at each moment of the story: records that are made, narrowed,
/// renewed, revoked, removed; meter points and their keys; Data Users. All drawn beforehand.
class Truth {
 public:
  /// `pace`: how long a record stays as it is, on average; 0: each its own.
  Truth(Dice dice, Timestamp begin, Dice::Span how_long, Dice::Span pace);

  /// Nothing: there is no such record.
  [[nodiscard]] const std::optional<AccessRecord>& record(std::size_t key, Timestamp at) const {
    return records_[key].at(at);
  }
  [[nodiscard]] bool listed(std::size_t key, std::size_t mpxn, Timestamp at) const {
    return listings_[key * cast::kMeterPoints + mpxn].at(at);
  }
  [[nodiscard]] DataUserStatus data_user(std::size_t duid, Timestamp at) const {
    return data_users_[duid].at(at);
  }

 private:
  std::vector<Timeline<std::optional<AccessRecord>>> records_;
  std::vector<Timeline<bool>> listings_;
  std::vector<Timeline<DataUserStatus>> data_users_;
};

}  // namespace akgate
