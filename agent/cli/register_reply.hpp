// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/command.hpp"
#include "register/authorized_transport.hpp"

namespace akgate {

/// Why the register did not do what it was asked, and how the command is to end: with a finding
/// where it said no, in its own envelope, to what was asked; with an error where it could not be
/// asked, does not take our credentials, or something else answered in its place.
struct RegisterRefusal {
  ExitCode exit = ExitCode::error;
  /// Lines for a person: first the sentence, then the register's own error codes and messages.
  std::string text;
};

/// What a command knows about a status that refuses it; empty: nothing.
using Explain = std::function<std::string_view(int status)>;

/// For a reply that is not what the command wanted.
[[nodiscard]] RegisterRefusal read_refusal(const AuthorizedTransport::Reply& reply,
                                           const Explain& explain);

/// Tells a refusal on the standard error, and for programs the register's own words on the standard
/// output, where it is a finding; gives the code to end with.
[[nodiscard]] ExitCode refuse(const AuthorizedTransport::Reply& reply, const Explain& explain,
                              bool for_programs);

/// What there is to say of a change to a record, by how it went.
struct ChangeWords {
  std::string_view done;
  std::string_view not_found;
  std::string_view conflict;
};

/// Tells how a change of one of our own records went: its words, or the register's answer for
/// programs (--json); gives the code to end with.
[[nodiscard]] ExitCode conclude_change(const AuthorizedTransport::Reply& reply,
                                       const Options& options, const ChangeWords& words);

/// For what only Data Users may do: explains a 403 by the role that the token names.
[[nodiscard]] std::string only_for_data_users(const TokenClaims& claims);

}  // namespace akgate
