using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Memory that threads share, and thread-local data.</summary>
public sealed class SharedMemoryOptionTests
{
    public static TheoryData<string> Names => [.. OptionList.SharedMemory.Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Does_what_wasm_ld_does(string name) => OptionRunner.Compare(OptionList.SharedMemory, name);
}
