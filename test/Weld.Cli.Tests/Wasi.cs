using Weld.TestSupport;

namespace Weld.Cli.Tests;

/// <summary>What a program for WASI is linked with.</summary>
internal static class Wasi
{
    private const string Folder = "/usr/lib/wasm32-wasi";

    /// <summary>The start of a command, and the C library; they come after what needs them.</summary>
    public static string[] Libraries { get; } = [$"{Folder}/crt1-command.o", $"-L{Folder}", "-lc"];

    /// <summary>An object that clang makes of a file in C.</summary>
    public static string Compile(string path) =>
        ObjectCache.Compile(path, "--target=wasm32-wasip1", "-isystem", "/usr/include/wasm32-wasi", "-O1");
}
