// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "record/timestamp.hpp"
#include "verdict/policy.hpp"
#include "verdict/question.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

// The gate protocol: lines of text to values, and back. Pure; any thread. The control socket shares
// its rules for lines and the replies that are no verdict.

/// How long a line may be, its end (`\n` or `\r\n`) included.
inline constexpr std::size_t kMaxLineBytes = 1024;

/// Which parts of a question the policy looks at. Naming one that is `off` is an error: the asker
/// would believe that it was checked.
struct Demands {
  Demand mpxn = Demand::when_given;
  Demand data_user = Demand::when_given;
};

/// `CHECK`: one question.
struct Check {
  Question question;
  std::string id;                                    ///< Empty where none was given.
  std::optional<std::chrono::milliseconds> timeout;  ///< 1 ms to 60 s.
};

/// `WATCH`: a question, and news of every change of its answer. Always has an id.
struct Watch {
  Check check;
};

/// `UNWATCH`: the end of a watch.
struct Unwatch {
  std::string id;
};

struct Ping {};
struct Hello {};

/// A line that asks nothing we can answer.
struct BadRequest {
  std::string detail;  ///< For a person, and in our words only: nothing the asker sent, which may
                       ///< be a key (I9).
  std::string
      id;  ///< The first proper id in the line, so that the asker can tell which it was; or empty.
};

using Request = std::variant<Check, Watch, Unwatch, Ping, Hello, BadRequest>;

/// Whether a line is text: UTF-8 without control characters. After one that is not, nobody knows
/// what the asker meant by the next.
[[nodiscard]] bool is_text(std::string_view line);

/// Reads a line of text, given without its end. Words may stand apart by several spaces.
[[nodiscard]] Request parse_request(std::string_view line, const Demands& demands);

/// A line without its `id=`, where that is its last word: what is left is the same for all who ask
/// the same.
struct LineAndId {
  std::string_view line;
  std::string_view id;  ///< Empty where there is none, or none that is proper.
};
[[nodiscard]] LineAndId split_off_id(std::string_view line);

/// Replies, each a whole line.
inline constexpr std::string_view kPong = "PONG\n";
inline constexpr std::string_view kHello = "HELLO akgate/1 version=" AKGATE_VERSION "\n";
inline constexpr std::string_view kLineTooLong = "ERROR reason=line-too-long\n";
inline constexpr std::string_view kOverloaded = "ERROR reason=overloaded\n";

/// Whether the system's clock is near enough to trusted time for a person to go by it: 2 s.
[[nodiscard]] bool clocks_agree(Timestamp wall, Timestamp trusted);

/// Until when a verdict may be relied on, as a person reads it. `wall` is the system's clock at
/// this moment: where it is more than 2 s off the verdict's trusted time, nothing, as a person
/// would read it wrongly; nothing either where the verdict is no good for any time.
[[nodiscard]] std::optional<Timestamp> until_of(const Verdict& verdict, Timestamp wall);

/// Appends `ALLOW …` or `DENY …`; an empty id is left out. `wall` as in until_of().
void append_verdict(std::string& out, const Verdict& verdict, std::string_view id, Timestamp wall);

/// Appends ` expires=…`; nothing where the record has none.
void append_expiry(std::string& out, const Expiry& expiry);

/// Appends `ERROR reason=bad-request …`.
void append_bad_request(std::string& out, const BadRequest& bad);

}  // namespace akgate
