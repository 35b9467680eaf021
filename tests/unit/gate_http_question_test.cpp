// SPDX-License-Identifier: Apache-2.0
#include "gate/http_question.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "gate_harness.hpp"

namespace akgate {
namespace {

const std::string kHeaderKey = "X-Access-Key: " + std::string(kKeyText) + "\r\n";

struct Asking {
  Demands demands;
  std::vector<std::string> required;
};

std::variant<Question, HttpBadQuestion> read(const std::string& fields, const Asking& asking = {}) {
  const std::string bytes = "GET /check HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
  const auto parsed = parse_http_head(bytes);
  EXPECT_TRUE(std::holds_alternative<HttpHead>(parsed)) << fields;
  return read_http_question(std::get<HttpHead>(parsed), asking.demands, asking.required);
}

Question question(const std::string& fields, const Asking& asking = {}) {
  auto got = read(fields, asking);
  if (auto* const bad = std::get_if<HttpBadQuestion>(&got)) {
    ADD_FAILURE() << fields << bad->why;
    return {};
  }
  return *std::get_if<Question>(&got);
}

std::string refusal(const std::string& fields, const Asking& asking = {}) {
  auto got = read(fields, asking);
  const auto* const bad = std::get_if<HttpBadQuestion>(&got);
  return bad == nullptr ? "(a question)" : bad->why;
}

TEST(HttpQuestion, is_what_the_headers_say) {
  const Question asked = question(
      kHeaderKey +
      "x-data-type: HH-CONSUMPTION ,\tTARIFF\r\nX-MPXN: 1234567890123\r\nX-Controller: Bright "
      "Energy, Ltd %41\r\nX-Duid: duid_1\r\nX-Forwarded-For: 1.2.3.4\r\nX-Mode: cached\r\n");
  ASSERT_TRUE(asked.key.has_value());
  EXPECT_EQ(asked.key->reveal().reveal(), kKeyText);
  EXPECT_EQ(asked.data_types.sorted(), (std::vector<std::string>{"HH-CONSUMPTION", "TARIFF"}));
  EXPECT_EQ(asked.mpxn, "1234567890123");
  EXPECT_EQ(asked.controller, "Bright Energy, Ltd %41") << "literally: neither list nor encoded";
  EXPECT_EQ(asked.duid, "duid_1");
  EXPECT_EQ(asked.mode, Mode::normal);
}

TEST(HttpQuestion, what_is_not_given_is_not_asked) {
  const Question asked = question(kHeaderKey);
  EXPECT_TRUE(asked.data_types.empty());
  EXPECT_FALSE(asked.mpxn || asked.controller || asked.duid);
}

TEST(HttpQuestion, a_key_that_is_none_is_a_question_since_keys_come_from_outside) {
  for (const std::string key : {"", "X-Access-Key:\r\n", "X-Access-Key: Bearer ak_1\r\n",
                                "X-Access-Key: \xff\xfe\r\n", "X-Access-Key: a\tb\r\n"}) {
    EXPECT_FALSE(question(key).key.has_value()) << key;
  }
}

TEST(HttpQuestion, a_header_twice_is_refused) {
  for (const std::string name :
       {"X-Access-Key", "X-Data-Type", "X-MPxN", "X-Controller", "X-DUID"}) {
    EXPECT_EQ(refusal(name + ": a\r\n" + name + ": a\r\n"), name + " stands twice");
    std::string other_case = name;
    for (char& c : other_case) c = static_cast<char>(std::tolower(c));
    EXPECT_EQ(refusal(name + ": a\r\n" + other_case + ": b\r\n"), name + " stands twice");
  }
}

TEST(HttpQuestion, a_required_header_that_is_missing_is_refused) {
  const Asking asking{.demands = {}, .required = {"X-Access-Key", "X-MPxN"}};
  EXPECT_EQ(refusal(kHeaderKey, asking), "X-MPxN is missing, which http.required-headers asks for");
  EXPECT_EQ(refusal("X-MPxN: 1\r\n", asking),
            "X-Access-Key is missing, which http.required-headers asks for");
  EXPECT_EQ(refusal(kHeaderKey + "X-MPxN:\r\n", asking), "X-MPxN: mpxn has no value");
  EXPECT_EQ(question(kHeaderKey + "x-mpxn: 1\r\n", asking).mpxn, "1");
}

TEST(HttpQuestion, a_header_that_differs_by_its_hyphens_only_is_refused) {
  for (const std::string near : {"X-MP-xN", "X_MPxN", "XMPxN", "x-mpx-n"})
    EXPECT_EQ(refusal(kHeaderKey + near + ": 1\r\n"),
              "a header is nearly X-MPxN; write it like this");
  for (const std::string near : {"X-DataType", "X_Data_Type", "XDataType"})
    EXPECT_EQ(refusal(near + ": A\r\n"), "a header is nearly X-Data-Type; write it like this");
}

struct BadValue {
  std::string field;
  std::string why;
};

TEST(HttpQuestion, what_the_gate_would_refuse_is_refused) {
  const std::string long_type(DataTypes::kMaxLength + 1, 'A');
  std::string many_types = "X-Data-Type: A0";
  for (std::size_t i = 1; i <= DataTypes::kMaxTypes; ++i) many_types += ",A" + std::to_string(i);
  const std::vector<BadValue> bad_values = {
      {"X-Data-Type:", "X-Data-Type: data-type has no value"},
      {"X-Data-Type: ,", "X-Data-Type: data-type has no value"},
      {"X-Data-Type: A,,B", "X-Data-Type: data-type has no value"},
      {"X-Data-Type: A,", "X-Data-Type: data-type has no value"},
      {"X-Data-Type: " + long_type, "X-Data-Type: data-type is longer than 64 bytes"},
      {many_types, "X-Data-Type: data-type names more than 32 different types"},
      {"X-Controller:  ", "X-Controller: controller has no value"},
      {"X-Controller: a\tb", "X-Controller: controller holds bytes that are no text"},
      {"X-DUID: \xc3", "X-DUID: duid holds bytes that are no text"},
  };
  for (const BadValue& bad : bad_values)
    EXPECT_EQ(refusal(kHeaderKey + bad.field + "\r\n"), bad.why) << bad.field;

  const Asking off{.demands = {.mpxn = Demand::off, .data_user = Demand::off}, .required = {}};
  EXPECT_EQ(refusal(kHeaderKey + "X-MPxN: 1\r\n", off),
            "X-MPxN: mpxn is not checked here: the agent's policy says off");
  EXPECT_EQ(refusal(kHeaderKey + "X-DUID: 1\r\n", off),
            "X-DUID: duid is not checked here: the agent's policy says off");
}

TEST(HttpQuestion, I9_no_refusal_says_what_was_sent) {
  const std::string canary = "0123456789abcdef01234567";
  for (const std::string& fields :
       {kHeaderKey + kHeaderKey, kHeaderKey + "XMPxN: ak_" + canary + "\r\n",
        "X-DUID: ak_" + canary + "\xff\r\n", kHeaderKey + "X-Data-Type: ak_" + canary + ",\r\n"}) {
    EXPECT_EQ(refusal(fields).find(canary), std::string::npos) << fields;
  }
}

}  // namespace
}  // namespace akgate
