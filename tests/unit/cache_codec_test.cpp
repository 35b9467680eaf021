// SPDX-License-Identifier: Apache-2.0
#include "cache/codec.hpp"

#include "cache_support.hpp"

namespace akgate {
namespace {

class Any {
 public:
  explicit Any(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool coin() { return below(2) == 0; }

  std::string text(std::size_t at_most) {
    std::string text(below(at_most + 1), '\0');
    for (char& c : text) c = static_cast<char>(below(256));
    return text;
  }

  Timestamp instant() {
    return Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(random_()) / 4));
  }

  StoredRecord record() {
    StoredRecord stored{.key = access_key(random_()), .knowledge = Knowledge{}, .binding = {}};
    stored.knowledge->as_of = instant();
    stored.knowledge->transaction_id = text(40);
    if (below(5) == 0) return stored;
    AccessRecord& record = stored.knowledge->record.emplace();
    record.state = static_cast<State>(below(6));
    record.revoked_at_set = coin();
    record.expiry.kind = static_cast<Expiry::Kind>(below(3));
    if (record.expiry.kind == Expiry::Kind::at) record.expiry.at = instant();
    record.legal_basis = static_cast<LegalBasis>(below(8));
    record.consent_type = static_cast<ConsentType>(below(3));
    record.arrangement = static_cast<Arrangement>(below(3));
    for (std::uint64_t i = below(4); i > 0; --i) record.controllers.push_back(text(200));
    if (!record.controllers.empty() && coin()) record.lead = below(record.controllers.size());
    record.lead_has_lia_reference = coin();
    record.lead_has_statutory_reference = coin();
    static constexpr std::array kTypes = {"HH-CONSUMPTION",     "HH-EXPORT",     "MTH-CONSUMPTION",
                                          "MTH-EXPORT",         "ANNUAL-EXPORT", "TARIFF-IMPORT",
                                          "ANNUAL-CONSUMPTION", "TARIFF-EXPORT", "hh-export"};
    for (const char* type : kTypes) {
      if (coin()) static_cast<void>(record.data_types.add(type));
    }
    for (std::uint64_t i = below(3); i > 0; --i) {
      static_cast<void>(record.data_types.add(text(DataTypes::kMaxLength)));
    }
    record.identity_record_ref = text(30);
    record.duid = text(30);
    record.complete = coin();
    if (coin()) stored.binding = binding();
    if (stored.binding && below(5) == 0) stored.knowledge.reset();
    return stored;
  }

  Binding binding() {
    Binding made{.mpxn = *Mpxn::parse(std::to_string(1'000'000 + below(1'000'000'000))),
                 .word = static_cast<Binding::Word>(below(3)),
                 .identity_record_ref = {},
                 .as_of = instant(),
                 .transaction_id = text(64)};
    if (coin()) made.identity_record_ref = text(30);
    return made;
  }

  StoredDataUser data_user() {
    const std::string tail = std::to_string(random_());
    return {.duid = *Duid::parse("duid_" + tail),
            .standing = {.status = static_cast<DataUserStatus>(below(5)),
                         .as_of = instant(),
                         .transaction_id = text(64)}};
  }

 private:
  std::mt19937_64 random_;
};

std::string encoded(const StoredRecord& record) {
  return std::string(encode_record(record).reveal());
}

TEST(Codec, what_goes_in_comes_out) {
  Any any(1);
  for (int i = 0; i < 5000; ++i) {
    const StoredRecord record = any.record();
    const std::optional<StoredRecord> back = decode_record(encoded(record));
    ASSERT_TRUE(back) << i;
    ASSERT_EQ(*back, record) << i;
  }
}

TEST(Codec, data_users_come_out_as_they_went_in_or_not_at_all) {
  Any any(6);
  for (int i = 0; i < 500; ++i) {
    const StoredDataUser data_user = any.data_user();
    const std::string good = encode_data_user(data_user);
    const std::optional<StoredDataUser> back = decode_data_user(good);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->duid, data_user.duid);
    ASSERT_EQ(back->standing, data_user.standing);
    for (std::size_t size = 0; size < good.size(); ++size) {
      ASSERT_FALSE(decode_data_user(good.substr(0, size))) << size;
    }
    ASSERT_FALSE(decode_data_user(good + '\0'));
  }
}

TEST(Codec, I7_altered_bytes_are_refused_or_mean_exactly_what_they_say) {
  Any any(2);
  std::size_t refused = 0;
  std::size_t tried = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string good = encoded(any.record());
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ static_cast<char>(1 + any.below(255)));
      const std::optional<StoredRecord> read = decode_record(bad);
      ++tried;
      if (!read) {
        ++refused;
      } else {
        ASSERT_EQ(encoded(*read), bad);
      }
    }
  }
  EXPECT_GT(refused, 0U);
  EXPECT_LT(refused, tried);
}

TEST(Codec, I7_cut_or_lengthened_bytes_are_refused) {
  Any any(3);
  for (int i = 0; i < 100; ++i) {
    const std::string good = encoded(any.record());
    for (std::size_t size = 0; size < good.size(); ++size) {
      ASSERT_FALSE(decode_record(good.substr(0, size))) << size;
    }
    ASSERT_FALSE(decode_record(good + '\0'));
    ASSERT_FALSE(decode_record(good + good));
  }
}

TEST(Codec, I7_noise_is_refused_without_a_crash) {
  Any any(4);
  for (int i = 0; i < 20'000; ++i) {
    std::string noise = any.text(200);
    if (!noise.empty()) noise[0] = static_cast<char>(kFormatVersion);
    const std::optional<StoredRecord> read = decode_record(noise);
    if (read) {
      ASSERT_EQ(encoded(*read), noise);
    }
    const std::optional<TimeMark> mark = decode_time_mark(noise);
    if (mark) {
      ASSERT_EQ(encode_time_mark(*mark), noise);
    }
  }
}

TEST(Codec, typical_record_is_small) { EXPECT_LE(encoded(active(1)).size(), 120U); }

TEST(Codec, I1_record_too_large_to_keep_is_kept_as_one_that_cannot_allow) {
  StoredRecord huge = active(1);
  huge.knowledge->record->controllers.assign(1000, std::string(100, 'x'));
  ASSERT_LE(encoded(huge).size(), kMaxEncodedRecord);
  const std::optional<StoredRecord> kept = decode_record(encoded(huge));
  ASSERT_TRUE(kept && kept->knowledge->record);
  EXPECT_FALSE(kept->knowledge->record->complete);
  EXPECT_EQ(kept->knowledge->record->state, State::active);
  EXPECT_EQ(kept->knowledge->record->expiry, huge.knowledge->record->expiry);
  EXPECT_EQ(kept->knowledge->as_of, huge.knowledge->as_of);

  StoredRecord denied = revoked(1);
  denied.knowledge->transaction_id.assign(100'000, 't');
  const std::optional<StoredRecord> still_denied = decode_record(encoded(denied));
  ASSERT_TRUE(still_denied && still_denied->knowledge->record);
  EXPECT_EQ(still_denied->knowledge->record->state, State::revoked);
  EXPECT_TRUE(still_denied->knowledge->record->revoked_at_set);
}

TEST(Codec, largest_record_that_is_kept_whole_fits) {
  std::size_t whole = 0;
  for (std::size_t length = 1; length < 2000; ++length) {
    StoredRecord large = active(1);
    large.knowledge->record->controllers.assign(1, std::string(length, 'x'));
    ASSERT_LE(encoded(large).size(), kMaxEncodedRecord);
    const std::optional<StoredRecord> kept = decode_record(encoded(large));
    ASSERT_TRUE(kept) << length;
    if (*kept == large) ++whole;
  }
  EXPECT_GT(whole, 1400U);
}

TEST(Codec, time_mark_goes_in_and_comes_out) {
  const TimeMark mark{.at = minute(3),
                      .boot_id = "e5b6c1d2-0000-4000-8000-000000000000",
                      .boot_time = std::chrono::milliseconds(123'456'789),
                      .unaccounted = std::chrono::hours(5),
                      .trusted = false};
  EXPECT_EQ(decode_time_mark(encode_time_mark(mark)), mark);
  const std::string good = encode_time_mark(mark);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(decode_time_mark(good.substr(0, size)));
  }
  EXPECT_FALSE(decode_time_mark(good + '\0'));
}

}  // namespace
}  // namespace akgate
