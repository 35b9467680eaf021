// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "audit/entry.hpp"
#include "base/secret.hpp"
#include "verdict/question.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

/// Answers that were told again and again: somebody asks the same thousands of times in a few
/// seconds and is told the same, resting on the same transactions. Each of the first few is an
/// entry of its own in the trail; the rest of the block are one entry with a count (I13), or the
/// trail would be full of them, and the disk too slow.
///
/// Bounded: it knows the last answers to about a thousand questions; of more than that each is
/// told.
class Repeats {
 public:
  /// Names an answer to a question for as long as it is known here; never given to another. Not 0.
  using Id = std::uint64_t;

  /// So many of a kind are told one by one, in each block.
  static constexpr std::uint64_t kToldOneByOne = 16;

  /// An answer that has been told, and how often it was counted since.
  class Told {
   public:
    explicit Told(Id id) : id_(id) {}

    [[nodiscard]] Id id() const { return id_; }
    /// Whether it is an answer to this question of this user.
    [[nodiscard]] bool is(const Question& question, const Fingerprint& key,
                          std::uint64_t uid) const;
    /// Whether it is this one.
    [[nodiscard]] bool says(const Verdict& verdict) const;
    /// Whether it is to be counted rather than told: it has been told often enough.
    [[nodiscard]] bool is_known_well() const { return told_ >= kToldOneByOne; }
    [[nodiscard]] bool is_counted() const { return counted_ > 0; }

    void tell() { ++told_; }
    void count(Timestamp at);
    /// What was counted, as one entry; from now on nothing is.
    [[nodiscard]] AuditEntry take();
    /// Another answer, told once.
    void begin(Id id, AuditEntry entry, const Question& question);
    [[nodiscard]] AuditRoom room() const { return room_of(entry_.kind); }
    /// In a new block it is told one by one again. False where nobody has asked in the last one.
    [[nodiscard]] bool begin_block() { return std::exchange(told_, 0) > 0; }

   private:
    Id id_;
    AuditEntry entry_;
    Secret mpxn_;  ///< As the question has it; the entry has its hash.
    std::uint64_t told_ = 0;
    std::uint64_t counted_ = 0;
    Timestamp first_counted_{};
    Timestamp last_counted_{};
  };

  /// Null where it is not known any more, or never was.
  [[nodiscard]] Told* find(Id id);
  /// The last answer to this question; null where there is none here.
  [[nodiscard]] Told* find(const Question& question, const Fingerprint& key, std::uint64_t uid);
  /// The same, or what may be given up for it: begin() anew there, but take() what was counted.
  [[nodiscard]] Told& at(const Question& question, const Fingerprint& key, std::uint64_t uid);
  /// For the answer that begins there.
  [[nodiscard]] Id new_id(const Told& there) { return new_id(there.id() % kPlaces); }

  /// A block of this room ends: `last_word` is for each of its answers to take() what was counted.
  /// What nobody has asked for in it is not kept.
  template <typename LastWord>
  void end_block(AuditRoom room, const LastWord& last_word) {
    for (std::unique_ptr<Told>& told : places_) {
      if (!told || told->room() != room) continue;
      last_word(*told);
      if (!told->begin_block()) told.reset();
    }
  }

 private:
  [[nodiscard]] Id new_id(std::size_t place) { return ++begun_ * kPlaces + place; }

  static constexpr std::size_t kPlaces = 1024;
  static constexpr std::size_t kNear = 8;  ///< How far from home a question may stand.

  std::vector<std::unique_ptr<Told>> places_;
  std::size_t victim_ = 0;
  std::uint64_t begun_ = 0;
};

}  // namespace akgate
