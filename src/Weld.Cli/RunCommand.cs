using Weld.Air;
using Weld.Air.Interpretation;
using Weld.Air.Items;
using Weld.Air.Layouts;
using Weld.Air.Text;
using Weld.Air.Types;
using Weld.Air.Values;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;
using Weld.Linker.Options;
using static Weld.Linker.Options.OptionDashes;
using static Weld.Linker.Options.OptionShape;

namespace Weld.Cli;

/// <summary><c>weld run</c>: calls a function of a file of AIR in the interpreter, and prints what it returns.</summary>
internal sealed class RunCommand
{
    /// <summary>The program started and did not return.</summary>
    private const int DidNotReturn = 2;

    private const string CallOption = "--call";

    private readonly CommandShell _shell;
    private readonly Option[] _table;
    private readonly CommandLine _commandLine;
    private readonly string[]? _call;
    private ulong _mostSteps = 100_000_000;
    private ulong _mostMemory = 256;

    private RunCommand(string[] arguments, CommandShell shell)
    {
        _shell = shell;
        _table = SourceOptions.With(
            new Option { Spellings = [new(CallOption[2..], Two, Separate)], Metavar = "<function> <argument>...", Help = "Call this function; what follows are its arguments" },
            Number("max-steps", "<number>", "Stop after so many instructions (default: 100000000)", value => _mostSteps = value),
            Number("max-memory", "<MiB>", "Give the program so much memory (default: 256)", value => _mostMemory = value));
        // Arguments of the function may look like options.
        int at = Array.IndexOf(arguments, CallOption);
        _call = at < 0 ? null : arguments[(at + 1)..];
        _commandLine = shell.Parse(at < 0 ? arguments : arguments[..at], _table);
    }

    public static int Run(string[] arguments, CommandShell shell) => new RunCommand(arguments, shell).Run();

    private static Option Number(string name, string metavar, string help, Action<ulong> set) => new()
    {
        Spellings = [new(name + "=", Two, Joined)],
        Metavar = metavar,
        Help = help,
        Apply = (reader, argument) => set(reader.ReadSize(argument)),
    };

    private int Run()
    {
        if (_shell.AnswersHelpOrVersion(_commandLine, Help))
            return 0;
        LinkOptions options = _commandLine.Options;
        DiagnosticBag diagnostics = _shell.Diagnostics;
        if (options.Inputs.Count == 0 && !diagnostics.HasErrors)
            diagnostics.Add(CommandErrors.NoSource("weld run"));
        if (options.Inputs.Count > 1)
            diagnostics.Add(CommandErrors.OneSource());
        AirTarget target = options.Is64 == true ? AirTarget.Wasm64 : AirTarget.Wasm32;
        if (diagnostics.HasErrors
            || AirSource.Read(options.Inputs[0].Value, _shell, diagnostics) is not AirSource source
            || source.Load(target, diagnostics) is not ParsedModule parsed
            || FindFunction(parsed.Module) is not AirFunction function
            || ReadArguments(parsed.Module, target, function) is not ValueId[] arguments)
            return 1;
        var limits = new InterpreterOptions
        {
            Target = target,
            MostSteps = (long)Math.Min(_mostSteps, long.MaxValue),
            MostMemory = Math.Min(_mostMemory, 4096) << 20,
        };
        var interpreter = new Interpreter(parsed.Module, limits);
        InterpreterResult result = interpreter.Call(function, arguments);
        if (result.IsTrap)
        {
            diagnostics.Add(Describe(result.Trap, parsed.Positions));
            return DidNotReturn;
        }
        if (Print(interpreter, parsed.Module, result.Value) is { } text)
            _shell.Output.Write(text + "\n");
        return 0;
    }

    private string Help() => SourceOptions.Help(
        "call a function of a file of AIR in the interpreter, and print what it returns",
        "weld run [options] file --call <function> <argument>...",
        _table,
        """

        Arguments and the result are constants as in AIR: 5, -5, 0xff, 1.5, true, null, .field, error.Name, {1, 2}, "text". The exit
        code is 2 if the function does not return: a trap, something illegal, or a limit.

        """);

    private AirFunction? FindFunction(AirModule module)
    {
        if (_call is not [string name, ..])
        {
            _shell.Diagnostics.Add(CommandErrors.NoCall(Functions(module)));
            return null;
        }
        if (module.Items.TryFind(name.TrimStart('@'), out AirItem? item) && item is AirFunction function)
            return function;
        _shell.Diagnostics.Add(CommandErrors.NoFunction(name, Functions(module)));
        return null;
    }

    private static IEnumerable<string> Functions(AirModule module) => module.Functions.Where(static function => function.Body is not null).Select(static function => function.Name);

    private ValueId[]? ReadArguments(AirModule module, AirTarget target, AirFunction function)
    {
        var type = (FunctionType)module.Types[function.Type];
        string[] texts = _call![1..];
        if (texts.Length < type.Parameters.Count || (texts.Length > type.Parameters.Count && !type.IsVariadic))
        {
            _shell.Diagnostics.Add(CommandErrors.ArgumentCount(function.Name, AirText.Print(module, function.Type), texts.Length));
            return null;
        }
        var values = new List<ValueId>();
        for (int i = 0; i < texts.Length; i++)
        {
            TypeId? parameter = i < type.Parameters.Count ? type.Parameters[i] : null;
            if (AirText.ParseConstant(module, parameter, $"argument {i + 1}", texts[i], _shell.Diagnostics) is { } value)
                values.Add(value);
        }
        return values.Count == texts.Length && Verifier.Run(module, target, _shell.Diagnostics) ? [.. values] : null;
    }

    private static Diagnostic Describe(InterpreterTrap trap, SourceMap positions)
    {
        (DiagnosticDescriptor kind, string message) = CommandErrors.DidNotReturn(trap);
        return trap.Function is { } function && positions.Find(function.Id, trap.Instruction) is { } position
            ? positions.Source.Describe(kind, position, message)
            : new Diagnostic(kind, positions.Source.File, message);
    }

    /// <returns>Null for what is nothing.</returns>
    private static string? Print(Interpreter interpreter, AirModule module, RuntimeValue value)
    {
        if (value.Type == TypeId.Void)
            return null;
        if (module.Types[value.Type] is SliceType slice && slice.Child == TypeId.U8
            && interpreter.TryReadText(value) is { } text)
            return AirText.PrintString(text);
        return AirText.PrintPlain(module, interpreter.ToConstant(value));
    }
}
