// SPDX-License-Identifier: Apache-2.0
#include "cache/blocks.hpp"

#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "base/assert.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

constexpr std::array kNames = {"/blocked.1", "/blocked.2"};
constexpr std::uint32_t kOwnerOnly = 0600;
constexpr std::size_t kIndexBytes = sizeof(IndexKey::bytes);
constexpr std::size_t kMostBytes = Blocks::kMost * kIndexBytes + 128;

}  // namespace

Blocks Blocks::lost() {
  Blocks blocks;
  blocks.is_lost_ = true;
  return blocks;
}

bool Blocks::add(const IndexKey& index) {
  if (indices_.size() >= kMost && !indices_.contains(index)) return false;
  if (indices_.insert(index).second) ++version_;
  return true;
}

void Blocks::remove(const IndexKey& index) {
  if (indices_.erase(index) > 0) ++version_;
}

// The version, then the indices.
Blocks read_blocks(const std::string& directory, Sealer& sealer, const Log& log) {
  const auto read = [&](const std::string& path) -> std::optional<Blocks> {
    const Result<std::string> file = read_trusted_file(path, {.value = kMostBytes});
    const auto plain = file ? sealer.open_blocks(*file) : std::nullopt;
    Blocks blocks;
    if (!plain || plain->size() % kIndexBytes != sizeof(blocks.version_)) return std::nullopt;
    std::memcpy(&blocks.version_, plain->data(), sizeof(blocks.version_));
    for (std::size_t at = sizeof(blocks.version_); at < plain->size(); at += kIndexBytes) {
      IndexKey index;
      std::memcpy(index.bytes.data(), plain->data() + at, kIndexBytes);
      blocks.indices_.insert(index);
    }
    return blocks;
  };
  std::optional<Blocks> newest;
  bool damaged = false;
  for (const char* const name : kNames) {
    const std::string path = directory + name;
    if (!file_exists(path)) continue;
    std::optional<Blocks> blocks = read(path);
    if (!blocks) {
      damaged = true;
      log.warning(path +
                  " is damaged or was made under another device key; the other one counts, if it "
                  "is whole");
    } else if (!newest || newest->version_ < blocks->version_) {
      newest = std::move(blocks);
    }
  }
  if (newest) return *std::move(newest);
  if (!damaged) return {};
  log.error(
      "nobody knows any more what the operator has blocked, so everything is denied; to end "
      "that, remove " +
      directory + kNames[0] + " and " + directory + kNames[1] +
      ", restart akgated, and block again what must be blocked");
  return Blocks::lost();
}

Status write_blocks(const std::string& directory, const Blocks& blocks, Sealer& sealer) {
  AKGATE_ASSERT(!blocks.is_lost());
  std::string plain(sizeof(blocks.version_), '\0');
  std::memcpy(plain.data(), &blocks.version_, sizeof(blocks.version_));
  for (const IndexKey& index : blocks.indices_) plain.append(index.view());
  for (const char* const name : kNames) {
    Status written = write_file_atomically(directory + name, sealer.seal_blocks(plain), kOwnerOnly);
    if (!written) return std::move(written).error().within("what is blocked cannot be kept");
  }
  return Done{};
}

}  // namespace akgate
