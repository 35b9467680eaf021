// SPDX-License-Identifier: Apache-2.0
#include "cache/ledger_file.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "platform/directory.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

using Row = LedgerRow;

constexpr const char* kName = "/ledger";
constexpr std::string_view kLeftBehind = "ledger.tmp-";
constexpr std::uint32_t kOwnerOnly = 0600;

// A piece of the file: the number of the cache's transaction at which it was written, then rows, as
// they stand in memory.
using Transaction = std::uint64_t;
constexpr std::size_t kRowsInPiece = 128;
constexpr std::size_t kPiece = Aead::kOverhead + sizeof(Transaction) + kRowsInPiece * sizeof(Row);

/// What a crash in the midst of writing left behind.
void remove_left_behind(const std::string& directory) {
  Result<std::vector<std::string>> names = list_directory(directory);
  if (!names) return;
  for (const std::string& name : *names) {
    if (!name.starts_with(kLeftBehind)) continue;
    static_cast<void>(std::remove((directory + "/" + name).c_str()));
  }
}

void say_not_believed(const std::string& path, const std::string& why, const Log& log) {
  log.warning("not all that " + path + " says is believed (" + why +
              "): records count as old as they stand in the cache");
}

/// Between those that bound it, where a key would stand if all were evenly spread: they are, being
/// random.
std::uint64_t guess(std::uint64_t key, std::uint64_t least, std::uint64_t greatest,
                    std::uint64_t pieces) {
  const double share =
      greatest > least ? static_cast<double>(key - least) / static_cast<double>(greatest - least)
                       : 0;
  return std::min(static_cast<std::uint64_t>(share * static_cast<double>(pieces)), pieces - 1);
}

}  // namespace

LedgerFile::LedgerFile(std::string path, RandomAccessFile file, std::uint64_t size,
                       std::uint64_t newest)
    : path_(std::move(path)), file_(std::move(file)), size_(size), newest_(newest) {}

std::optional<LedgerFile> LedgerFile::open(const std::string& directory, std::size_t room,
                                           std::uint64_t newest, const Log& log) {
  remove_left_behind(directory);
  std::string path = directory + kName;
  if (!file_exists(path)) return std::nullopt;
  Result<RandomAccessFile> file = RandomAccessFile::open(path);
  const Result<std::uint64_t> size = file ? file->size() : Result<std::uint64_t>(file.error());
  if (!size) {
    say_not_believed(path, size.error().what(), log);
  } else if (*size > (room + kRowsInPiece - 1) / kRowsInPiece * kPiece) {
    say_not_believed(path, "it is longer than " + std::to_string(room) + " records need", log);
  } else {
    return LedgerFile(std::move(path), std::move(*file), *size, newest);
  }
  return std::nullopt;
}

std::uint64_t LedgerFile::pieces() const { return (size_ + kPiece - 1) / kPiece; }

/// Appends its rows; false where it is not believed.
bool LedgerFile::read_piece(std::uint64_t piece, Sealer& sealer, std::vector<Row>& rows) const {
  std::array<std::uint8_t, kPiece> bytes{};
  const std::uint64_t at = piece * kPiece;
  const std::span sealed =
      std::span(bytes).first(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, size_ - at)));
  if (!file_.read(at, sealed)) return false;
  const std::optional<std::string> plain = sealer.open_ledger(
      std::string_view(reinterpret_cast<const char*>(sealed.data()), sealed.size()));
  if (!plain || plain->size() < sizeof(Transaction)) return false;
  Transaction written = 0;
  std::memcpy(&written, plain->data(), sizeof(written));
  const std::size_t count = (plain->size() - sizeof(written)) / sizeof(Row);
  if (written > newest_) return false;
  rows.resize(rows.size() + count);
  std::memcpy(rows.data() + rows.size() - count, plain->data() + sizeof(written),
              count * sizeof(Row));
  return true;
}

std::optional<Row> LedgerFile::find(std::uint64_t key, Sealer& sealer) const {
  constexpr int kMostOpened = 16;  // Of evenly spread ones by far enough.
  std::uint64_t begin = 0;
  std::uint64_t end = pieces();
  std::uint64_t least = 0;
  std::uint64_t greatest = UINT64_MAX;
  std::vector<Row> rows;
  for (int opened = 0; begin < end && opened < kMostOpened; ++opened) {
    const std::uint64_t piece = begin + guess(key, least, greatest, end - begin);
    rows.clear();
    if (!read_piece(piece, sealer, rows) || rows.empty()) return std::nullopt;
    if (key < rows.front().key) {
      end = piece;
      greatest = rows.front().key;
    } else if (key > rows.back().key) {
      begin = piece + 1;
      least = rows.back().key;
    } else {
      const auto place = std::lower_bound(rows.begin(), rows.end(), key, stands_before);
      return place->key == key ? std::optional(*place) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::vector<Row> LedgerFile::read(Sealer& sealer, const Log& log) const {
  const auto by_key = [](const Row& a, const Row& b) { return a.key < b.key; };
  std::vector<Row> rows;
  rows.reserve(static_cast<std::size_t>(pieces() * kRowsInPiece));
  bool believed = size_ > 0;
  for (std::uint64_t piece = 0; piece < pieces(); ++piece) {
    believed = read_piece(piece, sealer, rows) && believed;
  }
  if (!believed) {
    say_not_believed(
        path_, "damaged, made under another device key, or newer than the cache beside it", log);
  }
  if (!std::is_sorted(rows.begin(), rows.end(), by_key))
    std::sort(rows.begin(), rows.end(), by_key);
  return rows;
}

Status write_ledger(const std::string& directory, std::span<const Row> rows,
                    std::uint64_t transaction, Sealer& sealer) {
  std::string file;
  file.reserve((rows.size() / kRowsInPiece + 1) * kPiece);
  do {
    const std::span<const Row> piece = rows.first(std::min(rows.size(), kRowsInPiece));
    rows = rows.subspan(piece.size());
    std::string plain(sizeof(transaction) + piece.size_bytes(), '\0');
    std::memcpy(plain.data(), &transaction, sizeof(transaction));
    if (!piece.empty())
      std::memcpy(plain.data() + sizeof(transaction), piece.data(), piece.size_bytes());
    file.append(sealer.seal_ledger(plain));
  } while (!rows.empty());
  Status written = write_file_atomically(directory + kName, file, kOwnerOnly);
  if (written) return written;
  return std::move(written).error().within("how fresh the records are cannot be kept");
}

}  // namespace akgate
