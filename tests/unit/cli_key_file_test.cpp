// SPDX-License-Identifier: Apache-2.0
#include "cli/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "platform/file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

const std::string kA = "ak_aaaaaaaaaaaaaaaaaaaaaaaa";
const std::string kB = "ak_bbbbbbbbbbbbbbbbbbbbbbbb";
const std::string kC = "ak_cccccccccccccccccccccccc";
const std::string kMeter = "1234567890123";
const std::string kOtherMeter = "1234567890";

/// `line:last digit of the key:meter point` for each.
std::string parse(const std::string& text, KeyFileKind kind) {
  const Result<std::vector<KeyLine>> lines = parse_key_file(text, "keys.txt", kind);
  if (!lines) return "error " + lines.error().what();
  std::string seen;
  for (const KeyLine& line : *lines) {
    if (!seen.empty()) seen += ' ';
    seen += std::to_string(line.number) + ":" + line.key.reveal().reveal().back();
    if (line.mpxn) seen += ":" + line.mpxn->text();
  }
  return seen;
}

TEST(KeyFile, bindings_stand_apart_by_blanks_or_a_comma) {
  const std::string text = "# the flats in Mill Lane\n\n" + kA + " " + kMeter + "\n\t" + kB +
                           "\t \t" + kOtherMeter + "  # no. 7\r\n   \r\n" + kC + " , " + kMeter;
  EXPECT_EQ(parse(text, KeyFileKind::bindings),
            "3:a:1234567890123 4:b:1234567890 6:c:1234567890123");
}

TEST(KeyFile, of_a_file_of_keys_only_the_first_word_counts) {
  EXPECT_EQ(parse(kA + "\n" + kB + " " + kMeter + "\n" + kC + ",x,y,z\n", KeyFileKind::keys),
            "1:a 2:b 3:c");
}

TEST(KeyFile, a_key_that_stands_again_is_left_out) {
  EXPECT_EQ(parse(kB + "\n" + kA + "\n" + kB + "\n" + kA + "\n" + kC + "\n", KeyFileKind::keys),
            "1:b 2:a 5:c");
  EXPECT_EQ(parse(kA + " " + kMeter + "\n" + kA + "," + kMeter, KeyFileKind::bindings),
            "1:a:1234567890123");
}

TEST(KeyFile, all_faults_are_told_in_order_and_without_what_stands_there) {
  const std::string text = kA + " " + kMeter + "\n" +             //
                           kA + " " + kOtherMeter + "\n" +        //
                           kB + "\n" +                            //
                           kB + "0 " + kMeter + "\n" +            //
                           kMeter + " " + kB + "\n" +             //
                           kB + " x\n" +                          //
                           kB + " " + kMeter + " " + kC + "\n" +  //
                           kB + ",," + kMeter + "\n" +            //
                           "," + kB + "\n";
  const std::string faults = parse(text, KeyFileKind::bindings);
  EXPECT_EQ(faults,
            "error keys.txt:2: the key stands in line 1 already, with another meter point\n"
            "keys.txt:3: there is no meter point behind the key\n"
            "keys.txt:4: no access key is first: ak_ and 24 lower-case hex digits\n"
            "keys.txt:5: no access key is first: ak_ and 24 lower-case hex digits\n"
            "keys.txt:6: what stands behind the key is no MPAN or MPRN\n"
            "keys.txt:7: there is more than a key and a meter point\n"
            "keys.txt:8: there is no meter point behind the key\n"
            "keys.txt:9: no access key is first: ak_ and 24 lower-case hex digits");
}

TEST(KeyFile, of_many_faults_twenty_are_shown) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "nonsense\n";
  const std::string faults = parse(text, KeyFileKind::keys);
  EXPECT_NE(faults.find("keys.txt:20: "), std::string::npos);
  EXPECT_EQ(faults.find("keys.txt:21: "), std::string::npos);
  EXPECT_TRUE(faults.ends_with("\nkeys.txt: and 980 more of these")) << faults;
}

TEST(KeyFile, one_without_keys_is_an_error) {
  EXPECT_EQ(parse("# later\n\n", KeyFileKind::keys), "error keys.txt holds no access key");
}

TEST(KeyFile, I9_one_that_others_may_read_is_refused) {
  const TemporaryDirectory directory;
  const std::string path = directory / "keys.txt";
  ASSERT_TRUE(write_file_atomically(path, kA + "\n", 0600));
  ASSERT_TRUE(read_key_file(path));
  EXPECT_EQ(read_key_file(path)->reveal(), kA);
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_FALSE(read_key_file(path));
}

}  // namespace
}  // namespace akgate
