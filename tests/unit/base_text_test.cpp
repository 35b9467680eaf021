// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/text.hpp"

namespace akgate {
namespace {

using namespace std::string_literals;

TEST(Hex, writes_lower_case) {
  EXPECT_EQ(to_hex(std::array<std::uint8_t, 4>{0x00, 0x0f, 0xa0, 0xff}), "000fa0ff");
  EXPECT_EQ(to_hex({}), "");
}

TEST(Hex, reads_exactly_what_it_writes) {
  std::array<std::uint8_t, 3> bytes{};
  EXPECT_TRUE(from_hex("00fa9c", bytes));
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 3>{0x00, 0xfa, 0x9c}));
  for (const std::string_view bad :
       {"00fa9", "00fa9c0", "00fa9c00", "00FA9C", "00fa9g", "0x00fa", " 0fa9c", "", "00fa9\xc3"}) {
    EXPECT_FALSE(from_hex(bad, bytes)) << bad;
  }
}

TEST(Base64, encodes_as_the_rfc_has_it) {
  // RFC 4648, section 10, and each letter of the alphabet's end.
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foob"), "Zm9vYg==");
  EXPECT_EQ(base64_encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_encode("\xfb\xff\xbf\0"s), "+/+/AA==");
}

TEST(Base64, decodes_the_alphabet_of_urls_without_padding) {
  EXPECT_EQ(base64url_decode(""), "");
  EXPECT_EQ(base64url_decode("Zg"), "f");
  EXPECT_EQ(base64url_decode("Zm8"), "fo");
  EXPECT_EQ(base64url_decode("Zm9vYmFy"), "foobar");
  EXPECT_EQ(base64url_decode("-_-_AA"), "\xfb\xff\xbf\0"s);
  for (const std::string_view bad :
       {"Z", "Zm9vY", "Zg==", "Zh", "Zm9", "+/+/", "Zm 8", "Zm8.", "Zm8\n", "Zg\xc3"}) {
    EXPECT_EQ(base64url_decode(bad), std::nullopt) << bad;
  }
}

TEST(Percent, encodes_what_would_break_a_line_into_words) {
  EXPECT_EQ(percent_encode("a b%c\n\x7f\x01,=é"), "a%20b%25c%0A%7F%01,=é");
}

TEST(Percent, decoding_undoes_encoding_for_every_byte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(Percent, takes_either_case_and_refuses_what_is_no_escape) {
  EXPECT_EQ(percent_decode("%2f%2F"), "//");
  EXPECT_EQ(percent_decode("%00"), "\0"s);
  for (const std::string_view bad : {"%", "%2", "a%", "%g0", "%0g", "%%41", "% 1", "%-1"}) {
    EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
  }
}

TEST(Utf8, takes_the_ends_of_every_range) {
  for (const std::string_view good :
       {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "Zo\xc3\xab"}) {
    EXPECT_TRUE(is_utf8(good)) << testing::PrintToString(good);
  }
}

TEST(Utf8, refuses_what_rfc_3629_refuses) {
  struct Row {
    const char* why;
    std::string_view text;
  };
  for (const Row& row : {
           Row{"a continuation alone", "\x80"},
           Row{"overlong NUL", "\xc0\x80"},
           Row{"overlong slash", "\xc1\xaf"},
           Row{"overlong in three bytes", "\xe0\x9f\xbf"},
           Row{"a surrogate", "\xed\xa0\x80"},
           Row{"overlong in four bytes", "\xf0\x8f\xbf\xbf"},
           Row{"beyond U+10FFFF", "\xf4\x90\x80\x80"},
           Row{"a lead that is none", "\xf5\x80\x80\x80"},
           Row{"cut short", "a\xe2\x82"},
           Row{"broken off by a letter", "\xe2\x82z"},
           Row{"Latin-1", "Zo\xeb"},
       }) {
    EXPECT_FALSE(is_utf8(row.text)) << row.why;
  }
}

TEST(ControlCharacter, is_c0_or_del) {
  for (const std::string_view with : {"a\tb"s, "\n"s, "a\0b"s, "\x7f"s, "\x1f"s}) {
    EXPECT_TRUE(has_control_character(with)) << testing::PrintToString(with);
  }
  for (const std::string_view without : {"", " ~", "\xc2\x80", "é"}) {
    EXPECT_FALSE(has_control_character(without)) << without;
  }
}

TEST(Number, is_digits_alone_and_fits) {
  EXPECT_EQ(parse_number("0"), 0U);
  EXPECT_EQ(parse_number("007"), 7U);
  EXPECT_EQ(parse_number("18446744073709551615"), 18446744073709551615U);
  for (const std::string_view bad :
       {"", "18446744073709551616", "-1", "+1", " 1", "1 ", "1.0", "0x10", "1e3", "١"}) {
    EXPECT_EQ(parse_number(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace akgate
