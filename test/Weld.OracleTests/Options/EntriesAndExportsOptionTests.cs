using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Entry points and exports.</summary>
public sealed class EntriesAndExportsOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.EntriesAndExports.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.EntriesAndExports, name);
}
