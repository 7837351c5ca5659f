// Whether a sanitizer watches every step, which takes many times as long. Tests that judge figures do so in the plain build only: other tests run the
// same code under the sanitizers.
#pragma once

namespace nines::testing_worlds {

#ifdef NINES_SANITIZED
inline constexpr bool watched = true;
#else
inline constexpr bool watched = false;
#endif
inline constexpr const char* figures_elsewhere = "figures are judged in the plain build; other tests run the same code under the sanitizers";

}  // namespace nines::testing_worlds
