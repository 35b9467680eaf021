// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace akgate {

/// What goes wrong when this process writes to a file in the way that a cache does. Linked into a
/// program, stands in for the C library's functions there.
struct FailingDisk {
  /// The `errno` of every write and sync, ENOSPC or EROFS say; 0: all is well.
  static int failure;
  /// How many of the next short writes at the beginning of a file are to fail: LMDB's last step of
  /// a commit.
  static int meta_writes;
};

}  // namespace akgate
