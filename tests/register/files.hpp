// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace akgate::sandbox {

/// The whole of a file; the error says which file and why.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);

/// Puts the text in place of the file in one step: a reader, or a start after kill -9, finds the
/// old text or the new. It is not synced: a sandbox need not outlive a power cut. Readable by the
/// owner alone.
[[nodiscard]] Status write_file(const std::filesystem::path& path, std::string_view text);

/// Small JSON texts under names, one file each; with an empty path they are kept by nobody.
class Folder {
 public:
  /// Makes the directory where it is missing.
  [[nodiscard]] static Result<Folder> open(std::filesystem::path path);

  [[nodiscard]] Status save(std::string_view name, std::string_view text) const;
  /// Calls `take` with each text that was saved, in no certain order; stops at the first error.
  [[nodiscard]] Status load(const std::function<Status(const std::string& text)>& take) const;

 private:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace akgate::sandbox
