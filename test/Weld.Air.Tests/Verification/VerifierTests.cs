using Weld.Air.Tests.Text;
using Weld.Air.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;

namespace Weld.Air.Tests.Verification;

public sealed class VerifierTests
{
    public static TheoryData<string> GoodFiles => CaseFiles.In("text");

    public static TheoryData<string> BadFiles => CaseFiles.In("verify");

    [Theory]
    [MemberData(nameof(GoodFiles))]
    public void What_keeps_the_rules_is_not_reported(string file)
    {
        string text = CaseFiles.Read("text", file);
        foreach (AirTarget target in new[] { AirTarget.Wasm32, AirTarget.Wasm64 })
        {
            var diagnostics = new DiagnosticBag();
            ParsedModule parsed = AirText.Parse(file, text, diagnostics)!;
            bool isGood = Verifier.Run(parsed.Module, target, diagnostics, parsed.Positions);
            Assert.Equal("", string.Concat(diagnostics.Diagnostics.Select(DiagnosticText.Format)));
            Assert.True(isGood);
        }
    }

    /// <summary>Each mistake is reported where the file says, and nothing else is.</summary>
    [Theory]
    [MemberData(nameof(BadFiles))]
    public void What_breaks_a_rule_is_reported_where_it_is(string file)
    {
        string text = CaseFiles.Read("verify", file);
        var diagnostics = new DiagnosticBag();
        ParsedModule? parsed = AirText.Parse(file, text, diagnostics);
        Assert.True(parsed is not null, string.Concat(diagnostics.Diagnostics.Select(DiagnosticText.Format)));
        Assert.False(Verifier.Run(parsed.Module, AirTarget.Wasm32, diagnostics, parsed.Positions));
        ExpectedErrors.Check(file, text, diagnostics.Diagnostics);
    }

    [Fact]
    public void Every_rule_has_a_case()
    {
        string all = string.Concat(Directory.GetFiles(CaseFiles.Path("verify")).Select(File.ReadAllText));
        Assert.Empty(VerifierRuleTable.All.Select(rule => rule.Descriptor.Code).Where(code => !all.Contains(code, StringComparison.Ordinal))
            .Except(BuiltModuleTests.Codes));
    }

    [Fact]
    public void The_manual_lists_the_rules() =>
        ManualTests.Check(Weld.TestSupport.Repository.Path("docs", "air.md"), "rules",
            "| code | name | what is asked for |\n|---|---|---|\n" + string.Concat(VerifierRuleTable.All.Select(rule =>
                $"| {rule.Descriptor.Code} | `{rule.Descriptor.Name}` | {rule.Meaning} |\n")));

    [Fact]
    public void Rules_are_in_the_order_of_their_codes() =>
        Assert.Equal(VerifierRuleTable.All.Select(rule => rule.Descriptor.Code).Order(StringComparer.Ordinal), VerifierRuleTable.All.Select(rule => rule.Descriptor.Code));
}
