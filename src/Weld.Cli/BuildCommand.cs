using System.Text;
using Weld.CodeGen;
using Weld.Linker.Diagnostics;
using Weld.Linker.Image;
using Weld.Linker.Options;
using Weld.Mir.Intrinsics;

namespace Weld.Cli;

/// <summary><c>weld build</c>: compiles AIR and links it, with all options of the linker.</summary>
internal static class BuildCommand
{
    public static int Run(string[] arguments, CommandShell shell)
    {
        var build = new BuildOptions(shell.Diagnostics);
        CommandLine commandLine = CommandLine.Parse(arguments, shell.Diagnostics, build.Rows);
        LinkOptions options = commandLine.Options;
        (shell.Color, shell.ErrorLimit) = (options.Color, options.ErrorLimit);
        if (commandLine.ShowsHelp)
        {
            shell.Output.Write("");
            return 0;
        }
        if (commandLine.ShowsVersion)
            shell.Output.Write(WeldVersion.Line(isWasmLd: false) + "\n");
        if (commandLine.StopsAfterVersion)
            return 0;
        if (options.ExternalLinker is string linker)
            shell.Diagnostics.Add(CommandErrors.NoOtherLinker(linker));
        if (shell.Diagnostics.HasErrors)
            return 1;
        string[] paths = [.. Files(options).Where(AirSource.Is).Distinct()];
        var target = new CodeGenTarget(options.Is64 == true, build.Features);
        if (AirCompiler.Run(paths, target, options.Threads, shell) is not CompiledModule[] modules)
            return 1;
        switch (build.Emit)
        {
            case EmitKind.Module:
                AddToLink(modules, options);
                return LinkCommand.Link(commandLine, shell);
            case EmitKind.Object:
                WriteObjects(modules, options, shell);
                return 0;
            default:
                return 0;
        }
    }

    private static IEnumerable<string> Files(LinkOptions options) =>
        options.Inputs.Where(static input => input.Kind == InputArgumentKind.File).Select(static input => input.Value);

    /// <summary>Gives the linker the objects by the names of the files that they were made of, so that its messages name these.</summary>
    private static void AddToLink(CompiledModule[] modules, LinkOptions options)
    {
        foreach (CompiledModule module in modules)
            options.MemoryFiles.Add(module.Source.Path, module.ToObject());
        options.ExplainUndefined = IntrinsicTable.Explain;
    }

    private static void WriteObjects(CompiledModule[] modules, LinkOptions options, CommandShell shell)
    {
        foreach (CompiledModule module in modules)
            WriteFile(options.OutputFile ?? Path.GetFileNameWithoutExtension(module.Source.Path) + ".o", module.ToObject(), shell);
    }

    private static void WriteFile(string path, ReadOnlySpan<byte> bytes, CommandShell shell)
    {
        AtomicOutput? file = AtomicOutput.TryCreate(path, bytes.Length, out string? error, isExecutable: false);
        if (file is null)
        {
            shell.Diagnostics.Add(OutputErrors.CannotOpen(path, error!));
            return;
        }
        bytes.CopyTo(file.Span(0, bytes.Length));
        if (!file.TryCommit(out error))
            shell.Diagnostics.Add(OutputErrors.CannotWrite(path, error!));
    }
}
