using System.Collections.Concurrent;
using Weld.TestSupport;

namespace Weld.OracleTests.Linking;

/// <summary>A program linked three ways: by clang with weld as its linker, by weld with the arguments that
/// clang uses, and by wasm-ld with the same.</summary>
public sealed class LinkedProgram
{
    private static readonly ConcurrentDictionary<string, Lazy<LinkedProgram>> Linked = new();

    private readonly ProgramCase _program;
    private readonly string _folder;
    private readonly string[] _linkerArguments;

    private LinkedProgram(ProgramCase program)
    {
        _program = program;
        _folder = Repository.Path("artifacts", "oracle-links", program.Title.Replace(' ', '_'));
        string[] inputs = Inputs();
        _linkerArguments = LinkerCommand.Of(Driver, DriverArguments(inputs));
        Oracle = LinkWithWasmLd("oracle");
        ByClang = Link("clang", output => ProcessRunner.Run(Driver, [.. DriverArguments(inputs), $"-fuse-ld={WeldTool.Existing(WeldTool.WasmLd)}", "-o", output]));
        Direct = LinkWithWeld("direct");
    }

    /// <summary>Each is the module's path, or the failed run.</summary>
    public LinkOutcome Oracle { get; }
    public LinkOutcome ByClang { get; }
    public LinkOutcome Direct { get; }

    public static LinkedProgram Get(string title) =>
        Linked.GetOrAdd(title, key => new Lazy<LinkedProgram>(() => new LinkedProgram(ProgramList.Get(key)))).Value;

    /// <summary>Links again, with more options, into a folder of this name.</summary>
    public LinkOutcome LinkWithWasmLd(string folder, params string[] options) =>
        Link(folder, output => ProcessRunner.Run(Tools.WasmLd, [.. _linkerArguments, .. options, "-o", output]));

    /// <inheritdoc cref="LinkWithWasmLd"/>
    public LinkOutcome LinkWithWeld(string folder, params string[] options) =>
        Link(folder, output => WeldTool.Link([.. _linkerArguments, .. options, "-o", output]));

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

    private LinkOutcome Link(string linker, Func<string, ProcessResult> run)
    {
        // The same file name for all: it goes into the name section.
        string folder = Path.Combine(_folder, linker);
        Directory.CreateDirectory(folder);
        string output = Path.Combine(folder, $"{_program.Name}.wasm");
        File.Delete(output);
        return new LinkOutcome(run(output), output);
    }
}
