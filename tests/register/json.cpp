// SPDX-License-Identifier: Apache-2.0
#include "tests/register/json.hpp"

#include <mutex>

namespace akgate::sandbox {

JsonPtr parse_json(std::string_view text) {
  // cJSON keeps the place of the last parse error in a global, which server threads must not race
  // for.
  static std::mutex parsing;
  const std::lock_guard lock(parsing);
  const char* end = nullptr;
  JsonPtr tree(cJSON_ParseWithLengthOpts(text.data(), text.size(), &end, 0));
  if (!tree) {
    return nullptr;
  }
  const auto used = static_cast<std::size_t>(end - text.data());
  if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
    return nullptr;
  }
  return tree;
}

std::string to_text(const cJSON* tree) {
  const std::unique_ptr<char, void (*)(void*)> printed(cJSON_PrintUnformatted(tree), cJSON_free);
  return printed ? std::string(printed.get()) : std::string();
}

JsonPtr new_object() { return JsonPtr(cJSON_CreateObject()); }
JsonPtr new_array() { return JsonPtr(cJSON_CreateArray()); }

const cJSON* member(const cJSON* parent, const char* name) {
  return cJSON_IsObject(parent) != 0 ? cJSON_GetObjectItemCaseSensitive(parent, name) : nullptr;
}

cJSON* member(cJSON* parent, const char* name) {
  return cJSON_IsObject(parent) != 0 ? cJSON_GetObjectItemCaseSensitive(parent, name) : nullptr;
}

bool is_absent(const cJSON* item) { return item == nullptr || cJSON_IsNull(item) != 0; }

std::string_view text_of(const cJSON* item) {
  const char* text = cJSON_GetStringValue(item);
  return text != nullptr ? std::string_view(text) : std::string_view();
}

void put(cJSON* object, const char* name, JsonPtr value) {
  erase(object, name);
  cJSON_AddItemToObject(object, name, value.release());
}

void put_text(cJSON* object, const char* name, std::string_view text) {
  put(object, name, JsonPtr(cJSON_CreateString(std::string(text).c_str())));
}

void put_text_or_null(cJSON* object, const char* name, std::string_view text) {
  if (text.empty()) {
    put(object, name, JsonPtr(cJSON_CreateNull()));
  } else {
    put_text(object, name, text);
  }
}

void put_number(cJSON* object, const char* name, double number) {
  put(object, name, JsonPtr(cJSON_CreateNumber(number)));
}

void put_copy(cJSON* object, const char* name, const cJSON* value) {
  put(object, name, JsonPtr(value != nullptr ? cJSON_Duplicate(value, 1) : cJSON_CreateNull()));
}

void erase(cJSON* object, const char* name) {
  cJSON_DeleteItemFromObjectCaseSensitive(object, name);
}

void append(cJSON* array, JsonPtr value) { cJSON_AddItemToArray(array, value.release()); }

}  // namespace akgate::sandbox
