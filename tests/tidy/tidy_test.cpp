// The repository looked at by its own rules, and each rule shown something that it must dislike.
#include <gtest/gtest.h>

#include "tidy/rules.hpp"

namespace polyphase::tidy {
namespace {

using Rule = Findings (*)(const Tree&);

std::string all_of(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) text += finding.text() + "\n";
  return text;
}

void expect_clean(Rule rule, const Tree& tree) { EXPECT_EQ(all_of(rule(tree)), ""); }

/// One finding, at `place` ("path" or "path:line"), whose message contains `words`.
void expect_dislikes(Rule rule, const Tree& tree, const std::string& place,
                     const std::string& words) {
  const Findings findings = rule(tree);
  ASSERT_EQ(findings.size(), 1u) << all_of(findings);
  EXPECT_TRUE(findings[0].text().starts_with(place + ": ")) << findings[0].text();
  EXPECT_NE(findings[0].message.find(words), std::string::npos) << findings[0].text();
}

/// base <- dsp, base <- text, and two modules that are siblings.
Tree layered() {
  return {
      {"ARCHITECTURE.md",
       "| layer | holds | may include |\n|---|---|---|\n| base | x | |\n| dsp, text | y | base |\n"
       "| modules/NAME | z | dsp base |\n"},
      {"src/base/CMakeLists.txt", "layer(base)\n"},
      {"src/dsp/CMakeLists.txt", "layer(dsp USES base LINKS m)\n"},
      {"src/text/CMakeLists.txt", "layer(text)\n"},
      {"src/modules/one/CMakeLists.txt", "layer(modules/one USES base)\n"},
      {"src/modules/two/CMakeLists.txt", "layer(modules/two USES dsp base)\n"}};
}

Tree with(Tree tree, const std::string& path, const std::string& text) {
  tree[path] = text;
  return tree;
}

const Tree& repository() {
  static const Tree tree = read_tree(POLYPHASE_SOURCE_DIR);
  return tree;
}

struct NamedRule {
  const char* name;
  Rule rule;
};
void PrintTo(const NamedRule& rule, std::ostream* out) { *out << rule.name; }

class Repository : public testing::TestWithParam<NamedRule> {};

TEST_P(Repository, Obeys) {
  const Findings findings = GetParam().rule(repository());
  EXPECT_TRUE(findings.empty()) << all_of(findings);
}

INSTANTIATE_TEST_SUITE_P(
    Tidy, Repository,
    testing::Values(NamedRule{"IncludesFollowUses", includes_follow_uses},
                    NamedRule{"UsesFollowTheTable", uses_follow_the_table},
                    NamedRule{"HeavyHeaders", heavy_headers_stay_in_one_file},
                    NamedRule{"HeadersAreUsed", headers_are_used},
                    NamedRule{"HeadersOpenNoNamespace", headers_open_no_namespace},
                    NamedRule{"NothingIsLeftOver", nothing_is_left_over},
                    NamedRule{"NoBannedCalls", no_banned_calls},
                    NamedRule{"EngineAsksNoClock", engine_asks_no_clock},
                    NamedRule{"NoPathsOfOneMachine", no_paths_of_one_machine},
                    NamedRule{"FilesAreShort", files_are_short},
                    NamedRule{"NamesAreLowerCase", names_are_lower_case},
                    NamedRule{"FoldersHaveTests", folders_have_tests},
                    NamedRule{"CodecsHaveFuzzTargets", codecs_have_fuzz_targets},
                    NamedRule{"LinksLeadSomewhere", links_lead_somewhere},
                    NamedRule{"MetRowsAreCovered", met_rows_are_covered}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(ReadingTheTree, FindsTheRepository) {
  EXPECT_TRUE(repository().contains("cmake/layer.cmake"));
  EXPECT_GT(repository().size(), 50u);
}

TEST(ReadingCode, BlanksCommentsAndLiteralsAndKeepsLines) {
  EXPECT_EQ(code_of("a // b\n\"c\" d /* e\n f */ g"), "a     \n\"   d     \n      g");
  EXPECT_EQ(code_of("x = 10'000; y"), "x = 10'000; y");
  EXPECT_EQ(code_of("R\"(a \" b)\" c").find("a"), std::string::npos);
  EXPECT_NE(code_of("\"\\\"\" call()").find("call()"), std::string::npos);
}

TEST(Layers, MayIncludeWhatTheyUse) {
  expect_clean(includes_follow_uses, with(layered(), "src/dsp/a.cpp", "#include \"base/b.hpp\"\n"));
}

TEST(Layers, MayNotIncludeWhatTheyDoNotUse) {
  expect_dislikes(includes_follow_uses,
                  with(layered(), "src/base/a.cpp", "\n#include \"dsp/b.hpp\"\n"),
                  "src/base/a.cpp:2", "base does not use dsp");
}

TEST(Layers, MayNotIncludeASibling) {
  expect_dislikes(includes_follow_uses,
                  with(layered(), "src/modules/one/a.cpp", "#include \"modules/two/b.hpp\"\n"),
                  "src/modules/one/a.cpp:1", "modules/one does not use modules/two");
}

TEST(Layers, AFileOutsideOfAnyIsDisliked) {
  expect_dislikes(includes_follow_uses, with(layered(), "src/stray/a.cpp", "int a;\n"),
                  "src/stray/a.cpp", "lies in no layer");
}

TEST(Layers, MayNotUseASibling) {
  expect_dislikes(
      uses_follow_the_table,
      with(layered(), "src/modules/one/CMakeLists.txt", "layer(modules/one USES modules/two)\n"),
      "src/modules/one/CMakeLists.txt:1", "does not let modules/one use modules/two");
}

TEST(Layers, MayNotUseWhatTheTableDoesNotAllow) {
  expect_dislikes(uses_follow_the_table,
                  with(layered(), "src/base/CMakeLists.txt", "layer(base USES dsp)\n"),
                  "src/base/CMakeLists.txt:1", "does not let base use dsp");
}

TEST(Layers, NeedARowInTheTable) {
  expect_dislikes(uses_follow_the_table,
                  with(layered(), "src/extra/CMakeLists.txt", "layer(extra)\n"),
                  "src/extra/CMakeLists.txt:1", "extra has no row");
}

TEST(Layers, MayNotUseALayerThatIsNotThere) {
  expect_dislikes(uses_follow_the_table,
                  with(layered(), "src/dsp/CMakeLists.txt", "layer(dsp USES ghost)\n"),
                  "src/dsp/CMakeLists.txt:1", "there is no layer ghost");
}

TEST(Layers, AreNamedAsTheirFolders) {
  Tree tree = layered();
  tree.erase("src/text/CMakeLists.txt");
  expect_dislikes(uses_follow_the_table, with(tree, "src/words/CMakeLists.txt", "layer(text)\n"),
                  "src/words/CMakeLists.txt:1", "not named as its folder");
}

TEST(HeavyHeaders, AreDislikedInAHeader) {
  expect_dislikes(heavy_headers_stay_in_one_file, {{"src/a.hpp", "#include <CLI/CLI.hpp>\n"}},
                  "src/a.hpp:1", "too slow for a header");
}

TEST(HeavyHeaders, AreDislikedInASecondSource) {
  expect_dislikes(heavy_headers_stay_in_one_file,
                  {{"src/a.cpp", "#include <nlohmann/json.hpp>\n"},
                   {"src/b.cpp", "\n#include <nlohmann/json.hpp>\n"}},
                  "src/b.cpp:2", "already in src/a.cpp");
}

TEST(HeavyHeaders, MayComeTwiceInOneSource) {
  expect_clean(
      heavy_headers_stay_in_one_file,
      {{"src/a.cpp", "#include <boost/beast/core.hpp>\n#include <boost/beast/http.hpp>\n"}});
}

TEST(HeavyHeaders, FormattingBelongsIntoSources) {
  expect_dislikes(heavy_headers_stay_in_one_file, {{"src/a.hpp", "#include <fmt/format.h>\n"}},
                  "src/a.hpp:1", "belongs into sources");
}

TEST(Headers, ThatNobodyElseIncludesAreDisliked) {
  expect_dislikes(headers_are_used,
                  {{"src/base/a.hpp", ""}, {"src/base/a.cpp", "#include \"base/a.hpp\"\n"}},
                  "src/base/a.hpp", "nobody includes");
}

TEST(Headers, MayNotOpenANamespace) {
  expect_dislikes(headers_open_no_namespace, {{"src/a.hpp", "\nusing namespace std;\n"}},
                  "src/a.hpp:2", "opens no namespace");
}

TEST(LeftOvers, AreDislikedInCodeAndText) {
  expect_dislikes(nothing_is_left_over, {{"src/a.cpp", "int a;  // TODO: b\n"}}, "src/a.cpp:1",
                  "do it");
  expect_dislikes(nothing_is_left_over, {{"docs/a.md", "text\nFIXME\n"}}, "docs/a.md:2", "do it");
  expect_dislikes(nothing_is_left_over, {{"run", "# XXX\n"}}, "run:1", "do it");
  expect_clean(nothing_is_left_over, {{"src/a.cpp", "int XXXL, todo;\n"}});
}

TEST(BannedCalls, AreDislikedWithTheirReplacement) {
  const std::pair<const char*, const char*> examples[] = {
      {"int a = std::rand();", "seeded"},     {"strtok(a, b);", "string_view"},
      {"int n = atoi(a);", "from_chars"},     {"gets(a);", "bounded"},
      {"sprintf(a, b);", "fmt::format"},      {"std::regex r;", "small parser"},
      {"auto t = time(nullptr);", "Instant"}, {"sleep(1);", "time-out"}};
  for (const auto& [code, instead] : examples)
    expect_dislikes(no_banned_calls, {{"src/lab/a.cpp", code}}, "src/lab/a.cpp:1", instead);
}

TEST(BannedCalls, MayBeSpokenOf) {
  expect_clean(
      no_banned_calls,
      {{"src/lab/a.cpp", "// atoi(a) is not used\nauto a = \"gets(b)\";\nstep.time();\n"}});
}

TEST(BannedCalls, PrintingIsForTheProgramsMain) {
  expect_dislikes(no_banned_calls, {{"src/lab/a.cpp", "std::printf(a);"}}, "src/lab/a.cpp:1",
                  "caller prints");
  expect_clean(no_banned_calls, {{"apps/polyphase/main.cpp", "std::printf(a);"},
                                 {"src/base/contract.cpp", "std::fprintf(stderr, a);"}});
}

TEST(BannedCalls, PacingIsForTheLab) {
  const std::string code = "std::this_thread::sleep_for(a);";
  expect_dislikes(no_banned_calls, {{"src/graph/a.cpp", code}}, "src/graph/a.cpp:1", "pacing");
  expect_clean(no_banned_calls, {{"src/lab/live.cpp", code}});
}

TEST(TheEngine, MayNotAskAClock) {
  expect_dislikes(engine_asks_no_clock,
                  {{"src/graph/a.cpp", "auto t = std::chrono::steady_clock::now();"}},
                  "src/graph/a.cpp:1", "function of samples");
  expect_clean(engine_asks_no_clock,
               {{"src/lab/a.cpp", "auto t = std::chrono::steady_clock::now();"}});
}

TEST(Paths, OfOneMachineAreDisliked) {
  expect_dislikes(no_paths_of_one_machine, {{"docs/a.md", "see /home/me/file\n"}}, "docs/a.md:1",
                  "one machine");
  expect_dislikes(no_paths_of_one_machine, {{"docs/a.md", "see ../shared/notes\n"}}, "docs/a.md:1",
                  "outside");
  expect_clean(no_paths_of_one_machine,
               {{"src/a_test.cpp", "read(ROOT \"/../shared/data/a.cfg\")\n"}});
}

TEST(LongFiles, MustSayWhy) {
  std::string text;
  for (std::size_t i = 0; i <= file_lines_max; ++i) text += "int a;\n";
  expect_dislikes(files_are_short, {{"src/a.cpp", text}}, "src/a.cpp", "601 lines");
  expect_clean(files_are_short,
               {{"src/a.cpp", "// Longer than usual because it is one table.\n" + text}});
}

TEST(Names, AreLowerCase) {
  expect_dislikes(names_are_lower_case, {{"docs/Notes.md", ""}}, "docs/Notes.md", "lower case");
  expect_dislikes(names_are_lower_case, {{"src/a-b.cpp", ""}}, "src/a-b.cpp", "snake_case");
  expect_clean(names_are_lower_case,
               {{"README.md", ""}, {"docs/0001-lanes.md", ""}, {"src/a_b.hpp", ""}});
}

TEST(Folders, OfModulesAndCodecsNeedATest) {
  expect_dislikes(folders_have_tests, {{"src/modules/one/one.cpp", ""}}, "src/modules/one",
                  "no *_test.cpp");
  expect_clean(folders_have_tests, {{"src/modules/one/one.cpp", ""},
                                    {"src/modules/one/one_test.cpp", ""},
                                    {"src/modules/list.cpp", ""}});
}

TEST(Codecs, NeedAFuzzTarget) {
  expect_dislikes(codecs_have_fuzz_targets, {{"src/wire/sv/frame.cpp", ""}}, "src/wire/sv",
                  "// fuzzes: wire/sv");
  expect_clean(codecs_have_fuzz_targets,
               {{"src/wire/sv/frame.cpp", ""}, {"fuzz/sv.cpp", "// fuzzes: wire/sv\n"}});
}

TEST(Links, LeadSomewhere) {
  expect_dislikes(links_lead_somewhere, {{"docs/a.md", "see [b](b.md)\n"}}, "docs/a.md:1",
                  "no b.md");
  expect_clean(links_lead_somewhere,
               {{"docs/a.md", "[up](../README.md) [net](https://a.b/c) [in](d)\n"},
                {"docs/d/e.md", ""},
                {"README.md", ""}});
}

const std::string covers_mark = std::string("// Cov") + "ers: ";  // no claim of this file

TEST(Conformance, MetNeedsATestThatSaysSo) {
  expect_dislikes(met_rows_are_covered, {{"docs/conformance/a.md", "| ZZZ-001 | a | met | |\n"}},
                  "docs/conformance/a.md:1", "no test says");
  expect_clean(met_rows_are_covered,
               {{"docs/conformance/a.md", "| ZZZ-002 | a | met | src/a_test.cpp |\n"},
                {"src/a_test.cpp", covers_mark + "ZZZ-001..ZZZ-003\n"}});
}

TEST(Conformance, TestsThatAreNamedExist) {
  expect_dislikes(met_rows_are_covered,
                  {{"docs/conformance/a.md", "| ZZZ-001 | a | open | src/b_test.cpp |\n"}},
                  "docs/conformance/a.md:1", "no test src/b_test.cpp");
}

TEST(Conformance, ARowStandsOnce) {
  expect_dislikes(met_rows_are_covered,
                  {{"docs/conformance/a.md", "| ZZZ-001 | a | open | |\n"},
                   {"docs/conformance/b.md", "| ZZZ-001 | a | open | |\n"}},
                  "docs/conformance/b.md:1", "already");
}

TEST(Conformance, NotApplicableSaysWhy) {
  expect_dislikes(met_rows_are_covered,
                  {{"docs/conformance/a.md", "| ZZZ-001 | a | not applicable | |\n"}},
                  "docs/conformance/a.md:1", "why");
}

}  // namespace
}  // namespace polyphase::tidy
