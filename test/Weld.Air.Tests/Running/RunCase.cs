using Weld.Air.Generator;
using Weld.TestSupport;

namespace Weld.Air.Tests.Running;

/// <summary>A file under cases/run: functions, and lines that say what calls of them give.</summary>
/// <remarks>Its first line is a comment that says which behaviour it is about. A line <c>; not compiled: why</c> allows code
/// generation to refuse it, <c>; not in wasm64: why</c> keeps it from being run with 64-bit addresses, and
/// <c>; not interpreted: why</c> from being interpreted.</remarks>
internal sealed class RunCase
{
    private RunCase(string name, string text)
    {
        Name = name;
        Text = text;
    }

    /// <summary>The path under cases/run.</summary>
    public string Name { get; }

    public string Text { get; }

    public bool MayBeRefused => HasMark("not compiled");

    public bool IsNotInterpreted => HasMark("not interpreted");

    public bool IsNotForWasm64 => HasMark("not in wasm64");

    public static IEnumerable<string> Names
    {
        get
        {
            string root = CaseFiles.Path("run");
            return Directory.GetFiles(root, "*.air", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(root, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
        }
    }

    public static IEnumerable<RunCase> All => Names.Select(Load);

    public static RunCase Load(string name) => new(name, CaseFiles.Read("run", name));

    public RunLines Read() => RunLines.Read(Name, Text);

    private bool HasMark(string mark) => Text.Contains($"\n; {mark}: ", StringComparison.Ordinal);
}
