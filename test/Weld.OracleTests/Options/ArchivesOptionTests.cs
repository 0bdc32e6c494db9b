using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Archives, libraries and lazy objects.</summary>
public sealed class ArchivesOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.Archives.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.Archives, name);
}
