// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "tests/register/accounts.hpp"
#include "tests/register/store.hpp"

namespace akgate::sandbox {

/// The accounts and identity records that --help lists. What a data directory holds already stays
/// as it is.
[[nodiscard]] Status seed_demo_accounts(Accounts& accounts);
[[nodiscard]] Status seed_demo_identity_records(Store& store);

}  // namespace akgate::sandbox
