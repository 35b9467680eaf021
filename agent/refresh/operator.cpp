// SPDX-License-Identifier: Apache-2.0
// The desk's dealings with the operator.
#include <utility>

#include "refresh/desk.hpp"
#include "refresh/not_durable.hpp"

namespace akgate {

namespace {

constexpr std::chrono::seconds kFetchAtMost{60};

// Why what is known of a record could not be made fresh; nothing where it could.
std::optional<Refusal> refusal_of(const Settled& settled) {
  if (settled.local == Reason::timeout) {
    return Refusal{.reason = to_string(settled.local),
                   .detail = "the register did not answer in time; try again later"};
  }
  if (settled.local == Reason::blocked) {
    return Refusal{.reason = to_string(settled.local), .detail = "the operator has blocked it"};
  }
  if (settled.local == Reason::overloaded) {
    return Refusal{.reason = to_string(settled.local),
                   .detail = "too many keys are being asked about; try again later"};
  }
  switch (settled.record.standing) {
    case Standing::answered_now:
    case Standing::answers:
      break;
    case Standing::silent:
    case Standing::silent_for_key:
      return Refusal{.reason = to_string(Reason::register_unreachable),
                     .detail = "the register does not answer; try again when it does"};
    case Standing::refused:
      return Refusal{.reason = to_string(Reason::register_refused),
                     .detail = "the register refuses to answer us; see the log"};
    case Standing::malformed:
      return Refusal{.reason = to_string(Reason::register_malformed),
                     .detail = "the register's answer made no sense; see the log"};
  }
  return std::nullopt;
}

}  // namespace

void Desk::bind(const AccessKey& key, const Mpxn& mpxn, OnDone on_done) {
  const AboutRecord about{key};
  const IndexKey index = parts_.keys.index_of(key);
  Binding binding{.mpxn = mpxn,
                  .word = Binding::Word::by_operator,
                  .identity_record_ref = {},
                  .as_of = present().now,
                  .transaction_id = {}};
  if (const Remembered* const remembered = recall(index, about)) {
    binding = pinned(std::move(binding), remembered->known);
  }
  parts_.clerk.bind(about, index, binding,
                    [this, about, binding, on_done = std::move(on_done)](const Status& kept) {
                      if (kept) hold(about, binding);
                      on_done(refusal_of(kept));
                    });
}

// The binding is on disk; from now on it counts.
void Desk::hold(const AboutRecord& about, const Binding& binding) {
  const Remembered* const record = recall(parts_.keys.index_of(about.key), about);
  const Fact known = record == nullptr ? Fact() : record->known;
  const IndexKey binding_index = parts_.keys.binding_index_of(about.key);
  Remembered* const remembered = table_.remember(binding_index);
  // It counts from the disk too, where memory is full of what must not be forgotten.
  ++changes_;
  watchers_.tell(parts_.keys.index_of(about.key));
  if (remembered == nullptr) return;
  if (remembered->mishaps.trouble) remembered->mishaps.trouble.reset();
  table_.learn(binding_index, std::make_shared<const Binding>(pinned(binding, known)));
}

void Desk::unbind(const AccessKey& key, OnDone on_done) {
  const IndexKey binding_index = parts_.keys.binding_index_of(key);
  const IndexKey index = parts_.keys.index_of(key);
  const auto forget = [this, index, binding_index] {
    ++changes_;
    if (table_.remember(binding_index) != nullptr) table_.learn(binding_index, {});
    watchers_.tell(index);
  };
  forget();
  // Again when it is gone from the disk: until then it may have been read from there, or a BIND
  // that came before may have been kept.
  parts_.clerk.unbind(index, [forget, on_done = std::move(on_done)](const Status& kept) {
    if (kept) forget();
    on_done(refusal_of(kept));
  });
}

void Desk::fetch(const AccessKey& key, Mode mode, OnFetched on_fetched) {
  Question question;
  question.key = key;
  question.mode = mode;
  const auto on_settled = [this, key, on_fetched = std::move(on_fetched)](const Settled& settled) {
    std::optional<Refusal> refusal = refusal_of(settled);
    const Remembered* const remembered = recall(parts_.keys.index_of(key), AboutRecord{key});
    const auto* const knowledge =
        remembered == nullptr ? nullptr : known_in<Knowledge>(remembered->known);
    if (!refusal && knowledge == nullptr) {
      refusal = {.reason = to_string(Reason::overloaded), .detail = "there is no room for the key"};
    }
    if (refusal || knowledge == nullptr) return on_fetched({}, refusal);
    on_fetched({.fingerprint = fingerprint(key),
                .state = knowledge->record ? to_string(knowledge->record->state) : "not-found",
                .from_register = settled.record.standing == Standing::answered_now},
               std::nullopt);
  };
  static_cast<void>(ask(question, kFetchAtMost, kOperator, on_settled));  // Nobody takes it back.
}

std::string Desk::fingerprint(const Blockable& what) const { return index_of(what).fingerprint(); }

}  // namespace akgate
