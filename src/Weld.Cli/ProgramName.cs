namespace Weld.Cli;

/// <summary>The name the program was started by: messages begin with it, and <c>wasm-ld</c> makes it look like LLVM's linker.</summary>
internal readonly record struct ProgramName(string Name, bool IsWasmLd)
{
    public static ProgramName Find() => FromPath(StartedAs());

    public static ProgramName FromPath(string path)
    {
        string name = Path.GetFileName(path);
        if (name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            name = name[..^4];
        if (name.Length == 0 || name == "dotnet")
            name = "weld";
        // LLVM's driver looks for the part "wasm" in the name, so that prefixes and versions do not matter.
        return new ProgramName(name, Array.IndexOf(name.Split('-'), "wasm") >= 0);
    }

    /// <summary>The first word of the command line. The host for managed code replaces it by the path of weld.dll, so ask the system.</summary>
    private static string StartedAs()
    {
        string path = Environment.GetCommandLineArgs()[0];
        if (!path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            return path;
        if (!OperatingSystem.IsLinux())
            return Environment.ProcessPath ?? path;
        string commandLine = File.ReadAllText("/proc/self/cmdline");
        int end = commandLine.IndexOf('\0', StringComparison.Ordinal);
        return end <= 0 ? path : commandLine[..end];
    }
}
