// SPDX-License-Identifier: Apache-2.0
#include "audit/export_cursor.hpp"

#include <string_view>

#include "platform/file.hpp"

namespace akgate {

namespace {

constexpr const char* kName = "/export-cursor";
constexpr std::string_view kStart = "akgate-export-1 ";
constexpr MaxBytes kMaxFileBytes{.value = 256};
constexpr std::uint32_t kOwnerOnly = 0600;

}  // namespace

Result<std::optional<AuditHead>> read_export_cursor(const std::string& directory) {
  const std::string path = directory + kName;
  if (!file_exists(path)) return std::optional<AuditHead>();
  const Result<std::string> content = read_trusted_file(path, kMaxFileBytes);
  if (!content) return content.error();
  std::string_view line = *content;
  if (line.ends_with('\n')) line.remove_suffix(1);
  const auto head =
      line.starts_with(kStart) ? AuditHead::parse(line.substr(kStart.size())) : std::nullopt;
  if (!head) return Error("cannot use " + path + ": it is damaged; remove it to export all anew");
  return head;
}

Status write_export_cursor(const std::string& directory, const AuditHead& head) {
  return write_file_atomically(directory + kName, std::string(kStart) + head.to_text() + "\n",
                               kOwnerOnly);
}

}  // namespace akgate
