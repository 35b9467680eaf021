// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/nearest.hpp"
#include "cli/access_key_argument.hpp"
#include "cli/audit.hpp"
#include "cli/bind.hpp"
#include "cli/block.hpp"
#include "cli/cache.hpp"
#include "cli/check.hpp"
#include "cli/console.hpp"
#include "cli/metrics.hpp"
#include "cli/prefetch.hpp"
#include "cli/register_commands.hpp"
#include "cli/register_show.hpp"
#include "cli/status.hpp"
#include "cli/watch.hpp"
#include "platform/crypto.hpp"
#include "register/transport.hpp"

namespace akgate {

namespace {

// In the order of --help.
constexpr std::array kCommands = {&kCheckCommand,           &kWatchCommand,
                                  &kStatusCommand,          &kMetricsCommand,
                                  &kCacheListCommand,       &kCacheShowCommand,
                                  &kCacheRefreshCommand,    &kCacheForgetCommand,
                                  &kCacheVerifyCommand,     &kBindCommand,
                                  &kUnbindCommand,          &kBlockCommand,
                                  &kUnblockCommand,         &kPrefetchCommand,
                                  &kAuditShowCommand,       &kAuditVerifyCommand,
                                  &kAuditExportCommand,     &kRegisterTokenCommand,
                                  &kRegisterShowCommand,    &kRegisterCreateCommand,
                                  &kRegisterReplaceCommand, &kRegisterRevokeCommand,
                                  &kRegisterListCommand,    &kRegisterMeterPointCommand,
                                  &kRegisterDataUserCommand};

constexpr std::string_view kHelpHint = "`akgate --help` lists what there is";

std::string usage(const Command& command) {
  const std::string name(command.name);
  return command.operands.empty() ? name : name + " " + std::string(command.operands);
}

std::string help() {
  std::size_t width = 0;
  for (const Command* const command : kCommands) width = std::max(width, usage(*command).size());
  std::string text =
      "akgate asks akgated, or the register itself, about access to meter data.\n\nCommands:\n";
  for (const Command* const command : kCommands) {
    std::string left = usage(*command);
    left.resize(width, ' ');
    text += "  " + left + "  " + std::string(command->summary) + "\n";
  }
  return text + "\n`akgate COMMAND --help` tells more, `akgate --version` the version.\n";
}

std::string help_for(const Command& command) {
  std::string text =
      "Usage: akgate " + usage(command) + " [OPTION]…\n" + std::string(command.summary) + "\n\n";
  if (command.operands == kAccessKeyOperand) text += kAccessKeyHelp;
  return text + std::string(command.details) + "\n" + describe(command.options);
}

std::string version() {
  return "akgate " AKGATE_VERSION "\ncurl " + transport_version() + "\nMbed TLS " +
         crypto_version() + "\n";
}

ExitCode print_or_complain(std::string_view text) {
  const Status printed = print(text);
  return printed ? ExitCode::done : complain(printed.error());
}

// How many of the arguments spell the command's name; 0 where they do not.
std::size_t words_of(const Command& command, std::span<const std::string_view> arguments) {
  const auto words =
      static_cast<std::size_t>(std::count(command.name.begin(), command.name.end(), ' ')) + 1;
  if (arguments.size() < words) return 0;
  std::string spelt(arguments[0]);
  for (const std::string_view word : arguments.subspan(1, words - 1))
    spelt += " " + std::string(word);
  return spelt == command.name ? words : 0;
}

// The commands whose name begins with that word and has another; empty where there are none.
std::string family_of(std::string_view word) {
  std::string family;
  for (const Command* const command : kCommands) {
    if (!command->name.starts_with(std::string(word) + " ")) continue;
    family += (family.empty() ? "`" : ", `") + std::string(command->name) + "`";
  }
  return family;
}

// What is not understood is not repeated: it may be an access key in the wrong place (I9).
ExitCode refuse(std::span<const std::string_view> arguments) {
  std::array<std::string_view, kCommands.size()> names;
  std::transform(kCommands.begin(), kCommands.end(), names.begin(),
                 [](const Command* command) { return command->name; });
  if (const std::string family = family_of(arguments[0]);
      arguments.size() == 1 && !family.empty()) {
    return complain(Error("say which: " + family));
  }
  auto meant = nearest(arguments[0], names);
  if (!meant && arguments.size() > 1) {
    meant = nearest(std::string(arguments[0]) + " " + std::string(arguments[1]), names);
  }
  if (meant) {
    return complain(Error("there is no such command; did you mean `" + std::string(*meant) + "`?"));
  }
  return complain(Error("there is no such command; " + std::string(kHelpHint)));
}

ExitCode run(const Command& command, std::span<const std::string_view> arguments) {
  const Result<Options> options = Options::parse(command.options, arguments);
  if (!options) return complain(options.error());
  if (options->has(kHelpOption.name)) return print_or_complain(help_for(command));
  if (options->has(kVersionOption.name)) return print_or_complain(version());
  return command.run(*options);
}

}  // namespace

ExitCode run_akgate(std::span<const std::string_view> arguments) {
  if (arguments.empty()) return complain(Error("no command is given; " + std::string(kHelpHint)));
  if (arguments[0] == "--help" || arguments[0] == "-h") return print_or_complain(help());
  if (arguments[0] == "--version") return print_or_complain(version());
  for (const Command* const command : kCommands) {
    const std::size_t words = words_of(*command, arguments);
    if (words > 0) return run(*command, arguments.subspan(words));
  }
  return refuse(arguments);
}

}  // namespace akgate
