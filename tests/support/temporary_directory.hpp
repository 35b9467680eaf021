// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace akgate {

/// A directory of a test's own, gone with it.
class TemporaryDirectory {
 public:
  /// `in_memory`, where that is to be had: for tests that survive a kill, not a power cut, and sync
  /// thousands of times.
  explicit TemporaryDirectory(bool in_memory = false) {
    const std::filesystem::path memory = "/dev/shm";
    std::string pattern =
        (in_memory && std::filesystem::exists(memory) ? memory
                                                      : std::filesystem::temp_directory_path()) /
        "akgate-test-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }

 private:
  std::string path_;
};

}  // namespace akgate
