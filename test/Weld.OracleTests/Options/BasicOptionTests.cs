using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>How arguments are spelled, and options without effect.</summary>
public sealed class BasicOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.Basic.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.Basic, name);
}
