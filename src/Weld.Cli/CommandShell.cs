using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;

namespace Weld.Cli;

/// <summary>What every command has: a name for its messages, the streams, and a last resort against faults of its own.</summary>
internal sealed class CommandShell(ProgramName program, TextWriter output, Func<TextWriter> openError)
{
    private TextWriter? _error;

    /// <summary>What the program was started as.</summary>
    public ProgramName Program => program;

    /// <summary>Takes what was asked for, such as the version or <c>--trace</c>.</summary>
    public TextWriter Output => output;

    /// <summary>Takes messages; opened when there are any.</summary>
    public TextWriter Error => _error ??= openError();

    /// <summary>Opens the standard input.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    public DiagnosticBag Diagnostics { get; set; } = new();

    public ColorMode Color { get; set; }

    public int ErrorLimit { get; set; } = 20;

    /// <summary>Runs a command and prints its messages.</summary>
    /// <param name="command">Returns the exit code.</param>
    /// <returns>The exit code; 1 in place of 0 if there were errors.</returns>
    public int Run(Func<CommandShell, int> command)
    {
        int exitCode = 1;
        Exception? failure = null;
        try
        {
            exitCode = command(this);
            output.Flush();
        }
#pragma warning disable CA1031 // The last resort: whatever is wrong within weld becomes one message.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
            Diagnostics.Add(OptionErrors.Internal(e, WeldVersion.Number));
        }
        Print(failure);
        return exitCode == 0 && Diagnostics.HasErrors ? 1 : exitCode;
    }

    /// <summary>Parses a command line, and takes over what it says about messages.</summary>
    /// <param name="arguments">The arguments of the command.</param>
    /// <param name="table">The options that there are; null for those of the linker.</param>
    public CommandLine Parse(IReadOnlyList<string> arguments, Option[]? table = null)
    {
        CommandLine commandLine = CommandLine.Parse(arguments, Diagnostics, table);
        (Color, ErrorLimit) = (commandLine.Options.Color, commandLine.Options.ErrorLimit);
        return commandLine;
    }

    /// <summary>Prints the help or version, if that was asked for.</summary>
    /// <returns>Whether there is nothing else to do.</returns>
    public bool AnswersHelpOrVersion(CommandLine commandLine, Func<string> help)
    {
        if (commandLine.ShowsHelp)
            Output.Write(help());
        else if (commandLine.ShowsVersion)
            Output.Write(WeldVersion.Line(program.IsWasmLd) + "\n");
        return commandLine.ShowsHelp || commandLine.StopsAfterVersion;
    }

    private void Print(Exception? failure)
    {
        if (Diagnostics.Diagnostics.Count == 0 && _error is null)
            return;
        using TextWriter error = Error;
        bool hasColors = Color == ColorMode.Always || (Color == ColorMode.Auto && Streams.ErrorTakesColors());
        new DiagnosticPrinter(error, program.Name, hasColors).Print(Diagnostics.Diagnostics, ErrorLimit, OptionErrors.TooManyErrors());
        if (failure is not null && Environment.GetEnvironmentVariable("WELD_TRACE") == "1")
            error.WriteLine(failure);
    }
}
