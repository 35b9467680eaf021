// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "cache/store.hpp"
#include "platform/clock.hpp"
#include "platform/log.hpp"
#include "platform/loop.hpp"
#include "refresh/clerk.hpp"
#include "register/verifier.hpp"
#include "time/trusted_time.hpp"

namespace akgate {

/// The clerk: asks the register, dates what it says, and sees to it that bad news is durable before
/// anybody hears of it (I5). Good news is held and written in batches; that nothing has changed,
/// now and then, in the store's ledger: losing either makes the agent stricter, never looser. Keys
/// never seen active cost no write at all.
class RegisterClerk final : public Clerk {
 public:
  /// What the clerk works with; all of it outlives the clerk. `own` and `desk` may be one loop.
  struct Parts {
    Loop& own;
    Loop& desk;
    const Clock& clock;
    TrustedTime& time;
    Verifier& verifier;
    Store& store;
    const Log& log;
  };

  explicit RegisterClerk(Parts parts);

  void run(Errand errand, OnReport on_report) override;
  void on_caught_up(std::function<void()> caught_up) override;
  void bind(const AboutRecord& about, const IndexKey& index, const Binding& binding,
            OnKept on_kept) override;
  void unbind(const IndexKey& index, OnKept on_kept) override;
  void forget(const IndexKey& index, OnKept on_kept) override;
  void forget_all(OnKept on_kept) override;
  void keep(Blocks blocks, OnKept on_kept) override;

  /// Writes everything that is held or was confirmed. On the clerk's loop; at the end of a run.
  void flush();

 private:
  /// What waits to be written about a key.
  struct Held {
    AccessKey key;
    KnowledgePtr knowledge;  ///< Null: nothing new.
    BindingPtr binding;      ///< Null: nothing new.
  };

  void ask(const Errand& errand, const OnReport& on_report);
  template <typename End>
  [[nodiscard]] std::function<void(End)> reporting(const Errand& errand, const OnReport& on_report);
  [[nodiscard]] Report conclude(const Errand& errand, BootTime sent_at, Ending&& ending,
                                const Fact& said);
  void heed_register_clock(const Ending& ending);
  void attest(Timestamp said);
  [[nodiscard]] Fact known_about(const Errand& errand) const;
  [[nodiscard]] Fact kept_about(const Errand& errand) const;
  [[nodiscard]] OnDisk keep(const Errand& errand, const Fact& known, const Fact& fact);
  [[nodiscard]] bool confirm(const Errand& errand, const Fact& fact);
  void hold(const Errand& errand, const Fact& fact);
  [[nodiscard]] bool pins_binding(const Errand& errand, const Fact& known, const Fact& fact);
  void write_bindings();
  void write_blocks();
  void tell(const OnKept& on_kept, const Status& kept);
  void drop_held_binding(const IndexKey& index);
  void write_within(std::chrono::milliseconds delay);
  [[nodiscard]] Status write_held();
  [[nodiscard]] Status write_some_held();
  void note(const Status& written);
  void keep_time();
  [[nodiscard]] bool write_mark();
  void write_ledger();

  const Parts parts_;
  std::unordered_map<IndexKey, Held, IndexKeyHash> held_;  ///< By the key's own index.
  std::unordered_map<IndexKey, StoredDataUser, IndexKeyHash> held_data_users_;
  /// The operator's bindings, which are written at once, and who waits for that.
  std::vector<Store::Entry> bindings_;
  std::vector<OnKept> awaiting_bindings_;
  std::optional<Blocks> blocks_;  ///< To be written.
  std::vector<OnKept> awaiting_blocks_;
  std::function<void()> caught_up_ = [] {};
  Loop::TimerId write_timer_ = 0;
  BootTime write_due_{};
  bool owes_ = false;  ///< Among what is held is bad news that could not be written.
  /// Set while the disk lacks a time mark, which each boot is charged by (I8): at first there is
  /// none of this run.
  std::optional<BootTime> no_grace_from_ = BootTime{};
  bool trouble_said_ = false;
  BootTime ledger_due_;
  bool wrong_clock_said_ = false;
};

}  // namespace akgate
