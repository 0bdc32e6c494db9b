using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Options;
using Xunit;

namespace Weld.UnitTests.BadInput;

/// <summary>A link of objects that do not fit together, through the command line.</summary>
internal sealed class BadLink : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<string> _arguments = [];

    public BadLink(params string[] options) => _arguments.AddRange(options);

    public IReadOnlyList<Diagnostic> Diagnostics { get; private set; } = [];

    public string Output => _directory["out.wasm"];

    public BadLink Add(string name, byte[] bytes)
    {
        _arguments.Add(_directory.Write(name, bytes));
        return this;
    }

    /// <summary>Adds an archive of objects.</summary>
    public BadLink AddArchive(string name, params (string Name, byte[] Bytes)[] members)
    {
        foreach ((string member, byte[] bytes) in members)
            _directory.Write(member, bytes);
        ExternalTool.Run(_directory.Path, "llvm-ar-22", ["rcS", name, .. members.Select(static member => member.Name)]);
        _arguments.Add(_directory[name]);
        return this;
    }

    public bool Run()
    {
        var diagnostics = new DiagnosticBag();
        LinkOptions options = CommandLine.Parse([.. _arguments, "-o", Output], diagnostics).Options;
        bool result = LinkPipeline.Run(options, diagnostics, TextWriter.Null);
        Diagnostics = diagnostics.Diagnostics;
        return result;
    }

    /// <summary>The link fails with one error, which is returned with its details, and without output.</summary>
    public string RunToError()
    {
        Assert.False(Run());
        Assert.False(File.Exists(Output));
        return Text(Assert.Single(Diagnostics, static diagnostic => diagnostic.Severity == Severity.Error));
    }

    /// <summary>The link gives a valid module; the warnings are returned.</summary>
    public IReadOnlyList<string> RunToModule()
    {
        Assert.True(Run(), string.Join('\n', Diagnostics.Select(Text)));
        ExternalTool.Run(_directory.Path, "wasm-validate", "--enable-all", Output);
        return [.. Diagnostics.Select(Text)];
    }

    public void Dispose() => _directory.Dispose();

    private static string Text(Diagnostic diagnostic) => string.Join('\n', [diagnostic.ToString(), .. diagnostic.Details]);
}
