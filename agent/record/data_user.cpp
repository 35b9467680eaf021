// SPDX-License-Identifier: Apache-2.0
#include "record/data_user.hpp"

namespace akgate {

DataUserStatus parse_data_user_status(std::string_view text) {
  if (text == "active") return DataUserStatus::active;
  if (text == "suspended") return DataUserStatus::suspended;
  if (text == "terminated") return DataUserStatus::terminated;
  return DataUserStatus::other;
}

}  // namespace akgate
