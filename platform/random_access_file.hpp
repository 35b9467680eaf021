// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "platform/fd.hpp"

namespace akgate {

/// A file that is read at any place without being mapped into memory: a bad block or a cut end is a
/// read that fails here, where a mapping would raise a signal. Any thread.
class RandomAccessFile {
 public:
  [[nodiscard]] static Result<RandomAccessFile> open(const std::string& path);

  [[nodiscard]] Result<std::uint64_t> size() const;

  /// Fills all of `out` from `offset` on; false where the file ends before that or a block of it
  /// cannot be read.
  [[nodiscard]] bool read(std::uint64_t offset, std::span<std::uint8_t> out) const;

  /// Says that all of the file will be read soon, so that the system fetches it in long stretches.
  void expect_full_read() const;

 private:
  RandomAccessFile(Fd file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  Fd file_;
  std::string path_;
};

}  // namespace akgate
