#include "sim/base/check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nines {
namespace check_test {

TEST(Check, SaysWhatBrokeAndWhere) {
  try {
    SIM_CHECK(1 + 1 == 3, "arithmetic is broken");
    FAIL() << "nothing was thrown";
  } catch (const BrokenInvariant& broken) {
    const std::string what = broken.what();
    EXPECT_NE(what.find("arithmetic is broken"), std::string::npos) << what;
    EXPECT_NE(what.find("1 + 1 == 3"), std::string::npos) << what;
    EXPECT_EQ(what.rfind("check_test.cpp:", 0), 0u) << what;
  }
}

TEST(Check, HoldsItsPeaceOtherwise) { EXPECT_NO_THROW(SIM_CHECK(2 > 1, "order")); }

}  // namespace check_test
}  // namespace nines
