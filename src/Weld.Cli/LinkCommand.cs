using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;
using Weld.Linker.Reports;

namespace Weld.Cli;

/// <summary>The linker's command line: wasm-ld's options, messages and exit codes.</summary>
internal static class LinkCommand
{
    /// <summary>Links as the arguments say.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    /// <param name="shell">Says what the program was started as.</param>
    /// <returns>0 if that worked, else 1; of another linker that was asked for, its exit code.</returns>
    public static int Run(string[] arguments, CommandShell shell)
    {
        bool isWasmLd = shell.Program.IsWasmLd;
        if (!TryTakeFlavor(ref arguments, ref isWasmLd, shell.Diagnostics))
            return 1;
        CommandLine commandLine = shell.Parse(arguments);
        if (OtherLinker(commandLine.Options) is string linker)
        {
            // What is wrong with the arguments is for the other linker to say.
            shell.Diagnostics = new DiagnosticBag();
            return ExternalLinker.Run(linker, commandLine.ArgumentsForWasmLd(), shell.Diagnostics);
        }
        if (commandLine.ShowsHelp)
        {
            shell.Output.Write(OptionHelp.Print(shell.Program.Name));
            if (!isWasmLd)
                shell.Output.Write(Subcommands.Help);
            return 0;
        }
        if (commandLine.ShowsVersion)
            shell.Output.Write(WeldVersion.Line(isWasmLd) + "\n");
        return commandLine.StopsAfterVersion ? 0 : Link(commandLine, shell);
    }

    /// <summary>Links what the options say; the last thing that the process does.</summary>
    public static int Link(CommandLine commandLine, CommandShell shell)
    {
        LinkOptions options = commandLine.Options;
        commandLine.RefuseNotImplemented(shell.Diagnostics);
        if (options.ReproduceFile is null && Environment.GetEnvironmentVariable("LLD_REPRODUCE") is { Length: > 0 } path)
            options.ReproduceFile = path;
        return LinkPipeline.Run(options, shell.Diagnostics, shell.Output, new VerboseLog(() => shell.Error, shell.Program.Name), isLast: true) ? 0 : 1;
    }

    private static string? OtherLinker(LinkOptions options)
    {
        string? linker = options.ExternalLinker ?? Environment.GetEnvironmentVariable(ExternalLinker.Variable);
        return string.IsNullOrEmpty(linker) || linker == "weld" ? null : linker;
    }

    /// <summary>Takes <c>-flavor wasm</c> off, with which rustc and lld's common driver choose the linker.</summary>
    private static bool TryTakeFlavor(ref string[] arguments, ref bool isWasmLd, DiagnosticBag diagnostics)
    {
        if (arguments is not ["-flavor", ..])
            return true;
        if (arguments.Length == 1 || arguments[1] is not ("wasm" or "ld-wasm"))
        {
            diagnostics.Add(arguments.Length == 1 ? OptionErrors.MissingValue("-flavor") : OptionErrors.UnknownFlavor(arguments[1]));
            return false;
        }
        isWasmLd = true;
        arguments = arguments[2..];
        return true;
    }
}
