namespace Weld.Linker;

/// <summary>Finds the programs that weld runs: another linker, or a compiler of bitcode.</summary>
public static class ProgramSearch
{
    /// <summary>A path as it is; a name from PATH, where weld itself may be installed under the name of what it stands for.</summary>
    /// <returns>Null when there is no such program.</returns>
    public static string? Find(string program)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (program.AsSpan().IndexOfAny('/', Path.DirectorySeparatorChar) >= 0)
            return File.Exists(program) ? program : null;
        string? self = Environment.ProcessPath is string path ? RealPath(path) : null;
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            foreach (string suffix in OperatingSystem.IsWindows() ? (string[])["", ".exe"] : [""])
                if (Path.Join(directory, program + suffix) is var candidate && File.Exists(candidate) && RealPath(candidate) != self)
                    return candidate;
        return null;
    }

    private static string RealPath(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
}
