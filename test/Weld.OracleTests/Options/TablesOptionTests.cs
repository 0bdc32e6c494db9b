using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Function tables, tags, constructors and position independent objects.</summary>
public sealed class TablesOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.Tables.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.Tables, name);
}
