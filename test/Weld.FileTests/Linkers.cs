namespace Weld.FileTests;

/// <summary>A linker that cases are given to.</summary>
internal interface ILinker
{
    string Name { get; }

    ToolResult Run(string directory, IReadOnlyList<string> arguments);
}

/// <summary>wasm-ld, which knows the answers.</summary>
internal sealed class Oracle : ILinker
{
    public string Name => "wasm-ld-22";

    public ToolResult Run(string directory, IReadOnlyList<string> arguments) => Tool.Run(directory, Name, arguments);
}

/// <summary>weld as a program of its own, which WELD_UNDER_TEST names.</summary>
internal sealed class WeldProgram(string path) : ILinker
{
    public string Name => "weld";

    public ToolResult Run(string directory, IReadOnlyList<string> arguments) => Tool.Run(directory, path, arguments);
}

/// <summary>weld in the process of the tests, because starting a process for each link would take longer than all links.</summary>
internal sealed class WeldInProcess : ILinker
{
    // The current directory belongs to the whole process, and cases name their files without a directory.
    private static readonly Lock CurrentDirectory = new();

    public string Name => "weld";

    public ToolResult Run(string directory, IReadOnlyList<string> arguments)
    {
        var output = new StringWriter();
        var errors = new StringWriter();
        lock (CurrentDirectory)
        {
            string before = Environment.CurrentDirectory;
            Environment.CurrentDirectory = directory;
            try
            {
                int exitCode = Cli.Subcommands.Run([.. arguments], new Cli.CommandShell(new Cli.ProgramName("weld", IsWasmLd: false), output, () => errors));
                return new ToolResult(exitCode, output.ToString(), errors.ToString());
            }
            finally
            {
                Environment.CurrentDirectory = before;
            }
        }
    }
}
