using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;

namespace Weld.Cli;

/// <summary>The linker's command line: wasm-ld's options, messages and exit codes.</summary>
internal sealed class LinkCommand
{
    private readonly ProgramName _program;
    private readonly TextWriter _output;
    private readonly DiagnosticBag _diagnostics = new();
    private LinkOptions _options = new();

    private LinkCommand(ProgramName program, TextWriter output)
    {
        _program = program;
        _output = output;
    }

    /// <summary>Links as the arguments say.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    /// <param name="program">What the program was started as.</param>
    /// <param name="output">Receives what was asked for, such as the version or <c>--trace</c>.</param>
    /// <param name="openError">Opens the place for messages, when there are any.</param>
    /// <returns>0 if that worked, else 1.</returns>
    public static int Run(string[] arguments, ProgramName program, TextWriter output, Func<TextWriter> openError)
    {
        var command = new LinkCommand(program, output);
        bool isDone = false;
        Exception? failure = null;
        try
        {
            isDone = command.Link(arguments);
            output.Flush();
        }
#pragma warning disable CA1031 // The last resort: whatever is wrong within weld becomes one message.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
            command._diagnostics.Add(OptionErrors.Internal(e, WeldVersion.Number));
        }
        command.Print(openError, failure);
        return isDone && !command._diagnostics.HasErrors ? 0 : 1;
    }

    private bool Link(string[] arguments)
    {
        bool isWasmLd = _program.IsWasmLd;
        if (!TryTakeFlavor(ref arguments, ref isWasmLd))
            return false;
        CommandLine commandLine = CommandLine.Parse(arguments, _diagnostics);
        _options = commandLine.Options;
        if (commandLine.ShowsHelp)
        {
            _output.Write(OptionHelp.Print(_program.Name));
            return true;
        }
        if (commandLine.ShowsVersion)
            _output.Write(WeldVersion.Line(isWasmLd) + "\n");
        if (commandLine.StopsAfterVersion)
            return true;
        commandLine.RefuseNotImplemented(_diagnostics);
        return LinkPipeline.Run(_options, _diagnostics, _output);
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

    private void Print(Func<TextWriter> openError, Exception? failure)
    {
        if (_diagnostics.Diagnostics.Count == 0)
            return;
        using TextWriter error = openError();
        bool hasColors = _options.Color == ColorMode.Always || (_options.Color == ColorMode.Auto && Streams.ErrorTakesColors());
        new DiagnosticPrinter(error, _program.Name, hasColors).Print(_diagnostics.Diagnostics, _options.ErrorLimit, OptionErrors.TooManyErrors());
        if (failure is not null && Environment.GetEnvironmentVariable("WELD_TRACE") == "1")
            error.WriteLine(failure);
    }
}
