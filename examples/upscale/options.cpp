// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdlib>
#include <map>

#include "model.hpp"

namespace winograd::upscale {

Options read_options(int argc, char** argv) {
  using Kinds = std::vector<Engine::Kind>;
  const std::map<std::string, Kinds> engines{
      {"winograd", {Engine::Kind::winograd}},
      {"half", {Engine::Kind::half}},
      {"opencv", {Engine::Kind::opencv}},
      {"both", {Engine::Kind::winograd, Engine::Kind::opencv}},
      {"all", {Engine::Kind::winograd, Engine::Kind::half, Engine::Kind::opencv}}};
  const std::map<std::string, opencv::Weights> weights_types{
      {"full", opencv::Weights::full},
      {"half", opencv::Weights::half},
      {"half-to-fit", opencv::Weights::half_to_fit}};
  const std::map<std::string, Accuracy> accuracies{{"strict", Accuracy::strict},
                                                   {"standard", Accuracy::standard},
                                                   {"relaxed", Accuracy::relaxed}};
  const std::map<std::string, Algorithm> algorithms{
      {"automatic", Algorithm::automatic},     {"direct", Algorithm::direct},
      {"winograd_f2", Algorithm::winograd_f2}, {"winograd_f3", Algorithm::winograd_f3},
      {"winograd_f4", Algorithm::winograd_f4}, {"winograd_f6", Algorithm::winograd_f6}};

  Options options;
  options.models = default_model_folder();
  std::string engine = "winograd", accuracy = "standard", algorithm = "automatic", weights = "full";
  std::uint64_t limit = 0;

  CLI::App app{
      "Enlarges a picture four times with a super-resolution network in OpenCV, whose "
      "convolutions winograd runs."};
  app.add_option("input", options.input, "Picture to enlarge")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("output", options.output, "Picture to write, e.g. large.png")->required();
  app.add_option("--model", options.model, "Network: gans (better), medium (faster)")
      ->check(CLI::IsMember({"gans", "medium"}))
      ->capture_default_str();
  app.add_option(
         "--engine", engine,
         "Who runs the convolutions: winograd, half (winograd with --weights half), opencv; both "
         "(winograd and opencv, compared), all (compared)")
      ->check(CLI::IsMember(engines))
      ->capture_default_str();
  app.add_option("--side-by-side", options.side_by_side,
                 "Also write this picture: nearest neighbour, bicubic, network");
  app.add_option("--shown", options.shown, "How much it shows, in pixels of the input")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  app.add_option("--tile", options.settings.tile, "Side of a tile; memory grows with its square")
      ->check(CLI::Range(16, 4096))
      ->capture_default_str();
  app.add_option("--overlap", options.settings.overlap, "Pixels that tiles share with neighbours")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app.add_option("--repeat", options.settings.repeats, "Runs of each tile; the median counts")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--threads", options.threads, "Threads; 0: as many as OpenCV likes")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app.add_option("--algorithm", algorithm, "Of winograd; layers it does not cover stay OpenCV's")
      ->check(CLI::IsMember(algorithms))
      ->capture_default_str();
  app.add_option("--accuracy", accuracy, "Of winograd: strict, standard, relaxed")
      ->check(CLI::IsMember(accuracies))
      ->capture_default_str();
  app.add_option("--weights", weights,
                 "How winograd packs them: full, half (f16), half-to-fit (f16 where --packed-limit "
                 "would take smaller tiles)")
      ->check(CLI::IsMember(weights_types))
      ->capture_default_str();
  CLI::Option* cap = app.add_option("--packed-limit", limit, "Cap of packed weights, e.g. 32MB")
                         ->transform(CLI::AsSizeValue(/*kb_is_1000=*/false));
  app.add_option("--models", options.models, "Folder of the networks")->capture_default_str();
  app.add_flag("--report", options.report, "Print what ran each layer, how and why");
  app.add_flag("--json", options.json, "Print the figures as JSON");
  try {
    app.parse(argc, argv);
    if (options.settings.tile <= 2 * options.settings.overlap) {
      throw CLI::ValidationError("--tile", "must be more than twice --overlap");
    }
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  options.engines = engines.at(engine);
  options.winograd.accuracy = accuracies.at(accuracy);
  options.winograd.weights = weights_types.at(weights);
  options.winograd.algorithm = algorithms.at(algorithm);
  if (*cap) options.packed_limit_bytes = static_cast<std::size_t>(limit);
  return options;
}

}  // namespace winograd::upscale
