using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;
using Weld.Linker.Reports;

namespace Weld.Cli;

/// <summary>The linker's command line: wasm-ld's options, messages and exit codes.</summary>
internal sealed class LinkCommand
{
    private readonly ProgramName _program;
    private readonly TextWriter _output;
    private readonly Func<TextWriter> _openError;
    private DiagnosticBag _diagnostics = new();
    private LinkOptions _options = new();
    private TextWriter? _error;

    private LinkCommand(ProgramName program, TextWriter output, Func<TextWriter> openError)
    {
        _program = program;
        _output = output;
        _openError = openError;
    }

    /// <summary>Links as the arguments say.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    /// <param name="program">What the program was started as.</param>
    /// <param name="output">Receives what was asked for, such as the version or <c>--trace</c>.</param>
    /// <param name="openError">Opens the place for messages, when there are any.</param>
    /// <returns>0 if that worked, else 1; of another linker that was asked for, its exit code.</returns>
    public static int Run(string[] arguments, ProgramName program, TextWriter output, Func<TextWriter> openError)
    {
        var command = new LinkCommand(program, output, openError);
        int exitCode = 1;
        Exception? failure = null;
        try
        {
            exitCode = command.Link(arguments);
            output.Flush();
        }
#pragma warning disable CA1031 // The last resort: whatever is wrong within weld becomes one message.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
            command._diagnostics.Add(OptionErrors.Internal(e, WeldVersion.Number));
        }
        command.Print(failure);
        return exitCode == 0 && command._diagnostics.HasErrors ? 1 : exitCode;
    }

    private TextWriter Error => _error ??= _openError();

    private int Link(string[] arguments)
    {
        bool isWasmLd = _program.IsWasmLd;
        if (!TryTakeFlavor(ref arguments, ref isWasmLd))
            return 1;
        CommandLine commandLine = CommandLine.Parse(arguments, _diagnostics);
        _options = commandLine.Options;
        if (OtherLinker() is string linker)
        {
            // What is wrong with the arguments is for the other linker to say.
            _diagnostics = new DiagnosticBag();
            return ExternalLinker.Run(linker, commandLine.ArgumentsForWasmLd(), _diagnostics);
        }
        if (commandLine.ShowsHelp)
        {
            _output.Write(OptionHelp.Print(_program.Name));
            return 0;
        }
        if (commandLine.ShowsVersion)
            _output.Write(WeldVersion.Line(isWasmLd) + "\n");
        if (commandLine.StopsAfterVersion)
            return 0;
        commandLine.RefuseNotImplemented(_diagnostics);
        if (_options.ReproduceFile is null && Environment.GetEnvironmentVariable("LLD_REPRODUCE") is { Length: > 0 } path)
            _options.ReproduceFile = path;
        return LinkPipeline.Run(_options, _diagnostics, _output, new VerboseLog(() => Error, _program.Name), isLast: true) ? 0 : 1;
    }

    private string? OtherLinker()
    {
        string? linker = _options.ExternalLinker ?? Environment.GetEnvironmentVariable(ExternalLinker.Variable);
        return string.IsNullOrEmpty(linker) || linker == "weld" ? null : linker;
    }

    /// <summary>Takes <c>-flavor wasm</c> off, with which rustc and lld's common driver choose the linker.</summary>
    private bool TryTakeFlavor(ref string[] arguments, ref bool isWasmLd)
    {
        if (arguments is not ["-flavor", ..])
            return true;
        if (arguments.Length == 1 || arguments[1] is not ("wasm" or "ld-wasm"))
        {
            _diagnostics.Add(arguments.Length == 1 ? OptionErrors.MissingValue("-flavor") : OptionErrors.UnknownFlavor(arguments[1]));
            return false;
        }
        isWasmLd = true;
        arguments = arguments[2..];
        return true;
    }

    private void Print(Exception? failure)
    {
        if (_diagnostics.Diagnostics.Count == 0 && _error is null)
            return;
        using TextWriter error = Error;
        bool hasColors = _options.Color == ColorMode.Always || (_options.Color == ColorMode.Auto && Streams.ErrorTakesColors());
        new DiagnosticPrinter(error, _program.Name, hasColors).Print(_diagnostics.Diagnostics, _options.ErrorLimit, OptionErrors.TooManyErrors());
        if (failure is not null && Environment.GetEnvironmentVariable("WELD_TRACE") == "1")
            error.WriteLine(failure);
    }
}
