using System.Runtime.CompilerServices;

namespace Weld.TestSupport;

/// <summary>Where the checkout is that the tests run in.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Path(params ReadOnlySpan<string> parts) =>
        System.IO.Path.Combine([Root, .. parts]);

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(System.IO.Path.Combine(directory, "weld.slnx")))
            directory = System.IO.Path.GetDirectoryName(directory);
        return directory ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(thisFile, "..", "..", ".."));
    }
}
