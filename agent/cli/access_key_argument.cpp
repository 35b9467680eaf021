// SPDX-License-Identifier: Apache-2.0
#include "cli/access_key_argument.hpp"

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "platform/process.hpp"

namespace akgate {

namespace {

// Of what may be typed for an access key or a token; a proper key has 27.
constexpr std::size_t kLongestSecret = 256;

Result<Secret> read_secret_from_stdin(std::string_view kind) {
  // Without a buffer of stdio's, in which the secret would stay behind.
  static_cast<void>(std::setvbuf(stdin, nullptr, _IONBF, 0));
  std::string line;
  line.reserve(kLongestSecret + 1);
  int c = 0;
  while ((c = std::getchar()) != EOF && c != '\n') {
    line += static_cast<char>(c);
    if (line.size() > kLongestSecret) {
      wipe(line.data(), line.size());
      return Error("the first line of the standard input is too long for " + std::string(kind));
    }
  }
  if (line.ends_with('\r')) line.pop_back();
  return Secret(std::move(line));
}

}  // namespace

Result<Secret> take_access_key(std::span<const std::string_view> operands) {
  if (operands.size() > 1) {
    return Error("more than one access key is given: ask for one at a time");
  }
  if (!operands.empty()) {
    if (operands.front() == "-") return read_secret_from_stdin("an access key");
    return Secret::copy_of(operands.front());
  }
  if (std::optional<std::string> key = environment("AKGATE_ACCESS_KEY")) {
    return Secret(std::move(*key));
  }
  return Error(
      "no access key is given: name it, write it to the standard input and name -, or set "
      "AKGATE_ACCESS_KEY");
}

Result<Secret> take_access_key(const Options& options) {
  return take_access_key(options.operands());
}

Result<AccessKey> take_proper_access_key(std::span<const std::string_view> operands) {
  Result<Secret> given = take_access_key(operands);
  if (!given) return std::move(given).error();
  if (const auto key = AccessKey::parse(given->reveal())) return *key;
  return Error("what is given is no access key: it must be ak_ and 24 lower-case hex digits");
}

Result<Secret> take_reidentification_token(const Options& options) {
  const auto given = options.value(kReidentificationToken);
  if (!given) return Secret();
  Result<Secret> token = *given == "-" ? read_secret_from_stdin("a re-identification token")
                                       : Result<Secret>(Secret::copy_of(*given));
  if (token && token->empty()) return Error("the re-identification token is empty");
  return token;
}

void hide_secrets_from_process_list(std::span<char* const> arguments) {
  bool value_of_token = false;
  for (char* const argument : arguments) {
    const std::string_view text(argument);
    const bool names_token =
        text.starts_with("--") && text.substr(2).starts_with(kReidentificationToken);
    if (text.starts_with("ak_") || value_of_token) wipe(argument, text.size());
    value_of_token = names_token && text.size() == kReidentificationToken.size() + 2;
    if (names_token && !value_of_token) wipe(argument, text.size());
  }
}

}  // namespace akgate
