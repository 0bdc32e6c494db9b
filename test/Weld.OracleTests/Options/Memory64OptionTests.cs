using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Memory and tables with 64-bit addresses.</summary>
public sealed class Memory64OptionTests
{
    public static TheoryData<string> Names => [.. OptionList.Memory64.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.Memory64, name);
}
