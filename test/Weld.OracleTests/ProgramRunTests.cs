using Weld.OracleTests.Linking;
using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests;

/// <summary>Whole programs: valid, and they do the same as when wasm-ld has linked them.</summary>
public sealed class ProgramRunTests
{
    public static TheoryData<string> Titles => [.. ProgramList.All.Select(program => program.Title).Reverse()];

    [Theory, MemberData(nameof(Titles))]
    public void Prints_and_returns_the_same(string title)
    {
        ProgramCase program = ProgramList.Get(title);
        ProcessResult expected = Run(program, LinkedProgram.Get(title).Oracle.Module);
        ProcessResult actual = Run(program, LinkedProgram.Get(title).ByClang.Module);
        Assert.Contains(program.Prints, actual.StandardOutput, StringComparison.Ordinal);
        Assert.Equal(program.ExitCode, actual.ExitCode);
        Assert.Equal(expected.StandardOutput, actual.StandardOutput);
        Assert.Equal(expected.StandardError, actual.StandardError);
        Assert.Equal(expected.ExitCode, actual.ExitCode);
    }

    [Theory, MemberData(nameof(Titles))]
    public void Validators_accept_it(string title) => LinkComparison.AssertValid(LinkedProgram.Get(title).Direct.Module);

    private static ProcessResult Run(ProgramCase program, string module) =>
        WasiRunner.Run(module, program.Arguments, program.StandardInput, program.Environment);
}
