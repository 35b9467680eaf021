// SPDX-License-Identifier: Apache-2.0
//
// What the command line lets out.

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "cli/access_key_argument.hpp"
#include "cli/console.hpp"
#include "cli/register_show.hpp"

namespace akgate {
namespace {

std::string reprint(std::string_view json) {
  const Result<JsonDocument> document = JsonDocument::parse(json);
  EXPECT_TRUE(document.ok());
  return json_text(document->root());
}

TEST(JsonText, is_the_same_document_in_one_line) {
  EXPECT_EQ(reprint(R"( { "a" : [ 1, -2.5, 1e3, true, false, null, [], {} ],
                          "b\"\\" : "\u00e9\n" } )"),
            R"({"a":[1,-2.5,1000,true,false,null,[],{}],"b\"\\":"é\u000a"})");
}

TEST(JsonText, I9_hides_access_keys_however_they_are_written) {
  EXPECT_EQ(
      reprint(
          R"({ "ak_0123456789abcdef01234567": "/v1/access-records/\u0061k_0123456789abcdef01234567?x",
                         "b": "ak_ak_0123456789abcdef01234567ak_", "c": "ak_0123" })"),
      R"j({"ak_(hidden)":"/v1/access-records/ak_(hidden)?x","b":"ak_ak_(hidden)ak_","c":"ak_0123"})j");
}

TEST(ProcessList, I9_shows_no_access_key_and_no_token) {
  std::string command = "meter-point";
  std::string key = "ak_0123456789abcdef01234567";
  std::string option = "--reidentification-token";
  std::string value = "rt_1";
  std::string both = "--reidentification-token=rt_1";
  std::string state = "--state";
  const std::array<char*, 6> arguments = {command.data(), key.data(),  option.data(),
                                          value.data(),   both.data(), state.data()};
  hide_secrets_from_process_list(arguments);
  EXPECT_EQ(command, "meter-point");
  EXPECT_EQ(key, std::string(key.size(), '\0'));
  EXPECT_EQ(option, "--reidentification-token");
  EXPECT_EQ(value, std::string(value.size(), '\0'));
  EXPECT_EQ(both, std::string(both.size(), '\0'));
  EXPECT_EQ(state, "--state");
}

VerifyOutcome active_record() {
  VerifyOutcome found;
  found.outcome = Outcome::found;
  found.transaction_id = "tid_1";
  found.attested = parse_timestamp("2026-11-22T10:00:00Z");
  found.record.state = State::active;
  found.record.expiry = Expiry::at_instant(parse_timestamp("2027-11-10T17:07:01Z").value());
  found.record.legal_basis = LegalBasis::uk_consent;
  found.record.controllers = {"Bright \x1b[2J", "Other Ltd"};
  found.record.lead = 0;
  EXPECT_TRUE(found.record.data_types.add("HH-EXPORT"));
  EXPECT_TRUE(found.record.data_types.add("HH-CONSUMPTION"));
  found.record.complete = true;
  return found;
}

TEST(RegisterShow, tells_a_record_a_line_a_fact) {
  EXPECT_EQ(describe(active_record()),
            "state         ACTIVE\n"
            "expires       2027-11-10T17:07:01Z\n"
            "legal basis   uk-consent\n"
            "data types    HH-CONSUMPTION, HH-EXPORT\n"
            "controllers   Bright ?[2J (lead), Other Ltd\n"
            "transaction   tid_1\n"
            "complete      yes\n");
}

TEST(RegisterShow, tells_what_is_odd_about_a_record) {
  VerifyOutcome found = active_record();
  found.record.revoked_at_set = true;
  found.record.expiry = Expiry::at_instant(*found.attested);
  EXPECT_TRUE(
      describe(found).starts_with("state         ACTIVE, but with a date of revocation\n"
                                  "expires       2026-11-22T10:00:00Z (passed)\n"));
  found.record = AccessRecord{};
  EXPECT_EQ(describe(found),
            "state         not told\n"
            "expires       not told\n"
            "legal basis   not told\n"
            "transaction   tid_1\n"
            "complete      no: it can only lead to a denial\n");
}

}  // namespace
}  // namespace akgate
