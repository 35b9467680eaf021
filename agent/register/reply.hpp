// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "record/read_envelope.hpp"
#include "register/outcome.hpp"
#include "register/transport.hpp"

namespace akgate {

// What replies have in common, whatever was asked. Pure; any thread.

/// How the inquiry ended, where the reply holds no answer to it: silence, a refusal, or what makes
/// no sense. Nothing where there is an answer to read, of status 200 or 404. `refusal` is the
/// sentence about a refusal, to which the status is added: what was refused, and what to do.
[[nodiscard]] std::optional<Ending> read_without_answer(const HttpReply& reply,
                                                        std::string_view refusal);

/// "No such thing", or, without the register's envelope, what makes no sense.
[[nodiscard]] Ending read_404(const HttpReply& reply);

[[nodiscard]] Ending ending(Outcome outcome, std::string detail);
[[nodiscard]] Ending malformed(std::string detail);
/// An end that is an answer of the register.
[[nodiscard]] Ending answered(Outcome outcome, const Envelope& envelope, const HttpReply& reply);

/// The register's clock, as the answer attests it.
[[nodiscard]] std::optional<Timestamp> clock_of(const Envelope& envelope, const HttpReply& reply);

}  // namespace akgate
