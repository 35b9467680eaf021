// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.hpp"
#include "cache/blocks.hpp"
#include "cache/keys.hpp"
#include "refresh/fact.hpp"
#include "register/outcome.hpp"

namespace akgate {

/// What the desk asks the clerk to find out.
struct Errand {
  Subject subject;
  IndexKey index;
  Fact known;  ///< What the desk knows now.
};

/// What the disk has of what is known. Where that is an older word, or none, it catches up later:
/// Clerk::on_caught_up().
enum class OnDisk : std::uint8_t {
  up_to_date,  ///< Or will not get this: it is not worth keeping, is said again for want of room,
               ///< or too much waits for a disk that fails.
  lacks_good,  ///< Good news, which waits for company.
  lacks_bad,   ///< Bad news that could not be made durable: must not be forgotten (I5).
};

/// What came of it.
struct Report {
  IndexKey index;
  Ending ending;
  Fact fact;  ///< What to go by from now on; nothing where the ending is no knowledge.
  OnDisk on_disk = OnDisk::up_to_date;  ///< It counts all the same.
  /// Bad news (I5) or a time mark (I8), of now or earlier, waits to be made durable: no grace until
  /// that is done.
  bool disk_owes = false;
};

/// The desk's view of the clerk: one errand, one report. All calls return at once; what they are
/// given is called exactly once, later, on the desk's loop.
class Clerk {
 public:
  using OnReport = std::function<void(Report)>;
  using OnKept = std::function<void(const Status&)>;

  virtual ~Clerk() = default;

  virtual void run(Errand errand, OnReport on_report) = 0;
  /// From now on called on the desk's loop whenever the disk is up to date with all that was
  /// reported.
  virtual void on_caught_up(std::function<void()> caught_up) = 0;

  /// Keeps the operator's word about a key; `on_kept` when it is durable. Many at once cost one
  /// write.
  virtual void bind(const AboutRecord& about, const IndexKey& index, const Binding& binding,
                    OnKept on_kept) = 0;
  /// Forgets what ties the key to a meter point.
  virtual void unbind(const IndexKey& index, OnKept on_kept) = 0;

  /// Forgets all that is known of the key: on disk, and what is held for it. Nothing about it is to
  /// be under way.
  virtual void forget(const IndexKey& index, OnKept on_kept) = 0;
  /// The same for all keys, meter points and Data Users.
  virtual void forget_all(OnKept on_kept) = 0;
  /// Keeps what is blocked from now on. Many at once cost one write, of the last.
  virtual void keep(Blocks blocks, OnKept on_kept) = 0;
};

}  // namespace akgate
