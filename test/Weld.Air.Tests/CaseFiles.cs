using Weld.TestSupport;

namespace Weld.Air.Tests;

/// <summary>The files under cases/.</summary>
internal static class CaseFiles
{
    public static TheoryData<string> In(string folder)
    {
        string[] files = Directory.GetFiles(Path(folder), "*.air");
        Assert.NotEmpty(files);
        return [.. files.Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];
    }

    public static string Read(string folder, string file) => File.ReadAllText(System.IO.Path.Combine(Path(folder), file));

    public static string Path(string folder) => Repository.Path("test", "Weld.Air.Tests", "cases", folder);
}
