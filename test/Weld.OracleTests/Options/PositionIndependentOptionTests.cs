using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Shared libraries, position-independent executables, and links against shared libraries.</summary>
public sealed class PositionIndependentOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.PositionIndependent.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.PositionIndependent, name);
}
