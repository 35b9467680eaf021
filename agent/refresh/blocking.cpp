// SPDX-License-Identifier: Apache-2.0
// The operator's own refusal, which is above all else.
#include <algorithm>
#include <utility>

#include "refresh/desk.hpp"
#include "refresh/not_durable.hpp"

namespace akgate {

namespace {

constexpr std::chrono::seconds kTryBlocksAgainAfter{30};

Refusal refusal_as_lost() {
  return {.reason = "not-durable",
          .detail =
              "what was blocked before cannot be read any more, and everything is denied; "
              "see the agent's log for how to end that"};
}

}  // namespace

void Desk::block(const Blockable& what, OnDone on_done) {
  if (blocks_.is_lost()) return on_done(refusal_as_lost());
  ++changes_;
  // Those that are being unblocked may have to come back.
  if (blocks_.size() + unblocking_.size() >= Blocks::kMost || !blocks_.add(index_of(what))) {
    return on_done(Refusal{.reason = to_string(Reason::overloaded),
                           .detail = "65536 keys and meter points are blocked; no more will fit"});
  }
  watchers_.tell_all();
  keep_blocks([on_done = std::move(on_done)](const Status& kept) {
    auto refusal = refusal_of(kept);
    if (refusal) {
      refusal->detail += "; it counts until akgated ends, and akgated goes on trying to write it";
    }
    on_done(refusal);
  });
}

// The list as it will be when the disk has time for it: however many want it kept, it is copied
// once a write.
void Desk::keep_blocks(OnBlocksKept on_kept) {
  blocks_awaited_.push_back(std::move(on_kept));
  write_blocks();
}

void Desk::write_blocks() {
  if (blocks_under_way_ || blocks_awaited_.empty()) return;
  blocks_under_way_ = true;
  parts_.clerk.keep(blocks_,
                    [this, awaited = std::exchange(blocks_awaited_, {})](const Status& kept) {
                      owes_blocks_ = !kept;
                      // Before the next write: what comes back since the disk refused must be in
                      // it.
                      for (const OnBlocksKept& on_kept : awaited) on_kept(kept);
                      blocks_under_way_ = false;
                      if (!kept) try_blocks_again();
                      write_blocks();
                    });
}

// What counts now is to count after a restart too.
void Desk::try_blocks_again() {
  if (blocks_timer_ != 0) return;
  blocks_timer_ = parts_.loop.at(parts_.loop.now() + kTryBlocksAgainAfter, [this] {
    blocks_timer_ = 0;
    if (owes_blocks_) keep_blocks([](const Status&) {});
  });
}

void Desk::unblock(const Blockable& what, OnDone on_done) {
  if (blocks_.is_lost()) return on_done(refusal_as_lost());
  const IndexKey index = index_of(what);
  if (!is_blocked(index)) return on_done(std::nullopt);
  ++changes_;
  blocks_.remove(index);
  unblocking_.push_back(index);
  keep_blocks([this, index, on_done = std::move(on_done)](const Status& kept) {
    ++changes_;
    if (!kept) {
      static_cast<void>(blocks_.add(index));
      keep_blocks([](const Status&) {});  // What the disk has of it may be the one or the other.
    }
    unblocking_.erase(std::find(unblocking_.begin(), unblocking_.end(), index));
    watchers_.tell_all();
    on_done(refusal_of(kept));
  });
}

IndexKey Desk::index_of(const Blockable& what) const {
  if (const auto* const key = std::get_if<AccessKey>(&what)) return parts_.keys.index_of(*key);
  return parts_.keys.index_of(*std::get_if<Mpxn>(&what));
}

bool Desk::is_blocked(const IndexKey& index) const {
  return blocks_.contains(index) ||
         std::find(unblocking_.begin(), unblocking_.end(), index) != unblocking_.end();
}

bool Desk::is_blocked(const Question& question) {
  if (blocks_.empty() && unblocking_.empty()) return false;
  if (question.key && is_blocked(memo_.of(*question.key).record)) return true;
  const auto asked = question.mpxn ? Mpxn::parse(*question.mpxn) : std::nullopt;
  if (asked && is_blocked(parts_.keys.index_of(*asked))) return true;
  const auto known = question.key ? known_meter_point_of(*question.key) : std::nullopt;
  return known && is_blocked(parts_.keys.index_of(*known));
}

std::optional<Mpxn> Desk::known_meter_point_of(const AccessKey& key) {
  const auto [record, binding_index] = memo_.of(key);
  const Remembered* const remembered = table_.peek(binding_index);
  std::optional<StoredRecord> stored;
  if (remembered == nullptr) stored = parts_.store.find(record);
  const Binding* binding = nullptr;
  if (remembered != nullptr) binding = known_in<Binding>(remembered->known);
  if (stored && stored->binding) binding = &*stored->binding;
  if (binding == nullptr || binding->word == Binding::Word::not_listed) return std::nullopt;
  return binding->mpxn;
}

}  // namespace akgate
