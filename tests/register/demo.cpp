// SPDX-License-Identifier: Apache-2.0
#include "tests/register/demo.hpp"

namespace akgate::sandbox {

Status seed_demo_accounts(Accounts& accounts) {
  return accounts.add_from_json(R"({"accounts": [
    {"account-id": "bright-energy", "secret-key": "bright-energy-demo-key", "role": "data_user",
     "duid": "duid_b1b1b1b1b1b1b1b1b1b1b1b1", "display-name": "Bright Energy Ltd",
     "registered-at": "2024-01-10T09:00:00Z", "contact-url": "https://bright-energy.example/contact",
     "data-types-supported": ["HH-CONSUMPTION", "HH-EXPORT", "TARIFF-IMPORT"]},
    {"account-id": "grid-analytics", "secret-key": "grid-analytics-demo-key", "role": "data_user",
     "duid": "duid_9a9a9a9a9a9a9a9a9a9a9a9a", "display-name": "Grid Analytics Ltd",
     "registered-at": "2024-02-20T09:00:00Z", "contact-url": "https://grid-analytics.example/contact",
     "data-types-supported": ["HH-CONSUMPTION", "ANNUAL-CONSUMPTION"]},
    {"account-id": "lapsed-energy", "secret-key": "lapsed-energy-demo-key", "role": "data_user",
     "duid": "duid_1a1a1a1a1a1a1a1a1a1a1a1a", "display-name": "Lapsed Energy Ltd",
     "status": "suspended", "registered-at": "2024-03-30T09:00:00Z",
     "suspended-at": "2026-01-15T12:00:00Z", "contact-url": "https://lapsed-energy.example/contact",
     "data-types-supported": ["HH-CONSUMPTION"]},
    {"account-id": "concentrator-17", "secret-key": "concentrator-demo-key", "role": "data_provider",
     "duid": "duid_c0c0c0c0c0c0c0c0c0c0c0c0", "display-name": "Concentrator 17"},
    {"account-id": "dcc", "secret-key": "dcc-demo-key", "role": "dcc",
     "duid": "duid_dccdccdccdccdccdccdccdcc", "display-name": "DCC"},
    {"account-id": "portal", "secret-key": "portal-demo-key", "role": "portal",
     "duid": "duid_90909090909090909090c0de", "display-name": "Customer Portal"},
    {"account-id": "admin", "secret-key": "admin-demo-key", "role": "admin",
     "duid": "duid_adadadadadadadadadadadad", "display-name": "Register Operations"}
  ]})");
}

Status seed_demo_identity_records(Store& store) {
  struct Seed {
    const char* ir;
    const char* duid;
    const char* mpxn;
  };
  constexpr Seed kSeeds[] = {
      {"ir_a3c5e7f9b1d3a3c5e7f9b1d3", "duid_b1b1b1b1b1b1b1b1b1b1b1b1", "1234567890123"},
      {"ir_b2b2b2b2b2b2b2b2b2b2b2b2", "duid_b1b1b1b1b1b1b1b1b1b1b1b1", "2000012345678"},
      {"ir_c4c4c4c4c4c4c4c4c4c4c4c4", "duid_9a9a9a9a9a9a9a9a9a9a9a9a", "1234567890123"},
      {"ir_d5d5d5d5d5d5d5d5d5d5d5d5", "duid_1a1a1a1a1a1a1a1a1a1a1a1a", "87654321"},
  };
  for (const auto& seed : kSeeds) {
    if (store.identity_record(seed.ir) != nullptr) {
      continue;
    }
    auto principal = new_object();
    put_text(principal.get(), "mpxn", seed.mpxn);
    put_text(principal.get(), "move-in-date", "2021-06-01");
    auto document = new_object();
    put(document.get(), "pii-principal", std::move(principal));
    put_text(document.get(), "expressed-by", "data-subject");
    IdentityRecord record{
        .ir = seed.ir, .duid = seed.duid, .mpxn = seed.mpxn, .document = to_text(document.get())};
    if (auto saved = store.save(std::move(record)); !saved) {
      return saved;
    }
  }
  return Done{};
}

}  // namespace akgate::sandbox
