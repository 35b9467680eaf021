// SPDX-License-Identifier: Apache-2.0
#include "cli/access_key_argument.hpp"

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "platform/process.hpp"

namespace akgate {

namespace {

constexpr std::size_t kLongestKey = 256;  // Of what may be typed for one; a proper key has 27.

Result<Secret> read_key_from_stdin() {
  // Without a buffer of stdio's, in which the key would stay behind.
  static_cast<void>(std::setvbuf(stdin, nullptr, _IONBF, 0));
  std::string line;
  line.reserve(kLongestKey + 1);
  int c = 0;
  while ((c = std::getchar()) != EOF && c != '\n') {
    line += static_cast<char>(c);
    if (line.size() > kLongestKey) {
      wipe(line.data(), line.size());
      return Error("the first line of the standard input is too long for an access key");
    }
  }
  if (line.ends_with('\r')) line.pop_back();
  return Secret(std::move(line));
}

}  // namespace

Result<Secret> take_access_key(const Options& options) {
  if (options.operands().size() > 1) {
    return Error("more than one access key is given: ask for one at a time");
  }
  if (!options.operands().empty()) {
    const std::string_view operand = options.operands().front();
    if (operand == "-") return read_key_from_stdin();
    return Secret::copy_of(operand);
  }
  if (std::optional<std::string> key = environment("AKGATE_ACCESS_KEY")) {
    return Secret(std::move(*key));
  }
  return Error(
      "no access key is given: name it, write it to the standard input and name -, or set "
      "AKGATE_ACCESS_KEY");
}

void hide_access_keys_from_process_list(std::span<char* const> arguments) {
  for (char* const argument : arguments) {
    const std::string_view text(argument);
    if (text.starts_with("ak_")) wipe(argument, text.size());
  }
}

}  // namespace akgate
