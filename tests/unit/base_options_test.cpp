// SPDX-License-Identifier: Apache-2.0
#include "base/options.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "base/nearest.hpp"

namespace akgate {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::array kKnown = {
    kHelpOption,
    Option{.name = "socket", .value = "PATH", .help = "where to ask"},
    Option{.name = "data-type", .value = "T", .help = "what for", .repeats = true},
    Option{.name = "json", .value = "", .help = "for programs"},
};

Result<Options> parse(const Words& arguments) { return Options::parse(kKnown, arguments); }

std::string fault_in(const Words& arguments) {
  const Result<Options> options = parse(arguments);
  return options.ok() ? "" : options.error().what();
}

TEST(Options, values_stand_behind_a_space_or_an_equals_sign) {
  const Result<Options> options = parse({"--socket", "/a=b", "--data-type=X", "--data-type", "Y"});
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->value("socket"), "/a=b");
  EXPECT_EQ(options->values("data-type"), (Words{"X", "Y"}));
  EXPECT_FALSE(options->has("json"));
  EXPECT_EQ(options->value("json"), std::nullopt);
}

TEST(Options, a_value_may_be_empty_or_look_like_an_option) {
  const Result<Options> options = parse({"--data-type=", "--socket", "--json"});
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->value("data-type"), "");
  EXPECT_EQ(options->value("socket"), "--json");
  EXPECT_FALSE(options->has("json"));
}

TEST(Options, operands_stand_anywhere) {
  const Result<Options> options = parse({"a", "--json", "-", "--", "--socket", "-h"});
  ASSERT_TRUE(options.ok());
  EXPECT_TRUE(options->has("json"));
  EXPECT_FALSE(options->has("help"));
  EXPECT_EQ(options->operands(), (Words{"a", "-", "--socket", "-h"}));
}

TEST(Options, help_has_a_short_form) { EXPECT_TRUE(parse({"-h"})->has("help")); }

TEST(Options, what_is_wrong_is_named) {
  EXPECT_EQ(fault_in({"--sokcet", "x"}), "--sokcet is no option here; did you mean --socket?");
  EXPECT_EQ(fault_in({"--colour"}), "--colour is no option here; --help lists them");
  EXPECT_EQ(fault_in({"--json=yes"}), "--json takes no value");
  EXPECT_EQ(fault_in({"--socket"}), "--socket needs a value: --socket PATH");
  EXPECT_EQ(fault_in({"--socket=a", "--socket=b"}), "--socket may be given only once");
  EXPECT_EQ(fault_in({"-j"}), "options are written in full, as --help lists them");
}

TEST(Options, I9_errors_repeat_nothing_that_may_be_secret) {
  const std::string secret = "ak_0123456789abcdef01234567";
  for (const std::string& argument : {"--" + secret, "-" + secret, "--json=" + secret,
                                      "--=" + secret, "--" + secret + "=" + secret}) {
    const std::string fault = fault_in({argument});
    EXPECT_NE(fault, "");
    EXPECT_EQ(fault.find("0123"), std::string::npos) << fault;
  }
}

TEST(Options, are_described_in_a_column) {
  EXPECT_EQ(describe(kKnown),
            "  --help         print this and end\n"
            "  --socket PATH  where to ask\n"
            "  --data-type T  what for\n"
            "  --json         for programs\n");
}

TEST(Nearest, is_a_word_that_a_person_may_have_meant) {
  const Words known = {"fresh-for", "grace", "denied-for"};
  EXPECT_EQ(nearest("fresh-fro", known), "fresh-for");
  EXPECT_EQ(nearest("graze", known), "grace");
  EXPECT_EQ(nearest("grace-", known), "grace");
  EXPECT_EQ(nearest("deniedfor", known), "denied-for");
  EXPECT_EQ(nearest("race", known), "grace");
  EXPECT_EQ(nearest("colour", known), std::nullopt);
  EXPECT_EQ(nearest("", known), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'g'), known), std::nullopt);
}

}  // namespace
}  // namespace akgate
