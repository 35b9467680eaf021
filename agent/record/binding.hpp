// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "record/access_record.hpp"
#include "record/mpxn.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// What ties an access key to a meter point, or says that it does not belong there.
///
/// A record names no meter point, only an identity record, which stands for one. So a binding holds
/// the `identity-record-ref` that the record had when it was made, and falls when the record has
/// another.
struct Binding {
  enum class Word : std::uint8_t {
    by_operator,  ///< The operator says that the key belongs to the meter point.
    listed,       ///< The register lists the key at the meter point (operation 4).
    not_listed    ///< The register lists the meter point's keys, and this is not one of them.
  };

  Mpxn mpxn;
  Word word = Word::not_listed;
  /// Nothing: bound by the operator before the record was known, and not standing until its first
  /// word has filled it in.
  std::optional<std::string> identity_record_ref;
  /// Trusted time at which the request was *sent*, or the operator spoke.
  Timestamp as_of{};
  std::string transaction_id;  ///< Empty for the operator's word.

  [[nodiscard]] bool operator==(const Binding&) const = default;
};

/// The operator's binding, with the identity record of the record that it stands beside, where it
/// was made before any was known.
[[nodiscard]] Binding pinned(Binding binding, const AccessRecord& record);

/// What the agent holds on to after the register said `fresh` about a key of which `known` (null:
/// nothing) was known. The operator's word stays while the record has the identity record that it
/// was given for. That a key is not listed somewhere else says nothing against where it is listed.
[[nodiscard]] Binding adopt(const Binding* known, Binding fresh);

/// Whether `adopted` takes away anything that `known` (null: nothing) granted: must be on disk
/// before any reply that reveals it (I5).
[[nodiscard]] bool takes_away(const Binding* known, const Binding& adopted);

}  // namespace akgate
