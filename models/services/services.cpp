#include "models/services/services.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>

namespace nines::services {

Expression all_of(std::vector<Expression> parts) {
  const std::size_t all = parts.size();
  return {.kind = Expression::Kind::at_least, .k = all, .parts = std::move(parts)};
}

Expression any_of(std::vector<Expression> parts) { return {.kind = Expression::Kind::at_least, .k = 1, .parts = std::move(parts)}; }

Expression component(std::uint32_t index, Duration grace) { return {.kind = Expression::Kind::component, .index = index, .grace = grace}; }

namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

void add_needs(const Expression& expression, std::uint32_t of, Graph& graph) {
  if (expression.kind == Expression::Kind::component) boost::add_edge(of, expression.index, graph);
  for (const Expression& part : expression.parts) add_needs(part, of, graph);
}

// Those that are needed finish first.
class Order : public boost::dfs_visitor<> {
 public:
  Order(std::vector<std::uint32_t>& finished, std::vector<std::uint32_t>& path, std::vector<std::uint32_t>& circle)
      : finished_(&finished), path_(&path), circle_(&circle) {}

  void discover_vertex(Graph::vertex_descriptor at, const Graph&) { path_->push_back(static_cast<std::uint32_t>(at)); }
  void finish_vertex(Graph::vertex_descriptor at, const Graph&) {
    finished_->push_back(static_cast<std::uint32_t>(at));
    path_->pop_back();
  }
  void back_edge(Graph::edge_descriptor edge, const Graph& graph) {
    if (circle_->empty())
      circle_->assign(std::find(path_->begin(), path_->end(), static_cast<std::uint32_t>(boost::target(edge, graph))), path_->end());
  }

 private:
  std::vector<std::uint32_t>*finished_, *path_, *circle_;
};

}  // namespace

Result<std::vector<std::uint32_t>> in_order_of_need(const std::vector<Component>& components) {
  Graph graph(components.size());
  for (std::uint32_t c = 0; c < components.size(); ++c) add_needs(components[c].needs, c, graph);
  std::vector<std::uint32_t> finished, path, circle;
  boost::depth_first_search(graph, boost::visitor(Order(finished, path, circle)));
  if (circle.empty()) return finished;
  std::string names;
  for (const std::uint32_t c : circle) names += components[c].name + " needs ";
  return fail({}, names + components[circle.front()].name + ": none of them could ever start");
}

bool asks_for_a_partition(const Expression& expression) {
  return expression.kind == Expression::Kind::partition || std::any_of(expression.parts.begin(), expression.parts.end(), asks_for_a_partition);
}

}  // namespace nines::services
