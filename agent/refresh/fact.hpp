// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "cache/keys.hpp"
#include "record/access_key.hpp"
#include "record/binding.hpp"
#include "record/data_user.hpp"
#include "record/duid.hpp"
#include "record/knowledge.hpp"
#include "record/mpxn.hpp"

namespace akgate {

// What the register can be asked about, and what it may say: shared between desk and clerk and
// never changed once made.

/// The record under a key.
struct AboutRecord {
  AccessKey key;
};

/// Whether a key belongs to a meter point.
struct AboutMeterPoint {
  AccessKey key;
  IndexKey record;  ///< The key's own index, under which its record stands.
  Mpxn mpxn;
  std::string identity_record_ref;  ///< The record's, with which the answer stands and falls.
};

/// The standing of a Data User.
struct AboutDataUser {
  Duid duid;
};

using Subject = std::variant<AboutRecord, AboutMeterPoint, AboutDataUser>;

/// Whose a subject is: with what is known of it, this is all it takes to ask about it again.
using Whose = std::variant<std::monostate, AccessKey, Duid>;
[[nodiscard]] Whose whose(const Subject& subject);

using KnowledgePtr = std::shared_ptr<const Knowledge>;
using BindingPtr = std::shared_ptr<const Binding>;
using DataUserPtr = std::shared_ptr<const DataUserStanding>;

/// What is known about a subject: of the three what fits it, or nothing yet. Never a null pointer.
using Fact = std::variant<std::monostate, KnowledgePtr, BindingPtr, DataUserPtr>;

[[nodiscard]] inline bool is_known(const Fact& fact) { return fact.index() != 0; }

/// The fact of that kind; null where it is another or nothing.
template <typename Known>
[[nodiscard]] const Known* known_in(const Fact& fact) {
  const auto* const pointer = std::get_if<std::shared_ptr<const Known>>(&fact);
  return pointer == nullptr ? nullptr : pointer->get();
}

/// The date of a fact that is known.
[[nodiscard]] Timestamp date_of(const Fact& fact);

/// Whether this is worth keeping on disk and in memory before others: it can help to allow, or
/// could once. A guess never is.
[[nodiscard]] bool is_worth_keeping(const Fact& fact);

/// Whether `adopted` takes away anything that `known` granted (I5).
[[nodiscard]] bool takes_away(const Fact& known, const Fact& adopted);

/// The operator's binding as it stands beside what is known of the record.
[[nodiscard]] Binding pinned(Binding binding, const Fact& record);

/// Whether the two say the same but for the date.
[[nodiscard]] bool say_the_same(const Fact& a, const Fact& b);

}  // namespace akgate
