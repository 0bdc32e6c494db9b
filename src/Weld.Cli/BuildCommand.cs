using System.Text;
using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.Linker.Options;

namespace Weld.Cli;

/// <summary><c>weld build</c>: compiles files of AIR, and links them with objects and archives. Every option of the linker is one of its own.</summary>
internal sealed class BuildCommand
{
    private readonly CommandShell _shell;
    private readonly BuildOptions _build;
    private readonly CommandLine _commandLine;
    private readonly LinkOptions _options;

    private BuildCommand(string[] arguments, CommandShell shell)
    {
        _shell = shell;
        _build = new BuildOptions(shell.Diagnostics);
        _commandLine = shell.Parse(arguments, [.. OptionTable.Rows, .. _build.Own]);
        _options = _commandLine.Options;
    }

    /// <param name="arguments">What follows the word <c>build</c>.</param>
    /// <param name="shell">The streams and messages.</param>
    public static int Run(string[] arguments, CommandShell shell) => new BuildCommand(arguments, shell).Run();

    private int Run()
    {
        if (_shell.AnswersHelpOrVersion(_commandLine, _build.Help))
            return 0;
        string[] files = [.. _options.Inputs.Where(static input => input.Kind == InputArgumentKind.File).Select(static input => input.Value)];
        string[] sources = [.. files.Where(AirSource.Is).Distinct()];
        if (_options.ExternalLinker is string linker)
            _shell.Diagnostics.Add(CommandErrors.NoOtherLinker(linker));
        if (_build.Emit != EmitKind.Module)
            CheckUnlinked(files, sources);
        if (_shell.Diagnostics.HasErrors)
            return 1;
        var target = new CodeGenTarget(_options.Is64 == true, _build.Features);
        if (AirCompiler.Run(sources, target, _options.Threads, _shell) is not CompiledModule[] modules)
            return 1;
        switch (_build.Emit)
        {
            case EmitKind.Module:
                return Link(modules);
            case EmitKind.Object:
                WriteObjects(modules);
                break;
            case EmitKind.Mir:
                WriteListing(modules, static (module, _) => module.ToMir());
                break;
            default:
                WriteListing(modules, static (module, diagnostics) => module.ToWat(diagnostics));
                break;
        }
        return 0;
    }

    /// <summary>What cannot be done, or has no use, when nothing is linked.</summary>
    private void CheckUnlinked(string[] files, string[] sources)
    {
        foreach (string file in files)
            if (!AirSource.Is(file))
                _shell.Diagnostics.Add(CommandErrors.UnusedInput(file));
        if (sources.Length == 0)
            _shell.Diagnostics.Add(CommandErrors.NoSource("weld build"));
        if (_build.Emit != EmitKind.Object)
            return;
        if (_options.OutputFile is not null && sources.Length > 1)
            _shell.Diagnostics.Add(CommandErrors.OneOutputForMany(sources.Length));
        if (_options.OutputFile is not null)
            return;
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string source in sources)
            if (source == AirSource.StandardInput)
                _shell.Diagnostics.Add(CommandErrors.UnnamedOutput());
            else if (!owners.TryAdd(ObjectName(source), source))
                _shell.Diagnostics.Add(CommandErrors.SameOutput(owners[ObjectName(source)], source, ObjectName(source)));
    }

    /// <summary>The linker gets the objects by the names of the files that they were made of, so that its messages and reports name these.</summary>
    private int Link(CompiledModule[] modules)
    {
        foreach (CompiledModule module in modules)
        {
            module.Object.ProcessedBy = ("weld", WeldVersion.Number);
            _options.MemoryFiles.Add(module.Source.Path, module.Object);
        }
        return LinkCommand.Link(_commandLine, _shell);
    }

    private void WriteObjects(CompiledModule[] modules)
    {
        foreach (CompiledModule module in modules)
        {
            module.Object.ProcessedBy = ("weld", WeldVersion.Number);
            if (module.Object.Read(_shell.Diagnostics) is not ReadOnlyMemory<byte> bytes
                || !OutputFile.Write(_options.OutputFile ?? ObjectName(module.Source.Path), bytes.Span, _shell.Diagnostics))
                return;
        }
    }

    private void WriteListing(CompiledModule[] modules, Func<CompiledModule, DiagnosticBag, string?> print)
    {
        var text = new StringBuilder();
        foreach (CompiledModule module in modules)
            text.Append(print(module, _shell.Diagnostics));
        if (_shell.Diagnostics.HasErrors)
            return;
        if (_options.OutputFile is null or "-")
            _shell.Output.Write(text);
        else
            OutputFile.Write(_options.OutputFile, Encoding.UTF8.GetBytes(text.ToString()), _shell.Diagnostics);
    }

    private static string ObjectName(string source) => Path.GetFileNameWithoutExtension(source) + ".o";
}
