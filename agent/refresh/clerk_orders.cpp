// SPDX-License-Identifier: Apache-2.0
// What the operator orders, kept on disk.
#include <utility>

#include "refresh/register_clerk.hpp"

namespace akgate {

void RegisterClerk::bind(const AboutRecord& about, const IndexKey& index, const Binding& binding,
                         OnKept on_kept) {
  parts_.own.post([this, about, index, binding, on_kept = std::move(on_kept)] {
    Store::Entry entry{.index = index, .record = {.key = about.key, .binding = binding}};
    // Beside the record, where it is known and not written yet.
    const auto held = held_.find(index);
    if (held != held_.end() && held->second.knowledge) {
      entry.record.knowledge = *held->second.knowledge;
    }
    bindings_.push_back(std::move(entry));
    awaiting_bindings_.push_back(on_kept);
    // Behind those that wait in line already, so that they all go in one write.
    if (bindings_.size() == 1) parts_.own.post([this] { write_bindings(); });
  });
}

void RegisterClerk::write_bindings() {
  if (bindings_.empty()) return;  // Done already, on the way to something else.
  const Status written = parts_.store.put(bindings_, parts_.time.mark(parts_.clock.read()));
  note(written);
  for (const Store::Entry& entry : bindings_) {
    if (written) drop_held_binding(entry.index);
  }
  bindings_.clear();
  parts_.desk.post([written, awaiting = std::exchange(awaiting_bindings_, {})] {
    for (const OnKept& on_kept : awaiting) on_kept(written);
  });
}

// What the register said is not to be written over what the operator has said since.
void RegisterClerk::drop_held_binding(const IndexKey& index) {
  const auto held = held_.find(index);
  if (held != held_.end()) held->second.binding.reset();
}

void RegisterClerk::unbind(const IndexKey& index, OnKept on_kept) {
  parts_.own.post([this, index, on_kept = std::move(on_kept)] {
    write_bindings();                 // what was said before comes first
    static_cast<void>(write_mark());  // what is written again is dated by its last confirmation
    const Status written = parts_.store.unbind(index);
    if (written) drop_held_binding(index);
    tell(on_kept, written);
  });
}

void RegisterClerk::tell(const OnKept& on_kept, const Status& kept) {
  if (!kept) parts_.log.error(kept.error().what());
  parts_.desk.post([on_kept, kept] { on_kept(kept); });
}

void RegisterClerk::forget(const IndexKey& index, OnKept on_kept) {
  parts_.own.post([this, index, on_kept = std::move(on_kept)] {
    write_bindings();  // what was said before comes first
    const Status erased = parts_.store.erase(index);
    if (erased) held_.erase(index);
    tell(on_kept, erased);
  });
}

void RegisterClerk::forget_all(OnKept on_kept) {
  parts_.own.post([this, on_kept = std::move(on_kept)] {
    write_bindings();
    const Status cleared = parts_.store.clear();
    if (cleared) {
      held_.clear();
      held_data_users_.clear();
    }
    tell(on_kept, cleared);
  });
}

void RegisterClerk::keep(Blocks blocks, OnKept on_kept) {
  parts_.own.post([this, blocks = std::move(blocks), on_kept = std::move(on_kept)]() mutable {
    if (awaiting_blocks_.empty()) parts_.own.post([this] { write_blocks(); });
    blocks_ = std::move(blocks);
    awaiting_blocks_.push_back(std::move(on_kept));
  });
}

void RegisterClerk::write_blocks() {
  if (!blocks_) return;  // Done already, at the end of a run.
  const Status written = parts_.store.put_blocks(*blocks_);
  if (written) blocks_.reset();  // Else it is tried again at the end of the run, at the latest.
  // Which keys a blocked meter point denies has to outlive a crash as well.
  if (!held_.empty()) static_cast<void>(write_held());
  for (const OnKept& on_kept : std::exchange(awaiting_blocks_, {})) tell(on_kept, written);
}

}  // namespace akgate
