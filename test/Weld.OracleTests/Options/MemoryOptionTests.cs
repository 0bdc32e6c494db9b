using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Memory, its layout and its segments.</summary>
public sealed class MemoryOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.Memory.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.Memory, name);
}
