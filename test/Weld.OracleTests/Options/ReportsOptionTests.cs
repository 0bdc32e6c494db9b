using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>What linkers print when asked.</summary>
public sealed class ReportsOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.Reports.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.Reports, name);
}
