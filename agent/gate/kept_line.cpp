// SPDX-License-Identifier: Apache-2.0
#include "gate/kept_line.hpp"

#include "base/text.hpp"
#include "gate/protocol.hpp"

namespace akgate {

namespace {

void append(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out.append(" ").append(name).append("=").append(percent_encode(value));
}

void append_record(std::string& out, const AccessRecord& record) {
  append(out, "state", to_string(record.state));
  if (!record.complete) append(out, "complete", "no");
  append_expiry(out, record.expiry);
  append(out, "legal-basis", to_string(record.legal_basis));
  std::string types;
  for (const std::string& type : record.data_types.sorted()) {
    types.append(types.empty() ? "" : ",").append(type);
  }
  append(out, "data-types", types);
}

std::string_view word_of(const Binding& binding) {
  switch (binding.word) {
    case Binding::Word::by_operator:
      return "operator";
    case Binding::Word::listed:
      return "register";
    case Binding::Word::not_listed:
      break;
  }
  return "elsewhere";
}

}  // namespace

void append_kept(std::string& out, const KeptRecord& kept) {
  out.append(" fingerprint=").append(kept.fingerprint);
  if (kept.damaged) return append(out, "state", "damaged");
  if (kept.knowledge && kept.knowledge->record) {
    append_record(out, *kept.knowledge->record);
  } else {
    append(out, "state", kept.knowledge ? "not-found" : "unknown");
  }
  append(out, "age", std::to_string(kept.age.count()));
  if (kept.knowledge) append(out, "txn", kept.knowledge->transaction_id);
  if (kept.binding) append(out, "meter-point", word_of(*kept.binding));
  if (kept.blocked) append(out, "blocked", "yes");
}

}  // namespace akgate
