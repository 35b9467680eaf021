// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "platform/fd.hpp"

namespace akgate {

/// A file that grows and that its one writer may cut again. One thread at a time.
class WritableFile {
 public:
  /// It must exist; a symbolic link is refused.
  [[nodiscard]] static Result<WritableFile> open(const std::string& path);

  /// After an error any part of it may stand there: write it again, or cut it off.
  [[nodiscard]] Status write(std::uint64_t offset, std::string_view bytes);

  /// Makes content and size durable. After an error what was written since the last success may be
  /// lost without another word (the system forgets it): write it again.
  [[nodiscard]] Status sync();

  /// Drops what lies behind `size`.
  [[nodiscard]] Status cut(std::uint64_t size);

 private:
  WritableFile(Fd file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  Fd file_;
  std::string path_;
};

/// Removes a file; that it is gone is not made durable.
[[nodiscard]] Status remove_file(const std::string& path);

}  // namespace akgate
