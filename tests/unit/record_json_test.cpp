// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "record/json.hpp"

namespace akgate {
namespace {

using namespace std::string_literals;

JsonDocument parsed(std::string_view text) {
  Result<JsonDocument> document = JsonDocument::parse(text);
  EXPECT_TRUE(document.ok()) << text;
  return document.ok() ? std::move(document).value() : JsonDocument::parse("null").value();
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']');
}

TEST(JsonDocument, takes_one_value_and_white_space) {
  for (const std::string_view good :
       {"{}", "[]", "null", "true", "\"x\"", "-1.5e3", " \r\n\t{\"a\": [1, {\"b\": null}]}\n ",
        R"("\\u0000")", R"("\u00e9\ud83d\ude00\"\/")", "\"{[\""}) {
    EXPECT_TRUE(JsonDocument::parse(good).ok()) << good;
  }
}

TEST(JsonDocument, refuses_everything_else_and_names_the_line) {
  struct Row {
    const char* why;
    std::string text;
    const char* error;
  };
  for (const Row& row : {
           Row{"nothing", "", "empty"},
           Row{"white space alone", " \n ", "line"},
           Row{"text behind", "{}\nx", "line 2"},
           Row{"a second document", "{} {}", "more behind"},
           Row{"a NUL behind", "{}\0"s, "control character"},
           Row{"cut short", "{\"a\":1,", "ends too early"},
           Row{"cut within a string", "[\"a", "without an end"},
           Row{"cut within an escape", "[\"a\\", "without an end"},
           Row{"cut within a unicode escape", "[\"\\u12", "impossible"},
           Row{"unbalanced", "]", "too many"},
           Row{"wrong bracket", "{\"a\":[}]", "not JSON"},
           Row{"trailing comma", "[1,\n]", "not JSON"},
           Row{"single quotes", "{'a':1}", "not JSON"},
           Row{"a comment", "{} // no", "more behind"},
           Row{"a raw NUL in a string", "\"a\0b\""s, "control character in a string"},
           Row{"a NUL escape", R"(["a\u0000b"])", "impossible"},
           Row{"a NUL escape in a name", R"({"state\u0000x":1})", "impossible"},
           Row{"an escape that is taken for NUL", R"(["a\uzzzzb"])", "impossible"},
           Row{"half a surrogate pair", R"(["\ud83d"])", "not JSON"},
           Row{"an unknown escape", R"(["\x41"])", "not JSON"},
           Row{"a line break in a string", "[\"a\nb\"]", "line 1: a control character in a string"},
           Row{"a control character between tokens", "[1,\x01 2]", "control character"},
           Row{"not UTF-8", "\"\xff\"", "UTF-8"},
           Row{"an overlong NUL", "\"\xc0\x80\"", "UTF-8"},
       }) {
    const Result<JsonDocument> document = JsonDocument::parse(row.text);
    ASSERT_FALSE(document.ok()) << row.why;
    EXPECT_NE(document.error().what().find(row.error), std::string::npos)
        << row.why << ": " << document.error().what();
  }
}

TEST(JsonDocument, is_bounded_in_depth) {
  EXPECT_TRUE(JsonDocument::parse(nested(JsonDocument::kMaxDepth)).ok());
  EXPECT_FALSE(JsonDocument::parse(nested(JsonDocument::kMaxDepth + 1)).ok());
  EXPECT_FALSE(JsonDocument::parse(nested(100000)).ok());
}

TEST(JsonDocument, is_bounded_in_size) {
  const std::string biggest = "\"" + std::string(JsonDocument::kMaxBytes - 2, 'x') + "\"";
  EXPECT_TRUE(JsonDocument::parse(biggest).ok());
  EXPECT_FALSE(JsonDocument::parse(biggest + " ").ok());
  EXPECT_TRUE(JsonDocument::parse(biggest + " ", biggest.size() + 1).ok()) << "a longer bound";
  EXPECT_FALSE(JsonDocument::parse("[] ", 2).ok()) << "a shorter one";
}

TEST(JsonDocument, I9_an_error_never_shows_the_content) {
  const Result<JsonDocument> document =
      JsonDocument::parse(R"({"ak": "ak_691df0c788ca043403b7fa90",})");
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.error().what().find("691d"), std::string::npos);
}

TEST(JsonView, missing_stays_missing_all_along_a_path) {
  const JsonDocument document = parsed(R"({"a": {"b": null}, "list": [1]})");
  const JsonView root = document.root();
  EXPECT_TRUE(root["a"]["b"].is_null());
  EXPECT_TRUE(root["a"]["b"].absent());
  EXPECT_FALSE(root["a"]["b"].missing());
  EXPECT_TRUE(root["a"]["x"]["y"]["z"].missing());
  EXPECT_TRUE(root["a"]["b"]["c"].missing());
  EXPECT_TRUE(root["list"]["a"].missing()) << "a list has no members";
  const JsonView nothing;
  EXPECT_TRUE(nothing.missing() && nothing.absent() && nothing["x"].missing());
  EXPECT_TRUE(nothing.first_child().missing() && nothing.next().missing());
  EXPECT_FALSE(nothing.string() || nothing.number() || nothing.boolean() || nothing.ambiguous());
  EXPECT_EQ(nothing.name(), "");
}

TEST(JsonView, names_are_matched_in_their_case) {
  const JsonDocument document = parsed(R"({"State": 1})");
  EXPECT_TRUE(document.root()["state"].missing());
  EXPECT_EQ(document.root()["State"].number(), 1.0);
}

TEST(JsonView, types_are_not_converted) {
  const JsonDocument document =
      parsed(R"({"text": "1", "number": 1, "true": true, "false": false, "huge": 1e999})");
  const JsonView root = document.root();
  EXPECT_EQ(root["text"].string(), "1");
  EXPECT_EQ(root["text"].number(), std::nullopt);
  EXPECT_EQ(root["number"].string(), std::nullopt);
  EXPECT_EQ(root["number"].boolean(), std::nullopt);
  EXPECT_EQ(root["true"].boolean(), true);
  EXPECT_EQ(root["false"].boolean(), false);
  EXPECT_EQ(root["true"].number(), std::nullopt);
  EXPECT_EQ(root["huge"].number(), std::nullopt);
}

TEST(JsonView, walks_lists_and_members) {
  const JsonDocument document = parsed(R"({"x": 10, "y": [20, 21]})");
  const JsonView x = document.root().first_child();
  EXPECT_EQ(x.name(), "x");
  const JsonView y = x.next();
  EXPECT_EQ(y.name(), "y");
  EXPECT_TRUE(y.next().missing());
  EXPECT_EQ(y.first_child().number(), 20.0);
  EXPECT_EQ(y.first_child().next().number(), 21.0);
  EXPECT_EQ(y.first_child().name(), "");
}

TEST(JsonView, is_ambiguous_where_two_names_differ_in_case_at_most) {
  struct Row {
    std::string_view text;
    bool ambiguous;
  };
  for (const Row& row : {
           Row{R"({})", false},
           Row{R"({"a": 1, "b": 2, "ab": 3})", false},
           Row{R"({"a": 1, "a": 1})", true},
           Row{R"({"state": 1, "x": 2, "STATE": 3})", true},
           Row{R"({"state": 1, "st\u0061te": 3})", true},
           Row{R"({"a-b": 1, "a_b": 1, "a.b": 2})", false},
           Row{R"({"": 1, "": 2})", true},
           Row{R"({"a": {"b": 1, "b": 2}})", false},  // Each object answers for itself.
           Row{R"(["a", "a"])", false},
       }) {
    EXPECT_EQ(parsed(row.text).root().ambiguous(), row.ambiguous) << row.text;
  }
}

TEST(JsonView, knows_a_name_in_other_letters) {
  constexpr std::array<std::string_view, 2> kNames = {"state", "revoked-at"};
  struct Row {
    std::string_view text;
    bool lookalike;
  };
  for (const Row& row : {
           Row{R"({"state": 1, "revoked-at": 2, "x": 3})", false},
           Row{R"({"State": 1})", true},
           Row{R"({"x": 1, "Revoked-At": 1})", true},
           Row{R"({"states": 1, "STAT": 2})", false},
           Row{R"({"x": {"State": 1}})", false},  // Each object answers for itself.
           Row{R"(["State"])", false},
       }) {
    EXPECT_EQ(parsed(row.text).root().has_lookalike(kNames), row.lookalike) << row.text;
  }
}

}  // namespace
}  // namespace akgate
