// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Prints the transforms as the library has them: matrices, operation counts, error amplification.
//
//   winograd_print_matrices                        all blocks of the documentation
//   winograd_print_matrices --check <file.md>...   compares the blocks in the files with them
//
// A block stands in a file between "<!-- block: <name> -->" and "<!-- end of block -->". The check
// fails if a block differs, has no such name, or is in none of the files.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/common/transform_1d.hpp"
#include "kernels/transforms/axis_families.hpp"

namespace {

using winograd::detail::AxisFamily;
using winograd::detail::FamilyTraits;
using winograd::detail::Rational;

// ---- operations ---------------------------------------------------------------------------------

/// Stands in for a vector: counts what is done with it. Constants cost nothing.
struct Counted {
  static inline int operations = 0;
  Counted() = default;
  explicit Counted(float) {}
  friend Counted operator+(Counted, Counted) { return count(); }
  friend Counted operator-(Counted, Counted) { return count(); }
  friend Counted operator*(Counted, Counted) { return count(); }

  static Counted count() {
    ++operations;
    return Counted(0.0F);
  }
};

}  // namespace

template <>
struct winograd::detail::Simd<Counted> {
  static Counted fma(Counted, Counted, Counted) { return Counted::count(); }
};

namespace {

template <class Tile>
int input_operations() {
  Counted::operations = 0;
  Counted d[Tile::alpha], v[Tile::alpha];
  winograd::detail::apply_input<Tile>(d, v);
  return Counted::operations;
}

/// "4" values of a tile; of a strided family the even ones and the odd ones.
template <class Traits, class Tile>
std::string input_operations_text() {
  const std::string text = std::to_string(input_operations<Tile>());
  if constexpr (Traits::stride == 1) {
    return text;
  } else {
    using Odd = winograd::detail::WithoutInfinity<Tile>;
    return text + " + " + std::to_string(input_operations<Odd>());
  }
}

template <class Tile>
int output_operations() {
  Counted::operations = 0;
  Counted x[Tile::alpha], y[Tile::m];
  winograd::detail::apply_output<Tile>(x, y);
  return Counted::operations;
}

// ---- amplification ------------------------------------------------------------------------------

template <class Row>
double length_squared(const Row& row) {
  double sum = 0.0;
  for (const Rational& entry : row) sum += std::pow(static_cast<double>(entry), 2.0);
  return sum;
}

/// Mean over the outputs q of sum over i of (Aᵀ_qi |G_i| |Bᵀ_i|)² / r, and its root; of a strided
/// family the sum is over both phases, of which the odd one has a tap less and no last frequency.
template <class Traits, class Tile>
double amplification() {
  double sum = 0.0;
  for (const auto& row : Tile::at_matrix) {
    for (int i = 0; i < Tile::alpha; ++i) {
      const auto at = static_cast<unsigned>(i);
      const auto& g = Tile::g[static_cast<unsigned>(Tile::family_frequency(i))];
      double filter = length_squared(g);
      if (Traits::stride == 2 && i + 1 < Tile::alpha) {
        filter += length_squared(g) - std::pow(static_cast<double>(g.back()), 2.0);
      }
      sum += std::pow(static_cast<double>(row[at]), 2.0) * filter * length_squared(Tile::bt[at]);
    }
  }
  return std::sqrt(sum / Tile::m / Traits::r);
}

/// The same for any list of finite points, whole tiles only.
double amplification(const std::vector<double>& points, int m, int r) {
  const auto square_powers = [](double point, int count) {
    double sum = 0.0;
    for (int k = 0; k < count; ++k) sum += std::pow(point, 2 * k);
    return sum;
  };
  const auto polynomial_length = [&](std::size_t skipped) {
    std::vector<double> coefficients = {1.0};
    for (std::size_t j = 0; j < points.size(); ++j) {
      if (j == skipped) continue;
      coefficients.insert(coefficients.begin(), 0.0);
      for (std::size_t k = 0; k + 1 < coefficients.size(); ++k) {
        coefficients[k] -= points[j] * coefficients[k + 1];
      }
    }
    double sum = 0.0;
    for (const double c : coefficients) sum += c * c;
    return sum;
  };
  double sum = polynomial_length(points.size());  // infinity: in one output, from one tap
  for (std::size_t i = 0; i < points.size(); ++i) {
    double norm = 1.0;
    for (std::size_t j = 0; j < points.size(); ++j) norm *= j == i ? 1.0 : points[i] - points[j];
    sum += square_powers(points[i], m) * square_powers(points[i], r) / (norm * norm) *
           polynomial_length(i);
  }
  return std::sqrt(sum / m / r);
}

// ---- text ---------------------------------------------------------------------------------------

std::string text_of(Rational value) {
  std::string text = std::to_string(value.num);
  if (value.den != 1) text += "/" + std::to_string(value.den);
  return text;
}

template <class Tile>
std::string point_of(int i) {
  return i == Tile::points ? "inf" : text_of(Tile::at(i));
}

/// Rows of cells with the columns aligned to the right.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t j = 0; j < row.size(); ++j) widths[j] = std::max(widths[j], row[j].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t j = 0; j < row.size(); ++j) {
      line += std::string(widths[j] - row[j].size() + (j > 0 ? 2U : 0U), ' ') + row[j];
    }
    text += line + "\n";
  }
  return text;
}

/// `labels` are of the rows if there are as many, else of the columns.
template <class Matrix>
std::string matrix_text(const char* name, const Matrix& matrix,
                        const std::vector<std::string>& labels) {
  std::vector<std::vector<std::string>> rows;
  const bool of_rows = labels.size() == matrix.size() && matrix.size() != matrix[0].size();
  if (!of_rows && labels.size() != matrix.size()) rows.push_back(labels);
  for (unsigned i = 0; i < matrix.size(); ++i) {
    std::vector<std::string> row;
    if (labels.size() == matrix.size()) row = {labels[i], "|"};
    for (const Rational& entry : matrix[i]) row.push_back(text_of(entry));
    rows.push_back(row);
  }
  return std::string(name) + "\n" + aligned(rows);
}

std::string fenced(const std::string& text) { return "```text\n" + text + "```\n"; }

template <class Tile>
std::vector<std::string> point_labels() {
  std::vector<std::string> labels;
  for (int i = 0; i < Tile::alpha; ++i) labels.push_back(point_of<Tile>(i));
  return labels;
}

template <AxisFamily family>
std::string family_text() {
  using Traits = FamilyTraits<family>;
  using Tile = typename Traits::template Tile<Traits::m>;
  const auto labels = point_labels<Tile>();
  std::vector<std::string> columns;
  for (const std::string& label : labels) columns.push_back("(" + label + ")");
  return fenced(matrix_text("G: rows are points, columns g0, g1, ...", Tile::g, labels) + "\n" +
                matrix_text("B^T: rows are points, columns d0, d1, ...", Tile::bt, labels) + "\n" +
                matrix_text("A^T: columns are points, rows y0, y1, ...", Tile::at_matrix, columns));
}

/// A smaller tile on the U of the family: only what is its own.
template <AxisFamily family, int tile>
std::string remainder_text() {
  using Tile = typename FamilyTraits<family>::template Tile<tile>;
  const auto labels = point_labels<Tile>();
  std::vector<std::string> columns;
  for (const std::string& label : labels) columns.push_back("(" + label + ")");
  return fenced(matrix_text("B^T", Tile::bt, labels) + "\n" +
                matrix_text("A^T", Tile::at_matrix, columns));
}

// ---- tables -------------------------------------------------------------------------------------

std::string number(double value, const char* format) {
  char text[40];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

template <class Traits>
std::string family_name() {
  return "F(" + std::to_string(Traits::m) + "," + std::to_string(Traits::r) + ")" +
         (Traits::stride == 2 ? ", stride 2" : "");
}

template <AxisFamily... families>
std::string savings_table() {
  std::string text =
      "| | inputs | products of a tile, 2-D | direct | saved, 2-D | saved, 1-D |\n"
      "|---|---|---|---|---|---|\n";
  const auto add = [&]<AxisFamily family>(std::integral_constant<AxisFamily, family> /*family*/) {
    using Traits = FamilyTraits<family>;
    // Of a strided family the odd phase has an input less.
    const int alpha =
        Traits::stride == 2 ? 2 * Traits::m + Traits::r - 2 : Traits::m + Traits::r - 1;
    const int direct = Traits::m * Traits::r;
    text += "| " + family_name<Traits>() + " | " + std::to_string(alpha) + " | " +
            std::to_string(alpha * alpha) + " | " + std::to_string(direct * direct) + " | " +
            number(1.0 * direct * direct / alpha / alpha, "%.2f×") + " | " +
            number(1.0 * direct / alpha, "%.2f×") + " |\n";
  };
  (add(std::integral_constant<AxisFamily, families>{}), ...);
  return text;
}

/// One row for each family, one column for each tile size.
template <AxisFamily... families, class Cell>
std::string tile_table(const Cell& cell) {
  std::string text = "| |";
  for (int m = 1; m <= winograd::detail::kMaxTile; ++m) text += " " + std::to_string(m) + " |";
  text += "\n|---|";
  for (int m = 1; m <= winograd::detail::kMaxTile; ++m) text += "---|";
  text += "\n";
  const auto add = [&]<AxisFamily family>(std::integral_constant<AxisFamily, family> /*family*/) {
    using Traits = FamilyTraits<family>;
    text += "| " + family_name<Traits>() + " |";
    winograd::detail::unroll<winograd::detail::kMaxTile>([&](auto index) {
      constexpr int m = index.value + 1;
      if constexpr (m <= Traits::m) {
        text += " " + cell.template operator()<Traits, typename Traits::template Tile<m>>() + " |";
      } else {
        text += " |";
      }
    });
    text += "\n";
  };
  (add(std::integral_constant<AxisFamily, families>{}), ...);
  return text;
}

/// Products along one side of a map with F(4,3), with and without smaller tiles at its end.
std::string maps_table() {
  using Traits = FamilyTraits<AxisFamily::f4_3>;
  std::string text =
      "| outputs | tiles | products, 1-D | saved, 2-D | with whole tiles only | saved, 2-D |\n"
      "|---|---|---|---|---|---|\n";
  for (const int outputs : {7, 8, 13, 14, 26, 28}) {
    const int whole = outputs / Traits::m, rest = outputs % Traits::m;
    const int alpha = Traits::m + Traits::r - 1;
    const int products = whole * alpha + (rest > 0 ? rest + Traits::r - 1 : 0);
    const int padded = (whole + (rest > 0 ? 1 : 0)) * alpha;
    const auto saved = [&](int count) {
      return number(std::pow(1.0 * outputs * Traits::r / count, 2.0), "%.2f×");
    };
    std::string tiles = std::to_string(Traits::m) + "·" + std::to_string(whole);
    if (rest > 0) tiles += " + " + std::to_string(rest);
    text += "| " + std::to_string(outputs) + " | " + tiles + " | " + std::to_string(products) +
            " | " + saved(products) + " | " + std::to_string(padded) + " | " + saved(padded) +
            " |\n";
  }
  return text;
}

/// What other points would do. The last rows are the least over all lists on a grid.
std::string points_table() {
  const double root = std::sqrt(0.5);
  const struct {
    const char* points;
    int m, r;
    std::vector<double> list;
  } rows[] = {
      {"0, ±1, ±2", 4, 3, {0, 1, -1, 2, -2}},
      {"0, ±1/2, ±1", 4, 3, {0, 0.5, -0.5, 1, -1}},
      {"0, ±1/√2, ±√2", 4, 3, {0, root, -root, 2 * root, -2 * root}},
      {"0, ±5/8, ±3/2", 4, 3, {0, 0.625, -0.625, 1.5, -1.5}},
      {"0, ±1, ±2, ±3", 6, 3, {0, 1, -1, 2, -2, 3, -3}},
      {"0, ±1/2, ±1, ±2", 6, 3, {0, 0.5, -0.5, 1, -1, 2, -2}},
  };
  std::string text = "| | points, ∞ | amplification | squared |\n|---|---|---|---|\n";
  const auto add = [&](int m, int r, const char* points, double factor) {
    text += "| F(" + std::to_string(m) + "," + std::to_string(r) + ") | " + points + " | " +
            number(factor, "%.2f") + " | " + number(factor * factor, "%.1f") + " |\n";
  };
  for (const auto& row : rows) add(row.m, row.r, row.points, amplification(row.list, row.m, row.r));

  double least4 = 1e300, least6 = 1e300;
  for (double a = 0.125; a < 3.0; a += 0.125) {
    for (double b = a + 0.125; b <= 3.0; b += 0.125) {
      least4 = std::min(least4, amplification({0, a, -a, b, -b}, 4, 3));
      for (double c = b + 0.125; c <= 3.0; c += 0.125) {
        least6 = std::min(least6, amplification({0, a, -a, b, -b, c, -c}, 6, 3));
      }
    }
  }
  add(4, 3, "least of 0, ±a, ±b in eighths up to 3", least4);
  add(6, 3, "least of 0, ±a, ±b, ±c in eighths up to 3", least6);
  return text;
}

// ---- blocks -------------------------------------------------------------------------------------

using Blocks = std::map<std::string, std::string>;

Blocks make_blocks() {
  constexpr auto f2_3 = AxisFamily::f2_3, f3_3 = AxisFamily::f3_3, f4_3 = AxisFamily::f4_3,
                 f6_3 = AxisFamily::f6_3, f2_5 = AxisFamily::f2_5, f4_5 = AxisFamily::f4_5,
                 f2_7 = AxisFamily::f2_7, f2_3s2 = AxisFamily::f2_3s2, f4_3s2 = AxisFamily::f4_3s2,
                 f2_5s2 = AxisFamily::f2_5s2, f4_5s2 = AxisFamily::f4_5s2;
  const auto operations = []<class Traits, class Tile>() {
    return input_operations_text<Traits, Tile>() + ", " + std::to_string(output_operations<Tile>());
  };
  const auto amplified = []<class Traits, class Tile>() {
    return number(amplification<Traits, Tile>(), "%.2f");
  };
  return {
      {"F(2,3)", family_text<f2_3>()},
      {"F(3,3)", family_text<f3_3>()},
      {"F(4,3)", family_text<f4_3>()},
      {"F(6,3)", family_text<f6_3>()},
      {"F(2,5)", family_text<f2_5>()},
      {"F(4,5)", family_text<f4_5>()},
      {"F(2,7)", family_text<f2_7>()},
      {"F(2,2)", family_text<f2_3s2>()},
      {"F(4,2)", family_text<f4_3s2>()},
      {"F(2,3) in F(4,3)", remainder_text<f4_3, 2>()},
      {"F(1,3) in F(4,3)", remainder_text<f4_3, 1>()},
      {"savings",
       savings_table<f2_3, f3_3, f4_3, f6_3, f2_5, f4_5, f2_7, f2_3s2, f4_3s2, f2_5s2, f4_5s2>()},
      {"maps", maps_table()},
      {"operations",
       tile_table<f2_3, f3_3, f4_3, f6_3, f2_5, f4_5, f2_7, f2_3s2, f4_3s2, f2_5s2, f4_5s2>(
           operations)},
      {"points", points_table()},
      {"amplification",
       tile_table<f2_3, f3_3, f4_3, f6_3, f2_5, f4_5, f2_7, f2_3s2, f4_3s2, f2_5s2, f4_5s2>(
           amplified)},
  };
}

constexpr std::string_view kBegin = "<!-- block: ", kBeginEnd = " -->",
                           kEnd = "<!-- end of block -->";

/// Compares the blocks in one file; adds their names to `seen`. Says what is wrong.
bool check_file(const char* path, const Blocks& blocks, std::map<std::string, bool>& seen) {
  std::ifstream file(path);
  if (!file) {
    std::fprintf(stderr, "%s: cannot be read\n", path);
    return false;
  }
  bool good = true;
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind(kBegin, 0) != 0) continue;
    const std::size_t end = line.find(kBeginEnd, kBegin.size());
    const std::string name = line.substr(kBegin.size(), end - kBegin.size());
    std::string text;
    while (std::getline(file, line) && line != kEnd) text += line + "\n";
    const auto block = blocks.find(name);
    seen[name] = true;
    if (block == blocks.end()) {
      std::fprintf(stderr, "%s: there is no block \"%s\"\n", path, name.c_str());
      good = false;
    } else if (block->second != text) {
      std::fprintf(stderr, "%s: block \"%s\" is not\n%s", path, name.c_str(),
                   block->second.c_str());
      good = false;
    }
  }
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  const Blocks blocks = make_blocks();
  if (argc == 1) {
    for (const auto& [name, text] : blocks) {
      std::printf("%s%s%s\n%s%s\n\n", kBegin.data(), name.c_str(), kBeginEnd.data(), text.c_str(),
                  kEnd.data());
    }
    return 0;
  }
  if (std::strcmp(argv[1], "--check") != 0 || argc == 2) {
    std::fprintf(stderr, "usage: winograd_print_matrices [--check <file.md>...]\n");
    return 2;
  }
  bool good = true;
  std::map<std::string, bool> seen;
  for (int i = 2; i < argc; ++i) good = check_file(argv[i], blocks, seen) && good;
  for (const auto& [name, text] : blocks) {
    if (seen[name]) continue;
    std::fprintf(stderr, "block \"%s\" is in none of the files\n", name.c_str());
    good = false;
  }
  return good ? 0 : 1;
}
