// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/register/json.hpp"

namespace akgate::sandbox {

/// What is asked of the register with a record.
enum class Purpose { create, replace };

/// Every rule about the content of an AccessRecord that needs nothing but the record: per legal
/// basis and arrangement, as `POST /access-records` and `PUT /access-records/{ak}` state them.
/// Returns one sentence for each fault, which begins with the JSON path it is about; none for a
/// record in order.
[[nodiscard]] std::vector<std::string> check_access_record(const cJSON* body, Purpose purpose);

[[nodiscard]] bool is_legal_basis(std::string_view text);
[[nodiscard]] bool is_state(std::string_view text);
[[nodiscard]] bool is_data_type(std::string_view text);
/// A non-empty list of known data types, each once.
[[nodiscard]] bool is_data_type_list(const cJSON* list);

/// The one controller with role sole or lead; null unless there is exactly one.
[[nodiscard]] const cJSON* lead_controller(const cJSON* controllers);

}  // namespace akgate::sandbox
