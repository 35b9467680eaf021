// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "platform/fd.hpp"

namespace akgate {

/// How many bytes of a file we are ready to read.
struct MaxBytes {
  std::size_t value;
};

/// A file that only its owner (us or root) may write: a configuration, a CA bundle. Refused, with a
/// sentence that says how to mend it, when group or others may write it, when it is missing, no
/// regular file, or longer than the bound. A symbolic link is followed: what counts is the file.
[[nodiscard]] Result<std::string> read_trusted_file(const std::string& path, MaxBytes at_most);

/// The same for a file with a secret, which others may not even read (group may not either, unless
/// the file is root's). It is text: line ends at its end are cut off; an empty one is refused. No
/// copy stays in memory.
[[nodiscard]] Result<Secret> read_secret_file(const std::string& path, MaxBytes at_most);

/// Whether there is anything under that name.
[[nodiscard]] bool file_exists(const std::string& path);

/// Writes a new file, durable before it has its name; what stood there is replaced as a whole or
/// not at all.
[[nodiscard]] Status write_file_atomically(const std::string& path, std::string_view content,
                                           std::uint32_t mode);

/// Makes the directory and the missing ones above it, each with the mode given. It may exist
/// already; then it must be a directory that we can write to.
[[nodiscard]] Status make_directories(const std::string& path, std::uint32_t mode);

/// Renames; an error where the target exists (it is never overwritten).
[[nodiscard]] Status rename_aside(const std::string& from, const std::string& to);

/// Makes changes of names in this directory durable.
[[nodiscard]] Status sync_directory(const std::string& path);

/// An exclusive lock on a file that is made where missing (mode 0600), held while the descriptor
/// lives; an error where somebody else holds it.
[[nodiscard]] Result<Fd> lock_file(const std::string& path);

}  // namespace akgate
