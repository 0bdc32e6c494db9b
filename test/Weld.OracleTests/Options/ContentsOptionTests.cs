using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>What is kept: collection, stripping, strings, features and build ids.</summary>
public sealed class ContentsOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.Contents.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.Contents, name);
}
