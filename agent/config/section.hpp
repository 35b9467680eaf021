// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "record/json.hpp"

namespace akgate {

/// The faults found in one configuration file, gathered so that a person can mend them all in one
/// go.
class Faults {
 public:
  static constexpr std::size_t kMostShown = 20;

  /// `json` is the file without its comments; both outlive this.
  Faults(std::string_view file_name, std::string_view json) : file_name_(file_name), json_(json) {}

  /// `path` leads to the value (see line_of()); `right` says what is to be done about it.
  void add(std::span<const std::size_t> path, std::string_view name, std::string_view right);

  [[nodiscard]] bool none() const { return found_.empty(); }
  /// All of them, by line.
  [[nodiscard]] Error report() const;

 private:
  struct Fault {
    std::size_t line;
    std::string text;
  };
  std::string_view file_name_;
  std::string_view json_;
  std::vector<Fault> found_;  ///< By line.
};

/// A value of an enumeration and how the file spells it.
template <typename T>
struct Word {
  std::string_view text;
  T value;
};

/// The least and the greatest that a value may be.
template <typename T>
struct Range {
  T least;
  T greatest;
};

/// One object of the configuration file, read key by key. Each read leaves the default where the
/// file does not have the key, and reports a fault where what stands there is not of the kind, or
/// not in the range. The keys read are the keys known: finish() reports all others.
class Section {
 public:
  /// The whole document, whose keys are sections.
  Section(JsonView root, Credentials credentials, Faults& faults);

  /// The section of that name, without any key where the file does not have it.
  [[nodiscard]] Section section(std::string_view key);

  void boolean(std::string_view key, bool& out);
  void duration(std::string_view key, std::chrono::milliseconds& out,
                Range<std::chrono::milliseconds> range);
  /// Four octal digits, the first of them 0, that let the owner read and write.
  void mode(std::string_view key, std::uint32_t& out);
  void text(std::string_view key, std::string& out);
  /// An absolute path; `$CREDENTIALS_DIRECTORY/…` is one once that is put in.
  void path(std::string_view key, std::string& out);
  /// The same, or null, which leaves `out` empty.
  void path_or_null(std::string_view key, std::string& out);

  template <std::unsigned_integral T>
  void number(std::string_view key, T& out, Range<T> range) {
    std::uint64_t value = out;
    whole_number(key, value, {range.least, range.greatest});
    out = static_cast<T>(value);
  }

  /// The same, or null, which leaves nothing in `out`.
  void number_or_null(std::string_view key, std::optional<std::uint32_t>& out,
                      Range<std::uint32_t> range);

  template <typename T>
  void word(std::string_view key, T& out, std::span<const Word<T>> words) {
    std::vector<std::string_view> texts;
    for (const Word<T>& word : words) texts.push_back(word.text);
    const std::size_t index = index_of_word(key, texts);
    if (index < words.size()) out = words[index].value;
  }

  /// A list of texts, each of which `accept` takes; `right` says what the list should hold.
  void list(std::string_view key, std::string_view right,
            const std::function<bool(std::string_view)>& accept);

  /// The same for elements that are texts or something else.
  void list_of_values(std::string_view key, std::string_view right,
                      const std::function<bool(JsonView)>& accept);

  /// A value that is none of the above: `accept` takes it or says no; `right` follows "must be".
  void take(std::string_view key, std::string_view right,
            const std::function<bool(JsonView)>& accept);

  /// Whether the file has the key, whatever its value.
  [[nodiscard]] bool has(std::string_view key) const;
  /// Reports a fault of `key`, at its line where the file has it, else at the section's.
  void fault(std::string_view key, std::string_view right);
  /// Ends the reading: what was not asked for is unknown here, and what stands twice is unclear.
  void finish();

 private:
  struct Member {
    JsonView value;
    std::vector<std::size_t> path;
  };

  Section(JsonView object, std::vector<std::size_t> path, std::string name, const Section& parent);

  [[nodiscard]] Member find(std::string_view key) const;
  [[nodiscard]] std::string name_of(std::string_view key) const;
  [[nodiscard]] std::string remedy_for_unknown(std::string_view key) const;
  void whole_number(std::string_view key, std::uint64_t& out, Range<std::uint64_t> range);
  [[nodiscard]] std::size_t index_of_word(std::string_view key,
                                          std::span<const std::string_view> words);
  bool accept_path(std::string_view key, JsonView value, std::string& out);

  JsonView object_;
  std::vector<std::size_t> path_;
  std::string name_;
  Credentials credentials_;
  Faults* faults_;
  std::vector<std::string_view> known_;
};

}  // namespace akgate
