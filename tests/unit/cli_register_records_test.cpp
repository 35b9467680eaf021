// SPDX-License-Identifier: Apache-2.0
//
// What the command line makes of the register's lists of records.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/own_records.hpp"
#include "cli/register_rows.hpp"
#include "cli/table.hpp"

namespace akgate {
namespace {

std::string key(int number) {
  const std::string digits = std::to_string(number);
  return "ak_" + std::string(24 - digits.size(), '0') + digits;
}

std::string row(int number, std::string_view state = "ACTIVE",
                std::string_view basis = "uk-contract") {
  return R"({"ak":")" + key(number) + R"(","state":")" + std::string(state) +
         R"(","legal-basis":")" + std::string(basis) + R"("})";
}

std::string list_of(const std::vector<std::string>& rows) {
  std::string list;
  for (const std::string& one : rows) list += (list.empty() ? "" : ",") + one;
  return "[" + list + "]";
}

RegisterRows read(const std::vector<std::string>& rows) {
  auto read = RegisterRows::read(R"({"records":)" + list_of(rows) + R"(,"total":1})", "records");
  EXPECT_TRUE(read.ok());
  return std::move(read).value();
}

TEST(RegisterRows, are_merged_by_key_and_the_later_answer_counts) {
  RegisterRows rows = read({row(1), row(2)});
  rows.merge(read({row(2, "REVOKED"), row(3), row(3)}));
  EXPECT_EQ(rows.json(), list_of({row(1), row(2, "REVOKED"), row(3)}));
}

TEST(RegisterRows, are_kept_by_their_own_words_not_by_the_filter_that_was_sent) {
  RegisterRows rows = read({row(1), row(2, "REVOKED"), row(3, "ACTIVE", "uk-consent"),
                            R"({"ak":"ak_4","state":null,"legal-basis":null})", R"({})"});
  rows.keep("", "");
  EXPECT_EQ(rows.size(), 5U);
  rows.keep("ACTIVE", "uk-contract");
  EXPECT_EQ(rows.json(), list_of({row(1)}));
}

TEST(RegisterRows, an_answer_without_a_list_of_records_is_none) {
  for (const char* const body :
       {"", "[]", "{}", R"({"records":{}})", R"({"records":[7]})", R"({"records":null})"}) {
    EXPECT_FALSE(RegisterRows::read(body, "records").ok()) << body;
  }
}

TEST(RegisterRows, are_shown_as_a_table_with_their_keys_and_no_control_characters) {
  const RegisterRows rows = read(
      {R"({"ak":"ak_691df0c788ca043403b7fa90","state":"ACTIVE","legal-basis":"uk-consent",
           "lead-controller-name":"Bright \u001b[2J\u009b","data-types":["HH-EXPORT","TARIFF-IMPORT"],
           "expiry":"2027-11-10T17:07:01.580+01:00"})",
       R"({"ak":"ak_691df0c788ca043403b7fa91","state":"ACTIVE","expiry":null,"data-types":[]})",
       R"({"ak":"ak_691df0c788ca043403b7fa92","state":"DISCOVERED","expiry":null,"legal-basis":7})"});
  EXPECT_EQ(rows.table(200),
            "AK                           STATE       BASIS       LEAD CONTROLLER  DATA TYPES      "
            "          "
            "EXPIRES\n"
            "ak_691df0c788ca043403b7fa90  ACTIVE      uk-consent  Bright ?[2J?     HH-EXPORT, "
            "TARIFF-IMPORT  "
            "2027-11-10T16:07:01Z\n"
            "ak_691df0c788ca043403b7fa91  ACTIVE      -           -                -               "
            "          "
            "never\n"
            "ak_691df0c788ca043403b7fa92  DISCOVERED  -           -                -               "
            "          "
            "-\n");
  EXPECT_EQ(read({}).table(200), "no records\n");
}

TEST(Table, fits_the_width_and_cuts_the_widest_columns_first) {
  constexpr std::array kColumns = {Column{.title = "KEY", .may_be_cut = false},
                                   Column{.title = "NAME"}, Column{.title = "WHERE"}};
  const std::vector<std::vector<std::string>> rows = {
      {"0123456789", "Äpfel & Birnen Ltd", "London"}, {"1", "B", "York"}};
  EXPECT_EQ(format_table(kColumns, rows, 31),
            "KEY         NAME         WHERE\n"
            "0123456789  Äpfel & Bi…  London\n"
            "1           B            York\n");
  EXPECT_EQ(format_table(kColumns, rows, 5),
            "KEY         NAME   WHERE\n"
            "0123456789  Äpfe…  Lond…\n"
            "1           B      York\n");
}

// --- completeness ---

// A register with records 1 to `size`, every third one REVOKED, that cuts at the limit before it
// filters, as the reference server does; or does not filter at all.
struct Register {
  int size;
  bool filters = true;
  std::vector<std::string> asked = {};

  Result<RegisterRows> operator()(const ListFilter& filter) {
    asked.push_back(filter.state + "|" + filter.legal_basis + "|" +
                    std::to_string(filter.limit.value_or(0)));
    std::vector<std::string> rows;
    // Each question finds others first, so that asking more finds more.
    const int first = static_cast<int>(asked.size());
    for (int i = first; i < first + size && rows.size() < filter.limit.value_or(200); ++i) {
      const std::string state = i % 3 == 0 ? "REVOKED" : "ACTIVE";
      if (filters && !filter.state.empty() && filter.state != state) continue;
      rows.push_back(row(i, state));
    }
    return read(rows);
  }
};

OwnRecords gather(Register& of, const ListFilter& filter_wanted) {
  auto own =
      gather_own_records(filter_wanted, [&](const ListFilter& filter) { return of(filter); });
  EXPECT_TRUE(own.ok());
  return std::move(own).value();
}

ListFilter wanted(const char* state, std::optional<std::size_t> limit = std::nullopt) {
  return {.state = state, .legal_basis = "", .limit = limit};
}

using Asked = std::vector<std::string>;

TEST(OwnRecords, fewer_rows_than_the_limit_unfiltered_are_all) {
  Register small{.size = 499};
  const OwnRecords own = gather(small, {});
  EXPECT_TRUE(own.complete);
  EXPECT_EQ(own.rows.size(), 499U);
  EXPECT_EQ(small.asked, Asked{"||500"});
}

TEST(OwnRecords, they_are_all_of_a_filtered_list_too) {
  for (const bool filters : {true, false}) {
    Register small{.size = 6, .filters = filters};
    const OwnRecords own = gather(small, wanted("REVOKED"));
    EXPECT_TRUE(own.complete);
    EXPECT_EQ(own.rows.json(), list_of({row(3, "REVOKED"), row(6, "REVOKED")}));
    EXPECT_EQ(small.asked, Asked{"||500"});
  }
}

TEST(OwnRecords, as_many_rows_as_the_limit_may_not_be_all_though_more_is_asked_for) {
  Register large{.size = 500};
  const OwnRecords own = gather(large, {});
  EXPECT_FALSE(own.complete);
  EXPECT_GT(own.rows.size(), 500U);
  EXPECT_EQ(large.asked,
            (Asked{"||500", "ACTIVE||500", "EXPIRED||500", "REVOKED||500", "DISCOVERED||500",
                   "|uk-consent|500", "|uk-explicit-consent|500", "|uk-legitimate-interests|500",
                   "|uk-public-task|500", "|uk-legal-obligation|500", "|uk-contract|500"}));
}

TEST(OwnRecords, a_filtered_answer_of_few_rows_proves_nothing_once_the_list_was_cut) {
  Register large{.size = 500};
  const OwnRecords own = gather(large, wanted("REVOKED"));
  EXPECT_FALSE(own.complete);
  EXPECT_EQ(large.asked, (Asked{"||500", "REVOKED||500"}));
  Register ignorant{.size = 500, .filters = false};
  EXPECT_EQ(gather(ignorant, wanted("EXPIRED")).rows.size(), 0U);
}

TEST(OwnRecords, a_limit_is_kept_and_proves_nothing_when_it_is_reached) {
  Register enough{.size = 3};
  EXPECT_TRUE(gather(enough, wanted("", 4)).complete);
  Register more{.size = 4};
  const OwnRecords own = gather(more, wanted("", 4));
  EXPECT_FALSE(own.complete);
  EXPECT_EQ(own.rows.size(), 4U);
  EXPECT_EQ(more.asked, Asked{"||4"});
  Register filtered{.size = 4};
  EXPECT_EQ(gather(filtered, wanted("ACTIVE", 2)).rows.size(), 2U);
  EXPECT_EQ(filtered.asked, (Asked{"||2", "ACTIVE||2"}));
}

TEST(OwnRecords, an_error_ends_it) {
  int asked = 0;
  const auto own = gather_own_records({}, [&](const ListFilter&) -> Result<RegisterRows> {
    ++asked;
    return Error("the register cannot answer");
  });
  ASSERT_FALSE(own.ok());
  EXPECT_EQ(own.error().what(), "the register cannot answer");
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace akgate
