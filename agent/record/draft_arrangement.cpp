// SPDX-License-Identifier: Apache-2.0
//
// Who is accountable: the controllers of a draft, and what binds them.

#include <algorithm>
#include <array>

#include "record/draft_object.hpp"

namespace akgate {

namespace {

struct ArrangementRule {
  std::string_view type;
  std::string_view lead;    // The role of the one who leads.
  std::string_view others;  // The role of everyone else; empty: there is nobody else.
};
constexpr std::array kArrangements = {
    ArrangementRule{.type = "sole", .lead = "sole", .others = ""},
    ArrangementRule{.type = "joint", .lead = "lead", .others = "joint"},
    ArrangementRule{.type = "group", .lead = "lead", .others = "member"},
};

bool leads(const DraftObject& controller) {
  return controller.text("role") == "sole" || controller.text("role") == "lead";
}

void check_controller(const DraftObject& controller) {
  controller.expect_text("name");
  controller.expect_url("contact-url");
  controller.expect_url_if_there("privacy-rights-url");
  controller.expect_text_if_there("lia-reference");
  controller.expect_text_if_there("statutory-reference");
  if (const auto address = controller.object_if_there(
          "address", {"addressLine1", "addressLine2", "townCity", "county", "postcode"})) {
    for (const char* const line : {"addressLine1", "townCity", "postcode"}) {
      address->expect_text(line);
    }
    address->expect_text_if_there("addressLine2");
    address->expect_text_if_there("county");
  }
  if (const auto storage =
          controller.object_if_there("storage-conditions", {"location", "retention-period"})) {
    storage->expect_text_if_there("location");
    storage->expect_text_if_there("retention-period");
  }
}

// Whether every role is one that the arrangement knows.
bool check_roles(const std::vector<DraftObject>& controllers, const ArrangementRule& arrangement) {
  const std::string right =
      "must be " + std::string(arrangement.lead) +
      (arrangement.others.empty() ? "" : " or " + std::string(arrangement.others)) + ", in a " +
      std::string(arrangement.type) + " arrangement";
  bool all_right = true;
  for (const DraftObject& controller : controllers) {
    const std::string_view role = controller.text("role");
    const bool fits = !role.empty() && (role == arrangement.lead || role == arrangement.others);
    controller.expect(fits, "role", right);
    all_right = all_right && fits;
  }
  return all_right;
}

bool check_known_roles(const std::vector<DraftObject>& controllers) {
  bool all_right = true;
  for (const DraftObject& controller : controllers) {
    const std::string_view role = controller.text("role");
    const bool fits = leads(controller) || role == "joint" || role == "member";
    controller.expect(fits, "role", "must be sole, lead, joint or member");
    all_right = all_right && fits;
  }
  return all_right;
}

// The reference that the legal basis wants on the sole or lead controller; null: none.
const char* reference_for(std::optional<LegalBasis> basis) {
  if (basis == LegalBasis::uk_legitimate_interests) return "lia-reference";
  if (basis == LegalBasis::uk_public_task || basis == LegalBasis::uk_legal_obligation) {
    return "statutory-reference";
  }
  return nullptr;
}

void check_reference(const DraftObject& lead, std::optional<LegalBasis> basis) {
  const char* const reference = reference_for(basis);
  if (reference == nullptr) return;
  lead.expect(!lead.text(reference).empty(), reference,
              "must be a text that is not empty, for " + std::string(to_string(*basis)));
}

}  // namespace

void check_draft_arrangement(const DraftObject& metadata, std::optional<LegalBasis> basis) {
  const auto draft = metadata.object("controller-arrangement",
                                     {"arrangement-type", "art26-reference", "controllers"});
  if (!draft) return;
  const auto* const arrangement = std::find_if(
      kArrangements.begin(), kArrangements.end(),
      [&](const ArrangementRule& known) { return known.type == draft->text("arrangement-type"); });
  const bool known = arrangement != kArrangements.end();
  draft->expect(known, "arrangement-type", "must be sole, joint or group");
  if (known && arrangement->type == "joint") {
    draft->expect(!draft->text("art26-reference").empty(), "art26-reference",
                  "must name the agreement between the joint controllers");
  } else if (known) {
    draft->expect((*draft)["art26-reference"].absent(), "art26-reference",
                  "must be null or left out, unless the arrangement is joint");
  }

  const std::vector<DraftObject> controllers =
      draft->objects("controllers", {"name", "role", "contact-url", "address", "privacy-rights-url",
                                     "lia-reference", "statutory-reference", "storage-conditions"});
  const JsonView list = (*draft)["controllers"];
  if (!list.is_array() || list.first_child().missing()) {
    draft->expect(false, "controllers", "must be a list of at least one controller");
    return;
  }
  std::for_each(controllers.begin(), controllers.end(), check_controller);
  if (!(known ? check_roles(controllers, *arrangement) : check_known_roles(controllers))) return;
  const auto lead = std::find_if(controllers.begin(), controllers.end(), leads);
  const bool one_leads = std::count_if(controllers.begin(), controllers.end(), leads) == 1;
  draft->expect(one_leads, "controllers",
                known && arrangement->others.empty()
                    ? "must be exactly one controller, in a sole arrangement"
                    : "must have exactly one entry with the role sole or lead");
  if (one_leads) check_reference(*lead, basis);
}

}  // namespace akgate
