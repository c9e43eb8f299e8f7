// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "bench/model/predict.hpp"
#include "bench/model/report.hpp"
#include "bench/tests/model_writer.hpp"
#include "bench/views/progress.hpp"

namespace winograd::bench {
namespace {

ReportRow row(const char* geometry, int count, double measured, double direct, double peer) {
  ReportRow result;
  result.convolution.layer = {parse_geometry(geometry), count, "node"};
  result.algorithm = direct == measured ? "direct" : "winograd_f4";
  result.predicted = measured * 1.1;
  result.predicted_direct = direct;
  result.measured = measured;
  result.direct = direct;
  if (peer > 0) result.peers["other"] = peer;
  return result;
}

ModelReport report_of(std::vector<ReportRow> rows) {
  ModelReport report;
  report.file = "net.onnx";
  report.layout = "nhwc";
  for (const ReportRow& one : rows) report.network.convolutions.push_back(one.convolution);
  report.rows = std::move(rows);
  return report;
}

bool mentions(const std::vector<std::string>& lines, const std::string& part) {
  for (const std::string& line : lines)
    if (line.find(part) != std::string::npos) return true;
  return false;
}

constexpr const char* kLarge = "n1c64h56w56k64r3s1p1";
constexpr const char* kPointwise = "n1c64h56w56k64r1s1p0";

TEST(Report, AddsUpAsOftenAsLayersOccur) {
  const ModelReport report =
      report_of({row(kLarge, 3, 1e-3, 3e-3, 2e-3), row(kPointwise, 2, 1e-3, 1e-3, 0)});
  EXPECT_DOUBLE_EQ(report.measured(), 5e-3);
  const std::vector<Rival> all = rivals(report);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_DOUBLE_EQ(all[0].seconds, 11e-3);
  EXPECT_DOUBLE_EQ(all[0].gain(), 2.2);
  // The peer took one of the two.
  EXPECT_EQ(all[1].layers, 1);
  EXPECT_DOUBLE_EQ(all[1].gain(), 2.0);
  EXPECT_TRUE(mentions(advice(report), "Against other: 2.00 times as fast"));
  EXPECT_TRUE(mentions(advice(report), "It took 1 of the 2 layers"));
}

TEST(Report, ComparesTheEstimateOfWhatWasMeasured) {
  ModelReport report =
      report_of({row(kLarge, 3, 1e-3, 3e-3, 2e-3), row(kPointwise, 1, 1e-3, 1e-3, 0)});
  report.rows[1].measured = 0;
  EXPECT_DOUBLE_EQ(report.predicted(), 4.4e-3);
  EXPECT_DOUBLE_EQ(report.predicted_over_measured(), 1.1);
  report.rows[0].measured = 0;
  EXPECT_EQ(report.predicted_over_measured(), 0.0);
  EXPECT_TRUE(nlohmann::json::parse(to_json(report))["total"]["predicted_over_measured"].is_null());
}

TEST(Report, SaysWhenNotToSwitch) {
  const ModelReport slower =
      report_of({row(kLarge, 1, 1e-3, 2e-3, 2e-3), row(kPointwise, 9, 1e-3, 1e-3, 0.5e-3)});
  EXPECT_TRUE(mentions(advice(slower), "Do not switch from other"));
  EXPECT_TRUE(mentions(advice(slower), "the faster one on 1 of 2"));
  EXPECT_TRUE(mentions(advice(slower), "computes directly too"));
  const ModelReport same = report_of({row(kLarge, 1, 1e-3, 2e-3, 1.02e-3)});
  EXPECT_TRUE(mentions(advice(same), "no difference worth a switch"));
  EXPECT_FALSE(mentions(advice(same), "computes directly too"));
}

TEST(Report, CountsOtherWork) {
  ModelReport report = report_of({row(kLarge, 1, 1e-3, 2e-3, 0)});
  report.network.others.push_back({"MatMul", 3, report.network.flops(), true});
  EXPECT_TRUE(mentions(advice(report), "50 % of the operations"));
  report.network.skipped.push_back("somewhere: too strange");
  EXPECT_TRUE(mentions(advice(report), "1 convolutions are not in the table"));
  EXPECT_TRUE(mentions(advice(ModelReport()), "nothing to gain"));
}

TEST(Report, PageIsWholeAndItsDataHarmless) {
  ModelReport report = report_of({row(kLarge, 3, 1e-3, 3e-3, 2e-3)});
  report.rows[0].convolution.layer.where = "</script><script>alert(1)</script>\xff";
  const std::string page = to_html(report);
  EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
  EXPECT_NE(page.find("\"layer\":\"n1c64h56w56k64r3s1p1\""), std::string::npos);
  for (const char* loads : {"src=", "href=", "@import", "url(", "fetch("})
    EXPECT_EQ(page.find(loads), std::string::npos) << loads;
}

TEST(Report, JsonHasWhatTheTableHas) {
  const auto json = nlohmann::json::parse(
      to_json(report_of({row(kLarge, 3, 1e-3, 3e-3, 2e-3), row(kPointwise, 1, 1e-3, 1e-3, 0)})));
  EXPECT_EQ(json["layers"].size(), 2U);
  EXPECT_EQ(json["layers"][0]["count"], 3);
  EXPECT_DOUBLE_EQ(json["layers"][0]["measured_ms"], 1.0);
  EXPECT_DOUBLE_EQ(json["layers"][0]["share"], 0.75);
  EXPECT_DOUBLE_EQ(json["layers"][0]["peers_ms"]["other"], 2.0);
  EXPECT_DOUBLE_EQ(json["total"]["measured_ms"], 4.0);
  EXPECT_DOUBLE_EQ(json["total"]["predicted_ms"], 4.4);
  EXPECT_DOUBLE_EQ(json["total"]["predicted_over_measured"], 1.1);
  EXPECT_EQ(json["against"].size(), 2U);
}

TEST(Prediction, ChoosesAsThePlanDoes) {
  for (const char* text : {kLarge, kPointwise, "n1c3h64w64k16r3s1p1", "n1c512h7w7k512r3s1p1",
                           "n1c32h20w20k32r3s1p1g32"}) {
    Conv2dDesc desc = parse_geometry(text);
    desc.layout = Layout::nhwc;
    const std::vector<float> weights(static_cast<std::size_t>(desc.weights_size()), 0.01F);
    const auto plan = Conv2dPlan::create(desc, {}, weights.data(), nullptr);
    ASSERT_TRUE(plan.ok());
    PlanOptions options;
    options.calibration.seconds_per_cycle = 1e-9;
    const Prediction prediction = predict_layer(desc, options);
    EXPECT_EQ(prediction.algorithm, plan->info().algorithm) << text;
    EXPECT_GT(prediction.seconds, 0.0);
    EXPECT_LE(prediction.seconds, prediction.direct_seconds);
  }
}

TEST(ProgressBar, FillsUp) {
  EXPECT_EQ(progress_text(0, 4, "x"), "[" + std::string(24, '.') + "] 0 of 4, x");
  EXPECT_EQ(progress_text(2, 4, ""),
            "[" + std::string(12, '#') + std::string(12, '.') + "] 2 of 4");
  EXPECT_EQ(progress_text(4, 4, ""), "[" + std::string(24, '#') + "] 4 of 4");
}

/// The program itself, on a file of its own in a folder of its own.
class ModelProgram : public testing::Test {
 protected:
  ModelProgram() : folder_(testing::TempDir() + "winograd_model_" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
    write("net.onnx", test::sample_model().bytes());
  }
  ~ModelProgram() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
  }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name), std::ios::binary).rdbuf();
    return text.str();
  }
  /// All that it prints; the exit code goes to status_.
  std::string run(const std::string& arguments) {
    const std::string command =
        std::string("'") + WINOGRAD_BENCH_PROGRAM + "' " + arguments + " 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    std::string output;
    std::array<char, 4096> buffer;
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
      output.append(buffer.data(), got);
    status_ = WEXITSTATUS(pclose(pipe));
    return output;
  }

  std::string folder_;
  int status_ = -1;
};

TEST_F(ModelProgram, MeasuresAndWritesBothFiles) {
  const std::string output =
      run("--model " + path("net.onnx") + " --peers im2col --rounds 1 --sample-ms 0 --html " +
          path("report.html") + " --json " + path("report.json"));
  EXPECT_EQ(status_, 0) << output;
  EXPECT_NE(output.find("4 convolutions, 4 different"), std::string::npos) << output;
  EXPECT_NE(output.find("bn+add+relu"), std::string::npos) << output;
  EXPECT_NE(output.find("gainst im2col"), std::string::npos) << output;
  EXPECT_EQ(output.find('\r'), std::string::npos) << "a progress bar, but this is no terminal";
  const auto json = nlohmann::json::parse(read("report.json"));
  ASSERT_EQ(json["layers"].size(), 4U);
  for (const auto& layer : json["layers"]) {
    EXPECT_GT(layer["measured_ms"], 0.0);
    EXPECT_GT(layer["peers_ms"]["im2col"], 0.0);
    EXPECT_LT(layer["rms_error"], 1e-5);
  }
  EXPECT_NE(read("report.html").find("n1c16h32w32k16r3s1p1"), std::string::npos);
}

TEST_F(ModelProgram, EstimatesWithoutMeasuring) {
  // Sizes that could not be measured in the time of a test.
  const std::string output =
      run("--model " + path("net.onnx") + " --estimate --input 1x3x4096x4096");
  EXPECT_EQ(status_, 0) << output;
  EXPECT_NE(output.find("h4096w4096"), std::string::npos) << output;
  EXPECT_NE(output.find("Estimated, not measured"), std::string::npos) << output;
}

TEST_F(ModelProgram, ListsWhatItDoesNotMeasure) {
  const std::string output =
      run("--model " + path("net.onnx") + " --peers none --rounds 1 --input 1x3x20000x20000");
  EXPECT_EQ(status_, 0) << output;
  EXPECT_NE(output.find("too large"), std::string::npos) << output;
}

TEST_F(ModelProgram, SaysWhatIsWrong) {
  write("broken.onnx", test::sample_model().bytes().substr(0, 300));
  EXPECT_NE(run("--model " + path("broken.onnx")).find("damaged or cut short"), std::string::npos);
  EXPECT_EQ(status_, 1);
  EXPECT_NE(run("--model " + path("nothing.onnx")).find("does not exist"), std::string::npos);
  EXPECT_NE(status_, 0);
  EXPECT_NE(run("--model " + path("net.onnx") + " --input y:1x2").find("no input 'y'"),
            std::string::npos);
  EXPECT_EQ(status_, 1);
  run("--html x.html --list vgg16");
  EXPECT_NE(status_, 0);
  run("--model " + path("net.onnx") + " --layout nhwc,nchw");
  EXPECT_NE(status_, 0);
}

}  // namespace
}  // namespace winograd::bench
