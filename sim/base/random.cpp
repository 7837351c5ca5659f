#include "sim/base/random.hpp"

#include <Random123/philox.h>

namespace nines {

Words Stream::words(Slot slot) const {
  using Philox = r123::Philox4x64;
  const Philox::ctr_type counter = {{element_, (static_cast<std::uint64_t>(purpose_) << 32) | slot.block, slot.term, slot.index}};
  const Philox::key_type key = {{seed_, replication_}};
  const Philox::ctr_type out = Philox{}(counter, key);
  return {out[0], out[1], out[2], out[3]};
}

}  // namespace nines
