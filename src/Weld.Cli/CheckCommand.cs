using Weld.Air.Layouts;
using Weld.Linker.Options;

namespace Weld.Cli;

/// <summary><c>weld check</c>: says what is wrong with files of AIR.</summary>
internal static class CheckCommand
{
    public static int Run(string[] arguments, CommandShell shell)
    {
        Option[] table = SourceOptions.With();
        CommandLine commandLine = shell.Parse(arguments, table);
        LinkOptions options = commandLine.Options;
        if (shell.AnswersHelpOrVersion(commandLine, () => SourceOptions.Help("say what is wrong with files of AIR", "weld check [options] file...", table)))
            return 0;
        string[] files = [.. options.Inputs.Select(static input => input.Value).Distinct()];
        if (files.Length == 0 && !shell.Diagnostics.HasErrors)
            shell.Diagnostics.Add(CommandErrors.NoSource("weld check"));
        if (shell.Diagnostics.HasErrors)
            return 1;
        AirTarget target = options.Is64 == true ? AirTarget.Wasm64 : AirTarget.Wasm32;
        AirCompiler.ForEach(files, options.Threads, shell, (source, diagnostics) => source.Load(target, diagnostics));
        return 0;
    }
}
