// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cjson/cJSON.h>

#include <memory>
#include <string>
#include <string_view>

namespace akgate::sandbox {

struct JsonDelete {
  void operator()(cJSON* tree) const { cJSON_Delete(tree); }
};
/// A JSON tree that is owned.
using JsonPtr = std::unique_ptr<cJSON, JsonDelete>;

/// The whole text as one JSON value; null where it is not JSON or anything follows it.
[[nodiscard]] JsonPtr parse_json(std::string_view text);
[[nodiscard]] std::string to_text(const cJSON* tree);

[[nodiscard]] JsonPtr new_object();
[[nodiscard]] JsonPtr new_array();

/// The member of that exact name; null where `parent` is null, no object, or has none.
[[nodiscard]] const cJSON* member(const cJSON* parent, const char* name);
[[nodiscard]] cJSON* member(cJSON* parent, const char* name);
/// Missing, or JSON null: the register's schema treats the two alike nearly everywhere.
[[nodiscard]] bool is_absent(const cJSON* item);
/// The string's text; empty where it is no string. Valid as long as the tree.
[[nodiscard]] std::string_view text_of(const cJSON* item);

/// These set a member, in place of one of that name.
void put(cJSON* object, const char* name, JsonPtr value);
void put_text(cJSON* object, const char* name, std::string_view text);
void put_text_or_null(cJSON* object, const char* name, std::string_view text);
void put_number(cJSON* object, const char* name, double number);
/// A copy of `value`, or JSON null where that is null.
void put_copy(cJSON* object, const char* name, const cJSON* value);
void erase(cJSON* object, const char* name);
void append(cJSON* array, JsonPtr value);

}  // namespace akgate::sandbox
