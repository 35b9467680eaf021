// SPDX-License-Identifier: Apache-2.0
#include "cli/key_file.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <utility>

#include "cli/spell.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

constexpr std::string_view kBlanks = " \t\r";

Result<Secret> read_standard_input() {
  // Without a buffer of stdio's, in which keys would stay behind; nor is ours given up for a larger
  // one.
  static_cast<void>(std::setvbuf(stdin, nullptr, _IONBF, 0));
  std::string text;
  text.reserve(kMaxKeyFileBytes + 1);
  std::array<char, 2048> chunk{};
  while (text.size() <= kMaxKeyFileBytes) {
    const std::size_t room = std::min(chunk.size(), text.capacity() - text.size());
    const std::size_t got = std::fread(chunk.data(), 1, room, stdin);
    text.append(chunk.data(), got);
    if (got == 0) break;
  }
  wipe(chunk.data(), chunk.size());
  Secret secret(std::move(text));
  if (std::ferror(stdin) != 0) return Error("cannot read the standard input");
  if (secret.reveal().size() > kMaxKeyFileBytes) {
    return Error("the standard input is longer than " + std::to_string(kMaxKeyFileBytes) +
                 " bytes; do it in parts");
  }
  return secret;
}

/// Takes the next word off the front, with what sets it apart from the one behind it.
std::string_view next_word(std::string_view& rest) {
  const auto skip_blanks = [&rest] {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  };
  skip_blanks();
  const std::string_view word = rest.substr(0, std::min(rest.find_first_of(" \t\r,"), rest.size()));
  rest.remove_prefix(word.size());
  skip_blanks();
  if (rest.starts_with(',')) rest.remove_prefix(1);
  return word;
}

/// What is wrong with a file, to be told in the order of its lines.
class Faults {
 public:
  void add(std::size_t line, std::string what) {
    ++count_;
    if (shown_.size() < kMaxShown) shown_.emplace_back(line, std::move(what));
  }

  [[nodiscard]] bool none() const { return count_ == 0; }

  [[nodiscard]] Error as_error(std::string_view name) {
    std::sort(shown_.begin(), shown_.end());
    std::string text;
    for (const auto& [line, what] : shown_) {
      if (!text.empty()) text += '\n';
      text += std::string(name) + ":" + std::to_string(line) + ": " + what;
    }
    if (count_ > shown_.size()) {
      text += "\n" + std::string(name) + ": and " + std::to_string(count_ - shown_.size()) +
              " more of these";
    }
    return Error(std::move(text));
  }

 private:
  static constexpr std::size_t kMaxShown = 20;
  std::size_t count_ = 0;
  std::vector<std::pair<std::size_t, std::string>> shown_;
};

void take_line(std::string_view line, std::size_t number, KeyFileKind kind,
               std::vector<KeyLine>& lines, Faults& faults) {
  std::string_view rest = line.substr(0, line.find('#'));
  if (rest.find_first_not_of(kBlanks) == std::string_view::npos) return;
  const std::optional<AccessKey> key = AccessKey::parse(next_word(rest));
  if (!key) {
    return faults.add(number, "no access key is first: ak_ and 24 lower-case hex digits");
  }
  std::optional<Mpxn> mpxn;
  if (kind == KeyFileKind::bindings) {
    const std::string_view word = next_word(rest);
    if (word.empty()) return faults.add(number, "there is no meter point behind the key");
    mpxn = Mpxn::parse(word);
    if (!mpxn) return faults.add(number, "what stands behind the key is no MPAN or MPRN");
    if (!rest.empty()) return faults.add(number, "there is more than a key and a meter point");
  }
  lines.push_back({.number = number, .key = *key, .mpxn = std::move(mpxn)});
}

/// Leaves each key once, where it stands first.
std::vector<KeyLine> without_repeats(const std::vector<KeyLine>& lines, Faults& faults) {
  std::vector<std::size_t> by_key(lines.size());
  std::iota(by_key.begin(), by_key.end(), std::size_t{0});
  std::stable_sort(by_key.begin(), by_key.end(), [&](std::size_t a, std::size_t b) {
    const auto left = lines[a].key.reveal_bytes();
    const auto right = lines[b].key.reveal_bytes();
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
  });
  std::vector<bool> repeats(lines.size());
  for (std::size_t i = 1, first = 0; i < by_key.size(); ++i) {
    const KeyLine& before = lines[by_key[first]];
    const KeyLine& line = lines[by_key[i]];
    repeats[by_key[i]] = line.key == before.key;
    if (!repeats[by_key[i]]) {
      first = i;
    } else if (line.mpxn != before.mpxn) {
      faults.add(line.number, "the key stands in line " + std::to_string(before.number) +
                                  " already, with another meter point");
    }
  }
  std::vector<KeyLine> kept;
  kept.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!repeats[i]) kept.push_back(lines[i]);
  }
  return kept;
}

}  // namespace

Result<Secret> read_key_file(const std::string& path) {
  if (path == "-") return read_standard_input();
  return read_secret_file(path, MaxBytes{kMaxKeyFileBytes});
}

Result<std::vector<KeyLine>> parse_key_file(std::string_view text, std::string_view name,
                                            KeyFileKind kind) {
  std::vector<KeyLine> lines;
  Faults faults;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    take_line(text.substr(0, end), number, kind, lines, faults);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  lines = without_repeats(lines, faults);
  if (!faults.none()) return faults.as_error(name);
  if (lines.empty()) return Error(std::string(name) + " holds no access key");
  return lines;
}

}  // namespace akgate
