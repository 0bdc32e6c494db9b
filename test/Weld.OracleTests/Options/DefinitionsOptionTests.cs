using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Competing definitions, wrapping and signatures.</summary>
public sealed class DefinitionsOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.Definitions.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.Definitions, name);
}
