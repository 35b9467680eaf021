// SPDX-License-Identifier: Apache-2.0
#include "cache/ledger.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "base/assert.hpp"

namespace akgate {

namespace {

using Row = LedgerRow;

bool by_key(const Row& a, const Row& b) { return a.key < b.key; }

/// The row of that key among `rows`; their end where there is none.
template <typename Rows>
auto find_in(Rows& rows, std::uint64_t key) {
  const auto place = std::lower_bound(rows.begin(), rows.end(), key, stands_before);
  return place != rows.end() && place->key == key ? place : rows.end();
}

}  // namespace

void Ledger::confirm(const Row& row) {
  AKGATE_ASSERT(row.seconds != 0);
  if (!find(row.key) && rows_.size() + news_.size() >= room_) drop_oldest();
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
  news_.insert(std::lower_bound(news_.begin(), news_.end(), row.key, stands_before), row);
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
    const std::uint64_t key = Row::key_of(seal, part);
    if (const auto place = find_in(rows_, key); place != rows_.end()) place->seconds = 0;
    if (const auto recent = find_in(news_, key); recent != news_.end()) news_.erase(recent);
  }
}

std::optional<Row> Ledger::find(std::uint64_t key) const {
  if (const auto recent = find_in(news_, key); recent != news_.end()) return *recent;
  const auto place = find_in(rows_, key);
  return place != rows_.end() && place->seconds != 0 ? std::optional(*place) : std::nullopt;
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

}  // namespace akgate
