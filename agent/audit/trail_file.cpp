// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_file.hpp"

#include <algorithm>

#include "audit/block.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "base/wire.hpp"
#include "platform/directory.hpp"

namespace akgate {

namespace {

constexpr std::string_view kMagic = "AKTRAIL1";
constexpr std::string_view kEnding = ".trail";
// So that the names sort as the numbers do.
constexpr std::size_t kDigits = 10;

constexpr std::uint64_t kLargestFile = 4ULL * 1024 * 1024;
// A sixteenth of what there is: no more than that is lost at once when the oldest goes.
constexpr std::uint64_t kFilesInAll = 16;
constexpr std::uint64_t kDenialsShare = 4;

// What gathers while a write is under way. Denials of one span between syncs have little room
// beyond which they are folded: no flood of them wears the flash.
constexpr std::size_t kMostAllows = 256 * 1024;
constexpr std::size_t kMostDenials = 32 * 1024;

std::string_view view_of(const AuditMac& mac) {
  return {reinterpret_cast<const char*>(mac.data()), mac.size()};
}

// 8 bytes, the lowest first.
void put_number(WireWriter& out, std::uint64_t number) {
  out.milliseconds(std::chrono::milliseconds(static_cast<std::int64_t>(number)));
}
std::uint64_t take_number(WireReader& in) {
  return static_cast<std::uint64_t>(in.milliseconds().count());
}

}  // namespace

std::string encode_file_head(const AuditKeys& keys, const FileHead& head) {
  WireWriter out(kFileHeadBytes);
  out.raw(kMagic);
  out.byte(static_cast<std::uint8_t>(head.room));
  put_number(out, head.number);
  put_number(out, head.oldest);
  put_number(out, head.before.sequence);
  out.raw(view_of(head.before.seal));
  std::string bytes = std::move(out).take();
  return bytes.append(view_of(keys.mac(bytes)));
}

std::optional<FileHead> decode_file_head(const AuditKeys& keys, std::string_view bytes) {
  WireReader in(bytes);
  const bool ours = in.raw(kMagic.size()) == kMagic;
  FileHead head{.room = static_cast<AuditRoom>(in.byte()),
                .number = take_number(in),
                .oldest = take_number(in),
                .before = {.sequence = take_number(in), .seal = {}}};
  const std::string_view seal = in.raw(head.before.seal.size());
  std::copy(seal.begin(), seal.end(), head.before.seal.begin());
  if (!ours || !in.ok()) return std::nullopt;
  const std::string_view signed_part = bytes.substr(0, bytes.size() - in.rest().size());
  if (!equal_in_constant_time(in.rest(), view_of(keys.mac(signed_part)))) return std::nullopt;
  return head;
}

std::string trail_file_name(AuditRoom room, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  const std::size_t zeros = kDigits - std::min(digits.size(), kDigits);
  return std::string(to_string(room)) + "-" + std::string(zeros, '0') + digits +
         std::string(kEnding);
}

Result<std::vector<std::uint64_t>> list_trail_files(const std::string& directory, AuditRoom room) {
  Result<std::vector<std::string>> names = list_directory(directory);
  if (!names) return std::move(names).error();
  std::vector<std::uint64_t> numbers;
  const std::string start = std::string(to_string(room)) + "-";
  for (const std::string& name : *names) {
    if (!name.starts_with(start) || !name.ends_with(kEnding)) continue;
    const auto number = parse_number(
        std::string_view(name).substr(start.size(), name.size() - start.size() - kEnding.size()));
    if (number && trail_file_name(room, *number) == name) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

RoomBounds bounds_of(AuditRoom room, std::uint64_t max_bytes) {
  const std::uint64_t file_bytes = std::min(max_bytes / kFilesInAll, kLargestFile);
  const std::uint64_t of_denials = max_bytes / kDenialsShare;
  const std::uint64_t share = room == AuditRoom::denials ? of_denials : max_bytes - of_denials;
  return {.file_bytes = file_bytes, .files = share / file_bytes};
}

std::size_t max_batch_bytes(AuditRoom room, std::uint64_t max_bytes) {
  const std::uint64_t most = room == AuditRoom::denials ? kMostDenials : kMostAllows;
  const std::uint64_t fits =
      bounds_of(room, max_bytes).file_bytes - kFileHeadBytes - kBlockOverhead;
  return static_cast<std::size_t>(std::min(most, fits));
}

}  // namespace akgate
