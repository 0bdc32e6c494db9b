namespace Weld.TestSupport;

/// <summary>The linker under test, under each of its names.</summary>
/// <remarks>WELD_UNDER_TEST may name another program, for work on the tests themselves.</remarks>
public static class WeldTool
{
    /// <summary>The program as <c>weld</c>.</summary>
    public static string Weld { get; } = Environment.GetEnvironmentVariable("WELD_UNDER_TEST") is { Length: > 0 } path
        ? Path.GetFullPath(path)
        : Repository.Path("artifacts", "bin", "weld");

    /// <summary>The same program as <c>wasm-ld</c>, an absolute path as clang's -fuse-ld needs it.</summary>
    public static string WasmLd { get; } = Path.Combine(Path.GetDirectoryName(Weld)!, "wasm-ld") is var sibling && File.Exists(sibling)
        ? sibling
        : Weld;

    public static ProcessResult Link(IEnumerable<string> arguments, string? workingDirectory = null) =>
        ProcessRunner.Run(Existing(Weld), arguments, workingDirectory);

    public static ProcessResult LinkAsWasmLd(IEnumerable<string> arguments, string? workingDirectory = null) =>
        ProcessRunner.Run(Existing(WasmLd), arguments, workingDirectory);

    public static string Existing(string program) =>
        File.Exists(program) ? program : throw new MissingToolException($"'{program}' does not exist: run make");
}
