// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "record/access_key.hpp"
#include "record/access_record.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// The register's published answer to "verify", made complete: it permits HH-CONSUMPTION and
/// HH-EXPORT to Bright Energy Ltd until late in 2027.
inline constexpr std::string_view kGoodAnswer = R"({
  "response": {
    "resource": "/v1/access-records/ak_691df0c788ca043403b7fa90",
    "timestamp": "2026-03-11T12:00:00Z",
    "transaction-id": "tid_691df0c788ca043403b7fa90"
  },
  "access-record": {
    "record-metadata": {
      "schema-version": "1.0",
      "controller-arrangement": {
        "arrangement-type": "sole",
        "controllers": [
          {
            "name": "Bright Energy Ltd",
            "role": "sole",
            "contact-url": "https://bright-energy.com/contact",
            "address": {"addressLine1": "221B Baker Street", "townCity": "London", "postcode": "NW1 6XE"},
            "privacy-rights-url": "https://bright-energy.com/your-rights",
            "lia-reference": "LIA-2024-003",
            "statutory-reference": "Energy Act 2023, s.147",
            "storage-conditions": {"location": "GB", "retention-period": "P2Y"}
          }
        ],
        "art26-reference": null
      },
      "record-identifier": "ak_691df0c788ca043403b7fa90",
      "created-at": "2024-01-15T09:30:00Z",
      "identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3"
    },
    "notice": {
      "shared-notice": {
        "terms-url": "https://bright-energy.com/privacy-v3.html",
        "notice-version": "v3.2",
        "notice-language": "en"
      }
    },
    "processing": {
      "legal-basis": "uk-consent",
      "purpose": "Energy efficiency analysis and tariff recommendations",
      "data-types": ["HH-CONSUMPTION", "HH-EXPORT"],
      "jurisdiction": "GB",
      "data-source": "National Grid ESO / MPAS",
      "recipients": [{"name": "Analytics Co Ltd", "role": "Sub-processor", "privacy-url": null}]
    },
    "access-event": {
      "state": "ACTIVE",
      "registered-at": "2023-11-07T05:31:56Z",
      "expiry": "2027-11-10T17:07:01.580Z",
      "controller-reference": "REF-00123",
      "consent": {"consent-type": "expressed-consent", "method": "Explicit web checkbox"},
      "revoked-at": null
    }
  }
})";

inline constexpr std::string_view kAskedKeyText = "ak_691df0c788ca043403b7fa90";

inline AccessKey asked_key() { return AccessKey::parse(kAskedKeyText).value(); }

inline Timestamp at(std::string_view text) {
  const auto when = parse_timestamp(text);
  EXPECT_TRUE(when) << text;
  return when.value_or(Timestamp{});
}

/// A change to a text: `from`, which stands in it exactly once, becomes `to`.
struct Edit {
  std::string_view from;
  std::string_view to;
};

inline std::string edited(std::string_view text, const std::vector<Edit>& edits) {
  std::string out(text);
  for (const Edit& edit : edits) {
    const std::size_t place = out.find(edit.from);
    const bool once =
        place != std::string::npos && out.find(edit.from, place + 1) == std::string::npos;
    EXPECT_TRUE(once) << "the test's edit does not name one place: " << edit.from;
    if (once) out.replace(place, edit.from.size(), edit.to);
  }
  return out;
}

/// What the good answer reads as.
inline AccessRecord good_record() {
  AccessRecord record;
  record.state = State::active;
  record.expiry = Expiry::at_instant(at("2027-11-10T17:07:01.580Z"));
  record.legal_basis = LegalBasis::uk_consent;
  record.consent_type = ConsentType::expressed_consent;
  record.arrangement = Arrangement::sole;
  record.controllers = {"Bright Energy Ltd"};
  record.lead = 0;
  record.lead_has_lia_reference = true;
  record.lead_has_statutory_reference = true;
  EXPECT_TRUE(record.data_types.add("HH-CONSUMPTION") && record.data_types.add("HH-EXPORT"));
  record.identity_record_ref = "ir_a3c5e7f9b1d3a3c5e7f9b1d3";
  record.complete = true;
  return record;
}

inline DataTypes data_types(const std::vector<std::string_view>& names) {
  DataTypes types;
  for (const std::string_view name : names) EXPECT_TRUE(types.add(name)) << name;
  return types;
}

}  // namespace akgate
