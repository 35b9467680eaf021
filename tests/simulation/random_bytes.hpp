// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/simulation/dice.hpp"

namespace akgate {

/// Where getrandom() takes its bytes from in this program: seed it, and a run repeats itself.
Dice& random_bytes();

}  // namespace akgate
