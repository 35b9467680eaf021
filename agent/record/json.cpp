// SPDX-License-Identifier: Apache-2.0
#include "record/json.hpp"

#include <cjson/cJSON.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <vector>

#include "base/secret.hpp"
#include "base/text.hpp"

namespace akgate {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int compare_ignoring_case(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (lower(a[i]) != lower(b[i])) return lower(a[i]) < lower(b[i]) ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

constexpr std::string_view kSpace = " \t\n\r";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

// `\u` must be followed by four hex digits that are not all zero. cJSON takes digits that are none
// for zero, and a zero ends the string for whoever compares it.
bool is_good_unicode_escape(std::string_view digits) {
  constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
  return digits.size() == 4 && digits.find_first_not_of(kHexDigits) == std::string_view::npos &&
         digits != "0000";
}

// Looks for what cJSON would let pass, or would only notice 1000 levels deep. Says what is wrong,
// and leaves the place in `at()`.
class Inspection {
 public:
  explicit Inspection(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t at() const { return at_; }

  // Null where nothing is wrong.
  [[nodiscard]] const char* find_fault() {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (is_control(c) && kSpace.find(c) == std::string_view::npos) return "a control character";
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      if (depth > JsonDocument::kMaxDepth) return "nested too deep";
      if (depth < 0) return "a closing bracket too many";
      if (c == '"') {
        if (const char* const fault = find_fault_in_string()) return fault;
      }
    }
    return depth == 0 ? nullptr : "it ends too early";
  }

 private:
  // From the opening quote to the closing one.
  const char* find_fault_in_string() {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') return nullptr;
      if (is_control(c)) return "a control character in a string";
      if (c != '\\') continue;
      ++at_;
      if (at_ < text_.size() && text_[at_] == 'u' &&
          !is_good_unicode_escape(text_.substr(at_ + 1, 4))) {
        return "an impossible character in a string";
      }
    }
    return "a string without an end";
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Error fault_at(std::string_view text, std::size_t at, std::string_view what) {
  const std::string_view before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  return Error("line " + std::to_string(line) + ": " + std::string(what));
}

void wipe_texts(cJSON* node) {
  for (; node != nullptr; node = node->next) {
    if (node->valuestring != nullptr) wipe(node->valuestring, std::strlen(node->valuestring));
    if (node->string != nullptr) wipe(node->string, std::strlen(node->string));
    wipe_texts(node->child);  // At most JsonDocument::kMaxDepth deep.
  }
}

}  // namespace

bool JsonView::is_null() const { return cJSON_IsNull(node_) != 0; }
bool JsonView::is_object() const { return cJSON_IsObject(node_) != 0; }
bool JsonView::is_array() const { return cJSON_IsArray(node_) != 0; }

JsonView JsonView::operator[](const char* name) const {
  return is_object() ? JsonView(cJSON_GetObjectItemCaseSensitive(node_, name)) : JsonView();
}

bool JsonView::ambiguous() const {
  if (!is_object()) return false;
  std::vector<std::string_view> names;
  for (JsonView member = first_child(); !member.missing(); member = member.next()) {
    names.push_back(member.name());
  }
  std::sort(names.begin(), names.end(),
            [](std::string_view a, std::string_view b) { return compare_ignoring_case(a, b) < 0; });
  return std::adjacent_find(names.begin(), names.end(), [](std::string_view a, std::string_view b) {
           return compare_ignoring_case(a, b) == 0;
         }) != names.end();
}

bool JsonView::has_lookalike(std::span<const std::string_view> names) const {
  if (!is_object()) return false;
  for (JsonView member = first_child(); !member.missing(); member = member.next()) {
    for (const std::string_view name : names) {
      if (compare_ignoring_case(member.name(), name) == 0 && member.name() != name) return true;
    }
  }
  return false;
}

std::optional<std::string_view> JsonView::string() const {
  if (cJSON_IsString(node_) == 0) return std::nullopt;
  return node_->valuestring;
}

std::optional<double> JsonView::number() const {
  if (cJSON_IsNumber(node_) == 0 || !std::isfinite(node_->valuedouble)) return std::nullopt;
  return node_->valuedouble;
}

std::optional<bool> JsonView::boolean() const {
  if (cJSON_IsBool(node_) == 0) return std::nullopt;
  return cJSON_IsTrue(node_) != 0;
}

JsonView JsonView::first_child() const {
  return is_object() || is_array() ? JsonView(node_->child) : JsonView();
}

JsonView JsonView::next() const { return missing() ? JsonView() : JsonView(node_->next); }

std::string_view JsonView::name() const {
  return missing() || node_->string == nullptr ? std::string_view() : node_->string;
}

void JsonDocument::Free::operator()(cJSON* node) const {
  wipe_texts(node);
  cJSON_Delete(node);
}

Result<JsonDocument> JsonDocument::parse(std::string_view text, std::size_t max_bytes) {
  if (text.empty()) return Error("it is empty");
  if (text.size() > max_bytes) {
    return Error("it is larger than " + std::to_string(max_bytes) + " bytes");
  }
  if (!is_utf8(text)) return Error("it is not UTF-8 text");
  Inspection inspection(text);
  if (const char* const fault = inspection.find_fault()) {
    return fault_at(text, inspection.at(), fault);
  }

  const char* end = text.data();
  JsonDocument document(cJSON_ParseWithLengthOpts(text.data(), text.size(), &end, 0));
  const auto parsed = static_cast<std::size_t>(end - text.data());
  if (document.root_ == nullptr) return fault_at(text, parsed, "it is not JSON");
  const std::size_t more = text.find_first_not_of(kSpace, parsed);
  if (more != std::string_view::npos) return fault_at(text, more, "there is more behind its end");
  return document;
}

}  // namespace akgate
