// Lines with a comment behind each, the comments in a column.
#pragma once

#include <string>
#include <vector>

namespace nines::scenarios {

class Page {
 public:
  void line(std::string text, std::string comment = {}) { lines_.push_back({std::move(text), std::move(comment)}); }
  std::string text() const;

 private:
  struct Line {
    std::string text, comment;
  };
  std::vector<Line> lines_;
};

}  // namespace nines::scenarios
