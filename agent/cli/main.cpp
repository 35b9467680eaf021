// SPDX-License-Identifier: Apache-2.0
//
// akgate: the command line.

#include <span>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "cli/access_key_argument.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "platform/process.hpp"

namespace akgate {
namespace {

ExitCode run_main(std::span<char* const> arguments) {
  // An access key may stand among them: copied into memory that is wiped, then wiped where `ps`
  // looks (I9).
  std::vector<Secret> copies;
  for (const char* const argument : arguments) copies.push_back(Secret::copy_of(argument));
  hide_secrets_from_process_list(arguments);
  if (const Status hardened = harden_process(); !hardened) return complain(hardened.error());
  std::vector<std::string_view> views;
  views.reserve(copies.size());
  for (const Secret& copy : copies) views.push_back(copy.reveal());
  return run_akgate(views);
}

}  // namespace
}  // namespace akgate

int main(int argc, char** argv) {
  const std::span<char* const> all(argv, static_cast<std::size_t>(argc));
  return static_cast<int>(akgate::run_main(all.empty() ? all : all.subspan(1)));
}
