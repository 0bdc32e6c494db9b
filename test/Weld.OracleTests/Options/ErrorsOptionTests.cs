using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Command lines and files that are wrong.</summary>
public sealed class ErrorsOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.Errors.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.Errors, name);
}
