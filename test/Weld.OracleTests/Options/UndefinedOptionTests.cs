using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Undefined symbols and imports.</summary>
public sealed class UndefinedOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.Undefined.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.Undefined, name);
}
