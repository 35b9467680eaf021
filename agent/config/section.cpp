// SPDX-License-Identifier: Apache-2.0
#include "config/section.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "config/duration.hpp"
#include "config/json_lines.hpp"
#include "platform/process.hpp"

namespace akgate {

namespace {

constexpr std::string_view kCredentialsPrefix = "$CREDENTIALS_DIRECTORY/";
constexpr std::size_t kLongestText = 1024;
constexpr std::size_t kLongestList = 1000;

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// `"a", "b"`
std::string quoted_list(std::span<const std::string_view> texts) {
  std::string list;
  for (const std::string_view text : texts) list += (list.empty() ? "" : ", ") + quoted(text);
  return list;
}

// Text that can be shown to a person and passed to the system.
std::optional<std::string_view> plain_text(JsonView value) {
  const std::optional<std::string_view> text = value.string();
  if (!text || text->empty() || text->size() > kLongestText || has_control_character(*text)) {
    return std::nullopt;
  }
  return text;
}

std::optional<std::uint64_t> number_in(JsonView value, Range<std::uint64_t> range) {
  const double number = value.number().value_or(-1);
  // Doubles are exact far beyond every range used here.
  if (number < static_cast<double>(range.least) || number > static_cast<double>(range.greatest) ||
      std::floor(number) != number) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(number);
}

std::string described(Range<std::uint64_t> range) {
  return "whole number from " + std::to_string(range.least) + " to " +
         std::to_string(range.greatest);
}

}  // namespace

void Faults::add(std::span<const std::size_t> path, std::string_view name, std::string_view right) {
  const std::size_t line = line_of(json_, path);
  const auto place = std::find_if(found_.begin(), found_.end(),
                                  [line](const Fault& other) { return other.line > line; });
  found_.insert(place, {.line = line, .text = std::string(name).append(": ").append(right)});
}

Error Faults::report() const {
  std::string text;
  for (std::size_t i = 0; i < std::min(found_.size(), kMostShown); ++i) {
    if (i > 0) text += '\n';
    text.append(file_name_).append(":").append(std::to_string(found_[i].line));
    text.append(": ").append(found_[i].text);
  }
  if (found_.size() > kMostShown) {
    text += "\nand " + std::to_string(found_.size() - kMostShown) + " more";
  }
  return Error(std::move(text));
}

Section::Section(JsonView root, Credentials credentials, Faults& faults)
    : object_(root), credentials_(credentials), faults_(&faults) {}

Section::Section(JsonView object, std::vector<std::size_t> path, std::string name,
                 const Section& parent)
    : object_(object),
      path_(std::move(path)),
      name_(std::move(name)),
      credentials_(parent.credentials_),
      faults_(parent.faults_) {}

Section::Member Section::find(std::string_view key) const {
  std::size_t position = 0;
  for (JsonView member = object_.first_child(); !member.missing(); member = member.next()) {
    if (member.name() == key) {
      std::vector<std::size_t> path = path_;
      path.push_back(position);
      return {.value = member, .path = std::move(path)};
    }
    ++position;
  }
  return {.value = JsonView(), .path = path_};
}

std::string Section::name_of(std::string_view key) const {
  return name_.empty() ? std::string(key) : name_ + "." + std::string(key);
}

bool Section::has(std::string_view key) const { return !find(key).value.missing(); }

void Section::fault(std::string_view key, std::string_view right) {
  faults_->add(find(key).path, name_of(key), right);
}

void Section::take(std::string_view key, std::string_view right,
                   const std::function<bool(JsonView)>& accept) {
  known_.push_back(key);
  const Member member = find(key);
  if (member.value.missing() || accept(member.value)) return;
  faults_->add(member.path, name_of(key), "must be " + std::string(right));
}

Section Section::section(std::string_view key) {
  take(key, "an object: { … }", [](JsonView value) { return value.is_object(); });
  Member member = find(key);
  return {member.value.is_object() ? member.value : JsonView(), std::move(member.path),
          name_of(key), *this};
}

void Section::boolean(std::string_view key, bool& out) {
  take(key, "true or false", [&](JsonView value) {
    out = value.boolean().value_or(out);
    return value.boolean().has_value();
  });
}

void Section::whole_number(std::string_view key, std::uint64_t& out, Range<std::uint64_t> range) {
  take(key, "a " + described(range), [&](JsonView value) {
    const std::optional<std::uint64_t> given = number_in(value, range);
    out = given.value_or(out);
    return given.has_value();
  });
}

void Section::number_or_null(std::string_view key, std::optional<std::uint32_t>& out,
                             Range<std::uint32_t> range) {
  const Range<std::uint64_t> wide{range.least, range.greatest};
  take(key, "null or a " + described(wide), [&](JsonView value) {
    const std::optional<std::uint64_t> given = number_in(value, wide);
    if (given) out = static_cast<std::uint32_t>(*given);
    return given || value.is_null();
  });
}

void Section::duration(std::string_view key, std::chrono::milliseconds& out,
                       Range<std::chrono::milliseconds> range) {
  const std::string right = "a duration from " + quoted(format_duration(range.least)) + " to " +
                            quoted(format_duration(range.greatest)) +
                            ": in quotes, a whole number and ms, s, m or h";
  take(key, right, [&](JsonView value) {
    const auto given = parse_duration(value.string().value_or(""));
    if (!given || *given < range.least || *given > range.greatest) return false;
    out = *given;
    return true;
  });
}

void Section::mode(std::string_view key, std::uint32_t& out) {
  const std::string_view right =
      "four octal digits in quotes, such as \"0660\", that let the owner read and write";
  take(key, right, [&](JsonView value) {
    const std::string_view digits = value.string().value_or("");
    if (digits.size() != 4 || digits.find_first_not_of("01234567") != std::string_view::npos) {
      return false;
    }
    std::uint32_t given = 0;
    for (const char digit : digits) given = given * 8 + static_cast<std::uint32_t>(digit - '0');
    if (given > 0777 || (given & 0600U) != 0600U) return false;
    out = given;
    return true;
  });
}

void Section::text(std::string_view key, std::string& out) {
  take(key, "a text in quotes, not empty, without control characters", [&](JsonView value) {
    const std::optional<std::string_view> given = plain_text(value);
    out = given.value_or(out);
    return given.has_value();
  });
}

bool Section::accept_path(std::string_view key, JsonView value, std::string& out) {
  const std::string_view given = plain_text(value).value_or("");
  if (given.starts_with('/')) {
    out = given;
    return true;
  }
  if (!given.starts_with(kCredentialsPrefix)) return false;
  const std::optional<std::string> directory = environment("CREDENTIALS_DIRECTORY");
  if (directory && directory->starts_with('/')) {
    out = *directory + "/" + std::string(given.substr(kCredentialsPrefix.size()));
    return true;
  }
  out = given;
  if (credentials_ == Credentials::required) {
    fault(key,
          "$CREDENTIALS_DIRECTORY is not set: start the agent from its service with "
          "LoadCredential=, or give an absolute path");
  }
  return true;
}

void Section::path(std::string_view key, std::string& out) {
  take(key, "an absolute path in quotes, or \"$CREDENTIALS_DIRECTORY/…\"",
       [&](JsonView value) { return accept_path(key, value, out); });
}

void Section::path_or_null(std::string_view key, std::string& out) {
  take(key, "null, an absolute path in quotes, or \"$CREDENTIALS_DIRECTORY/…\"",
       [&](JsonView value) {
         if (!value.is_null()) return accept_path(key, value, out);
         out.clear();
         return true;
       });
}

std::size_t Section::index_of_word(std::string_view key, std::span<const std::string_view> words) {
  std::size_t index = words.size();
  take(key, "one of " + quoted_list(words), [&](JsonView value) {
    const auto found = std::find(words.begin(), words.end(), value.string().value_or(""));
    index = static_cast<std::size_t>(found - words.begin());
    return found != words.end();
  });
  return index;
}

void Section::list(std::string_view key, std::string_view right,
                   const std::function<bool(std::string_view)>& accept) {
  list_of_values(key, right, [&](JsonView value) {
    const std::optional<std::string_view> given = plain_text(value);
    return given && accept(*given);
  });
}

void Section::list_of_values(std::string_view key, std::string_view right,
                             const std::function<bool(JsonView)>& accept) {
  take(key, "a list of " + std::string(right) + ": [ … ]",
       [](JsonView value) { return value.is_array(); });
  Member element = find(key);
  if (!element.value.is_array()) return;
  element.value = element.value.first_child();
  element.path.push_back(0);
  for (; !element.value.missing(); element.value = element.value.next(), ++element.path.back()) {
    if (element.path.back() == kLongestList) {
      faults_->add(element.path, name_of(key),
                   "must not hold more than " + std::to_string(kLongestList));
      return;
    }
    if (!accept(element.value)) {
      faults_->add(element.path, name_of(key), "must be a list of " + std::string(right));
    }
  }
}

std::string Section::remedy_for_unknown(std::string_view key) const {
  const std::string file_key = std::string(key) + "-file";
  if (std::find(known_.begin(), known_.end(), file_key) != known_.end()) {
    return "a key or certificate is never written here: name a file that holds it with " +
           quoted(file_key);
  }
  if (const auto meant = nearest(key, known_)) {
    return "there is no such key; did you mean " + quoted(*meant) + "?";
  }
  return "there is no such key; here may stand " + quoted_list(known_);
}

void Section::finish() {
  std::vector<std::string_view> seen;
  std::vector<std::size_t> path = path_;
  path.push_back(0);
  for (JsonView member = object_.first_child(); !member.missing(); member = member.next()) {
    const std::string_view key = member.name();
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      faults_->add(path, name_of(percent_encode(key.substr(0, kLongestText))),
                   remedy_for_unknown(key));
    } else if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      faults_->add(path, name_of(key), "stands twice: leave one");
    }
    seen.push_back(key);
    ++path.back();
  }
}

}  // namespace akgate
