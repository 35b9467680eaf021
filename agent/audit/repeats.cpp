// SPDX-License-Identifier: Apache-2.0
#include "audit/repeats.hpp"

#include <cstring>
#include <functional>
#include <string_view>
#include <utility>

namespace akgate {

namespace {

bool is_same(std::string_view told, const std::optional<std::string>& given) {
  return given ? told == *given : told.empty();
}

// A fingerprint is a keyed hash, which nobody can choose.
std::size_t home_of(const Question& question, const Fingerprint& key, std::uint64_t uid) {
  std::uint64_t number = 0;
  static_assert(sizeof number == sizeof key);
  std::memcpy(&number, key.data(), sizeof number);
  number += uid * 31 + question.data_types.published() * std::uint64_t{17} +
            static_cast<std::uint64_t>(question.mode);
  for (const auto* const text : {&question.mpxn, &question.controller, &question.duid}) {
    if (*text) number = number * 31 + std::hash<std::string_view>()(**text);
  }
  return static_cast<std::size_t>(number);
}

}  // namespace

bool Repeats::Told::is(const Question& question, const Fingerprint& key, std::uint64_t uid) const {
  return entry_.key == key && entry_.uid == uid && entry_.mode == question.mode &&
         entry_.data_types == question.data_types && is_same(mpxn_.reveal(), question.mpxn) &&
         is_same(entry_.controller, question.controller) && is_same(entry_.duid, question.duid);
}

bool Repeats::Told::says(const Verdict& verdict) const {
  return entry_.reason == verdict.reason && entry_.source == verdict.source &&
         verdict.transaction_id == entry_.transaction_id;
}

void Repeats::Told::count(Timestamp at) {
  if (counted_++ == 0) first_counted_ = at;
  last_counted_ = at;
}

AuditEntry Repeats::Told::take() {
  AuditEntry entry = entry_;
  // What it rests on has grown older since it was first told.
  if (entry.age) *entry.age += std::chrono::floor<std::chrono::seconds>(first_counted_ - entry_.at);
  entry.at = first_counted_;
  entry.last = last_counted_;
  entry.count = std::exchange(counted_, 0);
  return entry;
}

void Repeats::Told::begin(Id id, AuditEntry entry, const Question& question) {
  id_ = id;
  entry_ = std::move(entry);
  mpxn_ = Secret::copy_of(question.mpxn.value_or(""));
  told_ = 1;
  counted_ = 0;
}

Repeats::Told* Repeats::find(Id id) {
  if (places_.empty()) return nullptr;
  Told* const told = places_[id % kPlaces].get();
  return told != nullptr && told->id() == id ? told : nullptr;
}

Repeats::Told* Repeats::find(const Question& question, const Fingerprint& key, std::uint64_t uid) {
  if (places_.empty()) return nullptr;
  const std::size_t home = home_of(question, key, uid);
  for (std::size_t i = 0; i < kNear; ++i) {
    Told* const told = places_[(home + i) % kPlaces].get();
    if (told != nullptr && told->is(question, key, uid)) return told;
  }
  return nullptr;
}

Repeats::Told& Repeats::at(const Question& question, const Fingerprint& key, std::uint64_t uid) {
  if (Told* const told = find(question, key, uid)) return *told;
  if (places_.empty()) places_.resize(kPlaces);
  const std::size_t home = home_of(question, key, uid);
  for (std::size_t i = 0; i < kNear; ++i) {
    const std::size_t place = (home + i) % kPlaces;
    if (places_[place]) continue;
    places_[place] = std::make_unique<Told>(new_id(place));
    return *places_[place];
  }
  return *places_[(home + victim_++ % kNear) % kPlaces];
}

}  // namespace akgate
