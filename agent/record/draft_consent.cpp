// SPDX-License-Identifier: Apache-2.0
//
// What a consent basis demands, and every other forbids: the notice and the consent of a draft.

#include <algorithm>

#include "record/draft_object.hpp"

namespace akgate {

namespace {

constexpr const char* kOnlyForConsent = "must be null or left out, unless the basis is a consent";

void check_terms(const DraftObject& notice) {
  notice.expect_url("terms-url");
  notice.expect_text("notice-version");
  notice.expect_text_if_there("notice-language");
}

bool is_joint(JsonView arrangement) { return arrangement["arrangement-type"].string() == "joint"; }

std::ptrdiff_t count_of(std::string_view name, const std::vector<std::string_view>& names) {
  return std::count(names.begin(), names.end(), name);
}

// One notice for each controller, by its name.
void check_names(const DraftObject& notice, const std::vector<DraftObject>& notices,
                 JsonView controllers) {
  std::vector<std::string_view> accountable;
  for (JsonView entry = controllers.first_child(); !entry.missing(); entry = entry.next()) {
    accountable.push_back(entry["name"].string().value_or(""));
  }
  std::vector<std::string_view> informing;
  for (const DraftObject& one : notices) {
    const std::string_view name = one.text("controller-name");
    informing.push_back(name);
    one.expect(count_of(name, informing) <= count_of(name, accountable), "controller-name",
               "must be the name of a controller that has no other notice");
  }
  for (const std::string_view name : accountable) {
    if (count_of(name, informing) >= count_of(name, accountable)) continue;
    notice.expect(false, "notices", "must have one entry for each controller, by its name");
    return;
  }
}

}  // namespace

void check_draft_notice(const DraftObject& record, std::optional<LegalBasis> basis) {
  if (!is_consent(basis)) {
    record.expect(!basis || record["notice"].absent(), "notice", kOnlyForConsent);
    return;
  }
  const auto notice = record.object("notice", {"shared-notice", "notices"});
  if (!notice) return;
  const JsonView arrangement = record["record-metadata"]["controller-arrangement"];
  const bool each_their_own = !(*notice)["notices"].absent();
  notice->expect(each_their_own || !(*notice)["shared-notice"].absent(), "shared-notice",
                 "must be there, or notices in a joint arrangement");
  if (const auto shared = notice->object_if_there(
          "shared-notice", {"terms-url", "notice-version", "notice-language"})) {
    check_terms(*shared);
  }
  if (!each_their_own) return;
  if (!is_joint(arrangement) || !(*notice)["notices"].is_array()) {
    notice->expect(false, "notices",
                   "must be a list in a joint arrangement, and null or left out in any other");
    return;
  }
  const std::vector<DraftObject> notices = notice->objects(
      "notices", {"controller-name", "terms-url", "notice-version", "notice-language"});
  std::for_each(notices.begin(), notices.end(), check_terms);
  check_names(*notice, notices, arrangement["controllers"]);
}

void check_draft_consent(const DraftObject& event, std::optional<LegalBasis> basis) {
  if (!is_consent(basis)) {
    event.expect(!basis || event["consent"].absent(), "consent", kOnlyForConsent);
    return;
  }
  const auto consent = event.object("consent", {"consent-type", "method"});
  if (!consent) return;
  const std::string_view type = consent->text("consent-type");
  // The provider's checklist takes no less than an explicit consent for this basis.
  const bool must_be_explicit = basis == LegalBasis::uk_explicit_consent;
  consent->expect(type == "explicit-consent" || (type == "expressed-consent" && !must_be_explicit),
                  "consent-type",
                  must_be_explicit ? "must be explicit-consent, for uk-explicit-consent"
                                   : "must be expressed-consent or explicit-consent");
  consent->expect_text_if_there("method");
}

}  // namespace akgate
