using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Weld.TestSupport;

namespace Weld.OracleTests.Linking;

/// <summary>A program linked three ways: by clang with weld as its linker, by weld with the arguments that
/// clang uses, and by wasm-ld with the same.</summary>
public sealed partial class LinkedProgram
{
    private static readonly ConcurrentDictionary<string, Lazy<LinkedProgram>> Linked = new();

    private readonly ProgramCase _program;
    private readonly string _folder;

    private LinkedProgram(ProgramCase program)
    {
        _program = program;
        _folder = Repository.Path("artifacts", "oracle-links", program.Title.Replace(' ', '_'));
        string[] inputs = Inputs();
        string[] linkerArguments = LinkerArguments(inputs);
        Oracle = Link("oracle", output => ProcessRunner.Run(Tools.WasmLd, [.. linkerArguments, "-o", output]));
        ByClang = Link("clang", output => ProcessRunner.Run(Driver, [.. DriverArguments(inputs), $"-fuse-ld={WeldTool.Existing(WeldTool.WasmLd)}", "-o", output]));
        Direct = Link("direct", output => WeldTool.Link([.. linkerArguments, "-o", output]));
    }

    /// <summary>Each is the module's path, or the failed run.</summary>
    public LinkOutcome Oracle { get; }
    public LinkOutcome ByClang { get; }
    public LinkOutcome Direct { get; }

    public static LinkedProgram Get(string title) =>
        Linked.GetOrAdd(title, key => new Lazy<LinkedProgram>(() => new LinkedProgram(ProgramList.Get(key)))).Value;

    private string Driver => _program.IsCPlusPlus ? Tools.ClangPlusPlus : Tools.Clang;

    private string[] Inputs()
    {
        string[] objects = [.. _program.Sources.Select(Compile)];
        if (_program.LibrarySources.Length == 0)
            return objects;
        return [.. objects, ObjectCache.Archive($"lib{_program.Name}.a", "rcs", [.. _program.LibrarySources.Select(Compile)])];
    }

    private string Compile(string source) => ObjectCache.Compile(
        Repository.Path("test", "Weld.OracleTests", "Programs", source),
        ["--target=wasm32-wasi", "-fno-exceptions", .. _program.Flags]);

    private string[] DriverArguments(string[] inputs) =>
        ["-Wno-deprecated", "--target=wasm32-wasi", .. inputs, .. _program.LinkFlags];

    /// <summary>What clang would run, from the last line of its dry run, without program and output.</summary>
    private string[] LinkerArguments(string[] inputs)
    {
        ProcessResult dryRun = ProcessRunner.Run(Driver, [.. DriverArguments(inputs), "-###", "-o", "OUTPUT"]).RequireSuccess();
        string line = dryRun.StandardError.TrimEnd().Split('\n')[^1];
        string[] words = [.. QuotedWord().Matches(line).Select(match => EscapedLetter().Replace(match.Groups[1].Value, "$1"))];
        if (!words.AsSpan(words.Length - 2).SequenceEqual(["-o", "OUTPUT"]))
            throw new InvalidOperationException($"no linker command in: {line}");
        return words[1..^2];
    }

    private LinkOutcome Link(string linker, Func<string, ProcessResult> run)
    {
        // The same file name for all: it goes into the name section.
        string folder = Path.Combine(_folder, linker);
        Directory.CreateDirectory(folder);
        string output = Path.Combine(folder, $"{_program.Name}.wasm");
        File.Delete(output);
        return new LinkOutcome(run(output), output);
    }

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex QuotedWord();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex EscapedLetter();
}
