using Weld.OracleTests.Linking;
using Xunit;

namespace Weld.OracleTests;

/// <summary>Options that change much of a module, on whole programs with their libraries.</summary>
public sealed class ProgramOptionTests
{
    private static readonly string[] Programs = ["stdio_floats -O0", "environment -O2", "heap -O1 -g", "virtual -O2 -g", "streams -O1"];

    private static readonly string[] Options =
    [
        "-O0", "-O2", "--strip-all", "--strip-debug", "--no-gc-sections", "--export-all", "--export-dynamic", "--no-merge-data-segments",
        "--no-stack-first", "--no-demangle", "--export-table --growable-table", "--import-memory --export-memory", "--build-id",
        "--no-gc-sections --export-all -O0 --no-merge-data-segments --no-stack-first",
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string program in Programs)
                foreach (string option in Options)
                    cases.Add(program, option);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Module_equals_that_of_wasm_ld(string title, string options)
    {
        LinkedProgram program = LinkedProgram.Get(title);
        string[] words = options.Split(' ');
        LinkOutcome expected = program.LinkWithWasmLd(Path.Combine("options", options.Replace(' ', '_'), "oracle"), words);
        LinkOutcome actual = program.LinkWithWeld(Path.Combine("options", options.Replace(' ', '_'), "weld"), words);
        LinkComparison.AssertEqual($"{title} {options}", expected.Module, actual.Module);
        File.Delete(expected.Output);
        File.Delete(actual.Output);
    }
}
