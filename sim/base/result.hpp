// The user's input is wrong: where, what, and what would be right. All errors of a file travel together.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace nines {

// A place in a file that the user wrote. Lines and columns count from 1; 0 means "the file as a whole".
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

struct Error {
  Place place;
  std::string what;  // One sentence: what is wrong and what would be right.
};

using Errors = std::vector<Error>;

template <class T>
using Result = tl::expected<T, Errors>;

inline tl::unexpected<Errors> fail(Place place, std::string what) { return tl::unexpected<Errors>(Errors{Error{std::move(place), std::move(what)}}); }
inline tl::unexpected<Errors> fail(Errors errors) { return tl::unexpected<Errors>(std::move(errors)); }

}  // namespace nines
