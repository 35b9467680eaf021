// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "record/read_answer.hpp"
#include "verify_answer.hpp"

namespace akgate {
namespace {

constexpr std::string_view kController = R"({"name": "Bright Energy Ltd", "role": "lead"})";

VerifyAnswer read(const std::vector<Edit>& edits) {
  Result<VerifyAnswer> answer = read_verify_answer(edited(kGoodAnswer, edits), asked_key());
  EXPECT_TRUE(answer.ok()) << answer.error().what();
  return answer.ok() ? *answer : VerifyAnswer{};
}

TEST(ReadVerifyAnswer, reads_the_published_answer_made_complete) {
  const VerifyAnswer answer = read({});
  EXPECT_TRUE(answer.record == good_record());
  EXPECT_EQ(answer.missing, "");
  EXPECT_EQ(answer.envelope.transaction_id, "tid_691df0c788ca043403b7fa90");
  EXPECT_EQ(answer.envelope.timestamp, at("2026-03-11T12:00:00Z"));
}

// Each row: what is done to the good answer, and what that does to the record that is read from it.
struct ChangedAnswer {
  const char* why;
  std::vector<Edit> edits;
  std::function<void(AccessRecord&)> expect;
};

TEST(ReadVerifyAnswer, what_differs_and_makes_sense_stays_complete) {
  const std::string longest_name(256, 'x');
  const std::string longest_id(64, 'x');
  const std::vector<ChangedAnswer> rows = {
      {"no end",
       {{R"("2027-11-10T17:07:01.580Z")", "null"}},
       [](auto& r) { r.expiry = Expiry::never(); }},
      {"whole seconds and an offset",
       {{"2027-11-10T17:07:01.580Z", "2027-11-10T18:07:01+01:00"}},
       [](auto& r) { r.expiry = Expiry::at_instant(at("2027-11-10T17:07:01Z")); }},
      {"no revoked-at at all", {{R"("revoked-at")", R"("x")"}}, [](auto&) {}},
      {"revoked",
       {{R"("revoked-at": null)", R"("revoked-at": "2025-06-01T14:22:00Z")"}},
       [](auto& r) { r.revoked_at_set = true; }},
      {"revoked, by anything but null",
       {{R"("revoked-at": null)", R"("revoked-at": "")"}},
       [](auto& r) { r.revoked_at_set = true; }},
      {"revoked, by false even",
       {{R"("revoked-at": null)", R"("revoked-at": false)"}},
       [](auto& r) { r.revoked_at_set = true; }},
      {"an unknown state", {{"ACTIVE", "SUSPENDED"}}, [](auto& r) { r.state = State::other; }},
      {"an unknown basis",
       {{"uk-consent", "uk-vital-interests"}},
       [](auto& r) { r.legal_basis = LegalBasis::other; }},
      {"explicit consent",
       {{"expressed-consent", "explicit-consent"}},
       [](auto& r) { r.consent_type = ConsentType::explicit_consent; }},
      {"an unknown consent",
       {{"expressed-consent", "implied"}},
       [](auto& r) { r.consent_type = ConsentType::missing; }},
      {"consent of the wrong type",
       {{R"("consent": {)", R"("consent": "yes", "x": {)"}},
       [](auto& r) { r.consent_type = ConsentType::missing; }},
      {"a list of consents",
       {{R"("consent": {)", R"("consent": ["explicit-consent"], "x": {)"}},
       [](auto& r) { r.consent_type = ConsentType::missing; }},
      {"no data type",
       {{R"("HH-CONSUMPTION", "HH-EXPORT")", ""}},
       [](auto& r) { r.data_types = DataTypes(); }},
      {"an unknown data type",
       {{"HH-EXPORT", "SOLAR-1S"}},
       [](auto& r) {
         r.data_types = data_types({"HH-CONSUMPTION", "SOLAR-1S"});
       }},
      {"joint",
       {{R"("sole",
        "controllers")",
         R"("joint",
        "controllers")"}},
       [](auto& r) { r.arrangement = Arrangement::joint; }},
      {"group",
       {{R"("arrangement-type": "sole")", R"("arrangement-type": "group")"}},
       [](auto& r) { r.arrangement = Arrangement::group; }},
      {"no arrangement type counts as joint",
       {{"arrangement-type", "x"}},
       [](auto& r) { r.arrangement = Arrangement::joint; }},
      {"an unknown arrangement counts as joint",
       {{R"("arrangement-type": "sole")", R"("arrangement-type": "Sole")"}},
       [](auto& r) { r.arrangement = Arrangement::joint; }},
      {"an arrangement of the wrong type counts as joint",
       {{R"("arrangement-type": "sole")", R"("arrangement-type": ["sole"])"}},
       [](auto& r) { r.arrangement = Arrangement::joint; }},
      {"empty references are none",
       {{"LIA-2024-003", ""}, {R"("Energy Act 2023, s.147")", "null"}},
       [](auto& r) { r.lead_has_lia_reference = r.lead_has_statutory_reference = false; }},
      {"references of the wrong type are none",
       {{R"("LIA-2024-003")", "true"}, {R"("Energy Act 2023, s.147")", R"(["x"])"}},
       [](auto& r) { r.lead_has_lia_reference = r.lead_has_statutory_reference = false; }},
      {"the longest name and transaction-id",
       {{"Bright Energy Ltd", longest_name}, {"tid_691df0c788ca043403b7fa90", longest_id}},
       [&](auto& r) { r.controllers = {longest_name}; }},
      {"no record-identifier", {{"record-identifier", "x"}}, [](auto&) {}},
      {"a null record-identifier",
       {{R"("record-identifier": "ak_691df0c788ca043403b7fa90")", R"("record-identifier": null)"}},
       [](auto&) {}},
      {"an identity reference of another form, which is only compared",
       {{"ir_a3c5", "ir_A3C5"}},
       [](auto& r) { r.identity_record_ref.replace(0, 7, "ir_A3C5"); }},
      {"no identity reference",
       {{"identity-record-ref", "x"}},
       [](auto& r) { r.identity_record_ref.clear(); }},
      {"more fields than expected, nested and null",
       {{R"("access-event": {)", R"("access-event": {"new": {"deep": [null, {}]}, "n": null,)"},
        {R"("notice": {)", R"("notice": null, "y": {)"}},
       [](auto&) {}},
      {"an echoed reidentification token",
       {{R"("access-record": {)", R"("access-record": {"reidentification-token": "<string>",)"}},
       [](auto&) {}},
      {"names that stand twice where nothing is decided",
       {{R"("townCity")", R"("townCity": "Paris", "TownCity")"}},
       [](auto&) {}},
  };
  for (const ChangedAnswer& row : rows) {
    AccessRecord expected = good_record();
    row.expect(expected);
    const VerifyAnswer answer = read(row.edits);
    EXPECT_TRUE(answer.record == expected) << row.why;
    EXPECT_EQ(answer.missing, "") << row.why;
  }
}

TEST(ReadVerifyAnswer, I1_what_is_missing_or_makes_no_sense_makes_it_incomplete_and_is_named) {
  struct Row {
    const char* why;
    std::vector<Edit> edits;
    std::string_view missing;
  };
  const std::string long_name(257, 'x');
  const std::vector<Row> rows = {
      {"no state", {{R"("state")", R"("x")"}}, "access-record.access-event.state is missing"},
      {"state null", {{R"("ACTIVE")", "null"}}, "access-record.access-event.state is null"},
      {"state of the wrong type", {{R"("ACTIVE")", R"(["ACTIVE"])"}}, "state makes no sense"},
      {"no expiry", {{R"("expiry")", R"("x")"}}, "access-record.access-event.expiry is missing"},
      {"expiry a number", {{R"("2027-11-10T17:07:01.580Z")", "1825866421"}}, "expiry makes no"},
      {"expiry no date", {{"2027-11-10T17", "2027-11-31T17"}}, "expiry makes no sense"},
      {"expiry without offset", {{"01.580Z", "01.580"}}, "expiry makes no sense"},
      {"expiry empty", {{"2027-11-10T17:07:01.580Z", ""}}, "expiry makes no sense"},
      {"no basis", {{"legal-basis", "x"}}, "access-record.processing.legal-basis is missing"},
      {"basis null", {{R"("uk-consent")", "null"}}, "legal-basis is null"},
      {"basis of the wrong type", {{R"("uk-consent")", "{}"}}, "legal-basis makes no sense"},
      {"no processing",
       {{R"("processing")", R"("x")"}},
       "access-record.processing.legal-basis is missing; "
       "access-record.processing.data-types is missing"},
      {"processing null", {{R"("processing": {)", R"("processing": null, "x": {)"}}, "data-types"},
      {"no data types", {{"data-types", "x"}}, "access-record.processing.data-types is missing"},
      {"data types null", {{R"(["HH-CONSUMPTION", "HH-EXPORT"])", "null"}}, "data-types is null"},
      {"data types one text",
       {{R"(["HH-CONSUMPTION", "HH-EXPORT"])", R"("HH-CONSUMPTION")"}},
       "data-types makes no sense"},
      {"a data type a number", {{R"("HH-EXPORT")", "1"}}, "data-types holds something"},
      {"a data type null", {{R"("HH-EXPORT")", "null"}}, "data-types holds something"},
      {"a data type empty", {{"HH-EXPORT", ""}}, "data-types holds something"},
      {"no metadata", {{"record-metadata", "x"}}, "controllers is missing"},
      {"no arrangement", {{"controller-arrangement", "x"}}, "controllers is missing"},
      {"no controllers", {{R"("controllers")", R"("x")"}}, "controllers is missing"},
      {"controllers an object",
       {{R"("controllers": [)", R"("controllers": {}, "x": [)"}},
       "controllers makes no sense"},
      {"controllers empty", {{R"("controllers": [)", R"("controllers": [], "x": [)"}}, "is empty"},
      {"a controller a text",
       {{R"("controllers": [)", R"("controllers": ["Bright Energy Ltd"], "x": [)"}},
       "controllers has an entry without a proper name"},
      {"a controller null",
       {{R"("controllers": [)", R"("controllers": [null, )"}},
       "controllers has an entry without a proper name"},
      {"a controller without a name",
       {{R"("name": "Bright Energy Ltd")", R"("x": 1)"}},
       "controllers has an entry without a proper name"},
      {"a name of the wrong type", {{R"("Bright Energy Ltd")", "{}"}}, "without a proper name"},
      {"a name empty", {{"Bright Energy Ltd", ""}}, "without a proper name"},
      {"a name too long", {{"Bright Energy Ltd", long_name}}, "without a proper name"},
      {"no response", {{R"("response")", R"("x")"}}, "response.transaction-id is missing"},
      {"response a text",
       {{R"("response": {)", R"("response": "ok", "x": {)"}},
       "response.transaction-id is missing"},
      {"transaction-id null", {{R"("tid_691df0c788ca043403b7fa90")", "null"}}, "tion-id is null"},
      {"transaction-id empty", {{"tid_691df0c788ca043403b7fa90", ""}}, "tion-id makes no sense"},
      {"transaction-id with a space", {{"tid_691d", "tid 691d"}}, "tion-id makes no sense"},
      {"transaction-id with a comma", {{"tid_691d", "tid,691d"}}, "tion-id makes no sense"},
      {"transaction-id with a percent sign", {{"tid_691d", "tid%691d"}}, "tion-id makes no sense"},
      {"transaction-id with a line end", {{"tid_691d", R"(tid\n691d)"}}, "tion-id makes no sense"},
      {"transaction-id with DEL", {{"tid_691d", "tid\x7f"}}, "tion-id makes no sense"},
      {"transaction-id not ASCII", {{"tid_691d", "tïd_691d"}}, "tion-id makes no sense"},
      {"transaction-id too long",
       {{"tid_691df0c788ca043403b7fa90", long_name}},
       "tion-id makes no"},
      {"a name in other letters", {{R"("revoked-at")", R"("Revoked-At")"}}, "in other letters"},
      {"a reference in other letters", {{"lia-ref", "LIA-ref"}}, "in other letters"},
      {"a Data User that is none",
       {{R"("state")", R"("duid": "Bright", "state")"}},
       "duid makes no"},
      {"two Data Users",
       {{R"("state")", R"("duid": "duid_1", "state")"},
        {R"("schema-version")", R"("duid": "duid_2", "schema-version")"}},
       "duid names two Data Users"},
  };
  for (const Row& row : rows) {
    const VerifyAnswer answer = read(row.edits);
    EXPECT_FALSE(answer.record.complete) << row.why;
    EXPECT_NE(answer.missing.find(row.missing), std::string::npos)
        << row.why << ": " << answer.missing;
  }
}

TEST(ReadVerifyAnswer, the_lead_is_the_one_sole_or_lead_entry_or_the_only_one) {
  struct Row {
    const char* why;
    std::string_view controllers;
    std::optional<std::size_t> lead;
  };
  for (const Row& row : {
           Row{"lead among members", R"([{"name":"A","role":"member"},{"name":"B","role":"lead"}])",
               1},
           Row{"sole", R"([{"name":"A","role":"sole"}])", 0},
           Row{"two leads", R"([{"name":"A","role":"lead"},{"name":"B","role":"lead"}])", {}},
           Row{"sole and lead", R"([{"name":"A","role":"sole"},{"name":"B","role":"lead"}])", {}},
           Row{"lead beside one without role", R"([{"name":"A"},{"name":"B","role":"lead"}])", 1},
           Row{"only entry, no role", R"([{"name":"A"}])", 0},
           Row{"only entry, role null", R"([{"name":"A","role":null}])", 0},
           Row{"only entry, another role", R"([{"name":"A","role":"member"}])", {}},
           Row{"only entry, unknown role", R"([{"name":"A","role":"LEAD"}])", {}},
           Row{"only entry, role of the wrong type", R"([{"name":"A","role":["lead"]}])", {}},
           Row{"two without role", R"([{"name":"A"},{"name":"B"}])", {}},
       }) {
    const std::string list = R"("controllers": )" + std::string(row.controllers) + R"(, "x": [)";
    const VerifyAnswer answer = read({{R"("controllers": [)", list}});
    EXPECT_EQ(answer.record.lead, row.lead) << row.why;
    EXPECT_TRUE(answer.record.complete) << row.why << ": " << answer.missing;
  }
}

TEST(ReadVerifyAnswer, references_count_on_the_lead_alone) {
  const std::string list =
      R"("controllers": [{"name": "Grid Ltd", "role": "member", "lia-reference": "L"}, )" +
      std::string(kController) + R"(], "x": [)";
  const AccessRecord record = read({{R"("controllers": [)", list}}).record;
  EXPECT_EQ(record.controllers, (std::vector<std::string>{"Grid Ltd", "Bright Energy Ltd"}));
  EXPECT_EQ(record.lead, 1U);
  EXPECT_FALSE(record.lead_has_lia_reference);
}

TEST(ReadVerifyAnswer, controllers_are_bounded) {
  for (const int count : {64, 65}) {
    std::string list = R"("controllers": [)";
    for (int i = 1; i < count; ++i) list += R"({"name": "M", "role": "member"},)";
    const VerifyAnswer answer = read({{R"("controllers": [)", list}});
    EXPECT_EQ(answer.record.complete, count == 64) << answer.missing;
  }
}

TEST(ReadVerifyAnswer, the_data_user_is_found_wherever_the_register_may_put_it) {
  const Edit root{R"("response")", R"("duid": "duid_0a1b2c3d4e5f0a1b2c3d4e5f", "response")"};
  const Edit record{R"("notice": {)", R"("duid": "duid_0a1b2c3d4e5f0a1b2c3d4e5f", "notice": {)"};
  const Edit metadata{R"("schema-version")",
                      R"("duid": "duid_0a1b2c3d4e5f0a1b2c3d4e5f", "schema-version")"};
  const Edit event{R"("state")", R"("duid": "duid_0a1b2c3d4e5f0a1b2c3d4e5f", "state")"};
  for (const std::vector<Edit>& edits :
       {std::vector{root}, {record}, {metadata}, {event}, {root, record, metadata, event}}) {
    const VerifyAnswer answer = read(edits);
    EXPECT_EQ(answer.record.duid, "duid_0a1b2c3d4e5f0a1b2c3d4e5f");
    EXPECT_TRUE(answer.record.complete) << answer.missing;
  }
  EXPECT_TRUE(read({{R"("state")", R"("duid": null, "state")"}}).record.complete);
}

TEST(ReadVerifyAnswer, what_denies_is_taken_from_however_ragged_an_answer) {
  struct Row {
    std::string_view body;
    State state;
    bool revoked;
  };
  for (const Row& row : {
           Row{R"({"access-record": {"access-event": {"state": "DISCOVERED"}}})", State::discovered,
               false},
           Row{R"({"access-event": {"state": "DISCOVERED"}})", State::discovered, false},
           Row{R"({"response": null, "access-record": {"access-event": {"state": "REVOKED"},
                   "processing": null, "record-metadata": null}})",
               State::revoked, false},
           Row{R"({"access-record": {"access-event": {"revoked-at": "2025-06-01T14:22:00Z"}}})",
               State::missing, true},
           Row{R"({"response": [], "access-record": {"access-event": {"state": "EXPIRED"},
                   "processing": [], "record-metadata": "x"}})",
               State::expired, false},
       }) {
    const Result<VerifyAnswer> answer = read_verify_answer(row.body, asked_key());
    ASSERT_TRUE(answer.ok()) << row.body;
    EXPECT_EQ(answer->record.state, row.state) << row.body;
    EXPECT_EQ(answer->record.revoked_at_set, row.revoked) << row.body;
    EXPECT_FALSE(answer->record.complete) << row.body;
  }
}

TEST(ReadVerifyAnswer, I1_a_whole_record_without_its_wrapper_is_not_complete) {
  std::string body = edited(kGoodAnswer, {{R"("access-record": {)", ""}});
  body.pop_back();
  const Result<VerifyAnswer> answer = read_verify_answer(body, asked_key());
  ASSERT_TRUE(answer.ok()) << answer.error().what();
  EXPECT_EQ(answer->record.state, State::active);
  EXPECT_FALSE(answer->record.complete);
  EXPECT_EQ(answer->missing, "access-record is missing");
}

}  // namespace
}  // namespace akgate
