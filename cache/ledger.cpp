// SPDX-License-Identifier: Apache-2.0
#include "cache/ledger.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <optional>
#include <type_traits>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "base/wire.hpp"
#include "platform/directory.hpp"
#include "platform/file.hpp"
#include "platform/random_access_file.hpp"

namespace akgate {

using std::chrono::seconds;

namespace {

using Row = Ledger::Row;

constexpr const char* kName = "/ledger";
constexpr std::string_view kLeftBehind = "ledger.tmp-";
constexpr std::uint32_t kOwnerOnly = 0600;
constexpr Timestamp kEpoch = std::chrono::sys_days{std::chrono::year{2020} / 1 / 1};
constexpr std::string_view kIdStart = "tid_";

// A piece of the file: the number of the cache's transaction at which it was written, then rows, as
// they stand in memory.
using Transaction = std::uint64_t;
constexpr std::size_t kRowsInPiece = 128;
constexpr std::size_t kPiece = Aead::kOverhead + sizeof(Transaction) + kRowsInPiece * sizeof(Row);
static_assert(sizeof(Row) == 24 && std::is_trivially_copyable_v<Row>);

bool before(const Row& row, std::uint64_t key) { return row.key < key; }
bool by_key(const Row& a, const Row& b) { return a.key < b.key; }

std::uint64_t key_of(SealId seal, Ledger::Part part) {
  return seal ^ static_cast<std::uint64_t>(part);
}

/// The row of that key among `rows`; their end where there is none.
template <typename Rows>
auto find_in(Rows& rows, std::uint64_t key) {
  const auto place = std::lower_bound(rows.begin(), rows.end(), key, before);
  return place != rows.end() && place->key == key ? place : rows.end();
}

std::int64_t since_epoch(Timestamp at) { return std::chrono::floor<seconds>(at - kEpoch).count(); }

/// What a crash in the midst of writing left behind.
void remove_left_behind(const std::string& directory) {
  Result<std::vector<std::string>> names = list_directory(directory);
  if (!names) return;
  for (const std::string& name : *names) {
    if (!name.starts_with(kLeftBehind)) continue;
    static_cast<void>(std::remove((directory + "/" + name).c_str()));
  }
}

/// False where the piece is none of ours, or from after `newest`.
bool read_piece(std::string_view sealed, Transaction newest, Sealer& sealer,
                std::vector<Row>& rows) {
  const std::optional<std::string> plain = sealer.open_ledger(sealed);
  if (!plain || plain->size() < sizeof(Transaction)) return false;
  Transaction written = 0;
  std::memcpy(&written, plain->data(), sizeof(written));
  const std::size_t count = (plain->size() - sizeof(written)) / sizeof(Row);
  if (written > newest) return false;
  rows.resize(rows.size() + count);
  std::memcpy(rows.data() + rows.size() - count, plain->data() + sizeof(written),
              count * sizeof(Row));
  return true;
}

/// Takes its rows from all pieces that are believed; false where one is not. A stretch at a time: a
/// start waits for it, and memory for a second copy of the whole would take longer than reading it.
bool read_pieces(const RandomAccessFile& file, std::uint64_t size, Transaction newest,
                 Sealer& sealer, std::vector<Row>& rows) {
  constexpr std::uint64_t kStretch = 16 * kPiece;
  bool believed = size > 0;
  std::vector<std::uint8_t> stretch(static_cast<std::size_t>(std::min(size, kStretch)));
  for (std::uint64_t at = 0; at < size; at += stretch.size()) {
    stretch.resize(static_cast<std::size_t>(std::min<std::uint64_t>(stretch.size(), size - at)));
    if (!file.read(at, stretch)) {
      believed = false;
      continue;
    }
    for (std::string_view rest(reinterpret_cast<const char*>(stretch.data()), stretch.size());
         !rest.empty(); rest.remove_prefix(std::min(kPiece, rest.size()))) {
      believed = read_piece(rest.substr(0, kPiece), newest, sealer, rows) && believed;
    }
  }
  return believed;
}

/// The same of the whole file; an error where it cannot be read, or is longer than it can be.
Result<bool> read_file(const std::string& path, std::size_t room, Transaction newest,
                       Sealer& sealer, std::vector<Row>& rows) {
  const Result<RandomAccessFile> file = RandomAccessFile::open(path);
  if (!file) return file.error();
  const Result<std::uint64_t> size = file->size();
  if (!size) return size.error();
  if (*size > (room + kRowsInPiece - 1) / kRowsInPiece * kPiece)
    return Error("it is longer than " + std::to_string(room) + " records need");
  rows.reserve(static_cast<std::size_t>(*size / sizeof(Row)));
  return read_pieces(*file, *size, newest, sealer, rows);
}

}  // namespace

SealId seal_id(std::string_view sealed) {
  SealId id = 0;
  if (sealed.size() >= sizeof(id)) std::memcpy(&id, sealed.data(), sizeof(id));
  return id;
}

bool Ledger::can_hold(Timestamp as_of, std::string_view transaction_id) {
  Row row;
  const std::int64_t when = since_epoch(as_of);
  return when > 0 && when <= std::int64_t{UINT32_MAX} && transaction_id.starts_with(kIdStart) &&
         from_hex(transaction_id.substr(kIdStart.size()), row.id);
}

void Ledger::confirm(SealId seal, Part part, Timestamp as_of, std::string_view transaction_id) {
  AKGATE_ASSERT(can_hold(as_of, transaction_id));
  Row row{.key = key_of(seal, part), .seconds = static_cast<std::uint32_t>(since_epoch(as_of))};
  static_cast<void>(from_hex(transaction_id.substr(kIdStart.size()), row.id));
  if (find(row.key) == nullptr && rows_.size() + news_.size() >= room_) drop_oldest();
  if (const auto place = find_in(rows_, row.key); place != rows_.end()) {
    *place = row;
  } else if (const auto recent = find_in(news_, row.key); recent != news_.end()) {
    *recent = row;
  } else {
    add(row);
  }
}

void Ledger::add(const Row& row) {
  constexpr std::size_t kMostNews = 1024;
  if (news_.size() >= kMostNews) take_up_news();
  news_.insert(std::lower_bound(news_.begin(), news_.end(), row.key, before), row);
}

void Ledger::take_up_news() {
  const auto old = static_cast<std::ptrdiff_t>(rows_.size());
  // Not twice the room at a time: there may be hundreds of thousands.
  if (rows_.capacity() < rows_.size() + news_.size()) {
    rows_.reserve(rows_.size() + news_.size() + rows_.size() / 8);
  }
  rows_.insert(rows_.end(), news_.begin(), news_.end());
  std::inplace_merge(rows_.begin(), rows_.begin() + old, rows_.end(), by_key);
  news_.clear();
}

void Ledger::drop_seal(SealId seal) {
  for (const Part part : {Part::knowledge, Part::binding, Part::data_user}) {
    const std::uint64_t key = key_of(seal, part);
    if (const auto place = find_in(rows_, key); place != rows_.end()) place->seconds = 0;
    if (const auto recent = find_in(news_, key); recent != news_.end()) news_.erase(recent);
  }
}

const Row* Ledger::find(std::uint64_t key) const {
  if (const auto recent = find_in(news_, key); recent != news_.end()) return &*recent;
  const auto place = find_in(rows_, key);
  return place != rows_.end() && place->seconds != 0 ? &*place : nullptr;
}

template <typename Known>
void Ledger::freshen_part(SealId seal, Part part, Known& known) const {
  const Row* const row = find(key_of(seal, part));
  if (row == nullptr) return;
  known.as_of = kEpoch + seconds(row->seconds);
  known.transaction_id = std::string(kIdStart).append(to_hex(row->id));
}

void Ledger::freshen(SealId seal, StoredRecord& record) const {
  if (record.knowledge) freshen_part(seal, Part::knowledge, *record.knowledge);
  if (record.binding) freshen_part(seal, Part::binding, *record.binding);
}

void Ledger::freshen(SealId seal, StoredDataUser& data_user) const {
  freshen_part(seal, Part::data_user, data_user.standing);
}

std::vector<Row> Ledger::rows() const {
  std::vector<Row> all;
  all.reserve(rows_.size() + news_.size());
  std::merge(rows_.begin(), rows_.end(), news_.begin(), news_.end(), std::back_inserter(all),
             by_key);
  std::erase_if(all, [](const Row& row) { return row.seconds == 0; });
  return all;
}

// An eighth of them at once, so that each new one costs little.
void Ledger::drop_oldest() {
  std::vector<Row> all = rows();
  const auto last =
      all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), room_ - room_ / 8 - 1));
  std::nth_element(all.begin(), last, all.end(),
                   [](const Row& a, const Row& b) { return a.seconds > b.seconds; });
  all.erase(last, all.end());
  std::sort(all.begin(), all.end(), by_key);
  *this = Ledger(room_, std::move(all));
}

Ledger read_ledger(const std::string& directory, std::size_t room, std::uint64_t newest,
                   Sealer& sealer, const Log& log) {
  remove_left_behind(directory);
  const std::string path = directory + kName;
  if (!file_exists(path)) return Ledger(room);
  std::vector<Row> rows;
  const Result<bool> believed = read_file(path, room, newest, sealer, rows);
  if (!believed || !*believed) {
    log.warning("not all that " + path + " says is believed (" +
                (believed
                     ? "damaged, made under another device key, or newer than the cache beside it"
                     : believed.error().what()) +
                "): records count as old as they stand in the cache");
  }
  if (!std::is_sorted(rows.begin(), rows.end(), by_key))
    std::sort(rows.begin(), rows.end(), by_key);
  return Ledger(room, std::move(rows));
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
