using Weld.OracleTests.Linking;
using Xunit;

namespace Weld.OracleTests;

/// <summary>Whole programs: weld's module has the same contents as wasm-ld's.</summary>
public sealed class ProgramModuleTests
{
    public static TheoryData<string> Titles => [.. ProgramList.All.Select(program => program.Title)];

    [Theory, MemberData(nameof(Titles))]
    public void Module_equals_that_of_wasm_ld(string title)
    {
        LinkedProgram program = LinkedProgram.Get(title);
        LinkComparison.AssertEqual(title, program.Oracle.Module, program.Direct.Module);
    }

    [Theory, MemberData(nameof(Titles))]
    public void Clang_gets_the_same_bytes_as_a_direct_call(string title)
    {
        LinkedProgram program = LinkedProgram.Get(title);
        Assert.Equal(File.ReadAllBytes(program.Direct.Module), File.ReadAllBytes(program.ByClang.Module));
    }

    [Theory]
    [InlineData("hello -O0")]
    [InlineData("hello -O2")]
    public void Hello_is_the_same_to_the_byte(string title)
    {
        LinkedProgram program = LinkedProgram.Get(title);
        Assert.Equal(File.ReadAllBytes(program.Oracle.Module), File.ReadAllBytes(program.Direct.Module));
    }
}
