using System.Globalization;
using System.Text;
using Weld.Air.Text;
using Weld.Base.Diagnostics;

namespace Weld.Air.Generator;

/// <summary>The lines <c>; run: f(1, 2) == 3</c> of a file of AIR: calls, and what they must give.</summary>
/// <remarks>Instead of a value there may be <c>trap</c> (compiled code must trap too), or <c>illegal</c> (only the interpreter must
/// notice). Each line becomes two functions, "run N" and "want N", so that values are read by the parser of AIR.</remarks>
public sealed class RunLines
{
    private const string Mark = "; run: ";

    private RunLines(AirModule module, IReadOnlyList<RunLine> lines)
    {
        Module = module;
        Lines = lines;
    }

    /// <summary>The file's module, with the two functions of each line.</summary>
    public AirModule Module { get; }

    public IReadOnlyList<RunLine> Lines { get; }

    /// <exception cref="FormatException">The file or a line is wrong.</exception>
    public static RunLines Read(string file, string text)
    {
        AirModule module = Parse(file, text);
        var lines = new List<RunLine>();
        var all = new StringBuilder(text);
        string[] source = text.Split('\n');
        for (int i = 0; i < source.Length; i++)
            if (source[i].StartsWith(Mark, StringComparison.Ordinal))
                lines.Add(Read(module, source[i][Mark.Length..], $"{file}:{i + 1}", lines.Count, all));
        return new RunLines(Parse(file, all.ToString()), lines);
    }

    /// <summary>Runs a line in an interpreter of <see cref="Module"/>.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public string? Check(Interpreter interpreter, RunLine line)
    {
        InterpreterResult result = interpreter.Call(Function(line.Run));
        if (line.Trap is not null)
        {
            bool isRight = result.IsTrap && (line.Trap == "trap" ? result.Trap.IsDefined : result.Trap.Reason == TrapReason.Illegal);
            return isRight ? null : $"{line}: {Describe(interpreter, result)}";
        }
        RuntimeValue wanted = interpreter.Call(Function(line.Want)).Value;
        return !result.IsTrap && AreEqual(interpreter, result.Value, wanted) ? null : $"{line}: {Describe(interpreter, result)}";
    }

    // Strings are what they point to.
    private bool AreEqual(Interpreter interpreter, RuntimeValue x, RuntimeValue y)
    {
        if (Module.Types[x.Type] is not SliceType { Child: var child } || child != TypeId.U8)
            return interpreter.ToConstant(x) == interpreter.ToConstant(y);
        return Text(interpreter, x).AsSpan().SequenceEqual(Text(interpreter, y));
    }

    private static byte[]? Text(Interpreter interpreter, RuntimeValue slice)
    {
        int half = slice.Bytes.Length / 2;
        return interpreter.TryRead(Number(slice.Bytes.Span[..half]), Number(slice.Bytes.Span[half..]));
    }

    private static ulong Number(ReadOnlySpan<byte> bytes) => (ulong)new BigInteger(bytes, isUnsigned: true);

    public AirFunction Function(string name) => Module.Items.TryFind(name, out AirItem? item) && item is AirFunction function
        ? function
        : throw new FormatException($"there is no function {name}");

    private string Describe(Interpreter interpreter, InterpreterResult result) =>
        result.IsTrap ? result.Trap.ToString() : AirText.Print(Module, interpreter.ToConstant(result.Value));

    private static RunLine Read(AirModule module, string line, string position, int number, StringBuilder all)
    {
        int equals = line.LastIndexOf(" == ", StringComparison.Ordinal);
        int open = line.IndexOf('(', StringComparison.Ordinal);
        if (equals < 0 || open < 0 || !module.Items.TryFind(line[..open], out AirItem? item) || item is not AirFunction function)
            throw new FormatException($"{position}: not of the form f(1, 2) == 3: {line}");
        string wanted = line[(equals + 4)..].Trim();
        TypeId result = ((FunctionType)module.Types[function.Type]).Result;
        string type = AirText.Print(module, result);
        bool hasResult = result != TypeId.Void && result != TypeId.NoReturn;
        string? trap = wanted is "trap" or "illegal" ? wanted : null;
        all.Append(CultureInfo.InvariantCulture, $"\nfn @\"run {number}\"() -> {type} {{\n  {(hasResult ? "%r = " : "")}call @{line[..equals].Trim()}\n");
        all.Append(result == TypeId.NoReturn ? "}\n" : hasResult ? "  ret %r\n}\n" : "  ret\n}\n");
        if (trap is null)
            all.Append(CultureInfo.InvariantCulture, $"fn @\"want {number}\"() -> {type} {{\n  ret{(hasResult ? " " + wanted : "")}\n}}\n");
        return new RunLine($"run {number}", $"want {number}", trap, $"{position}: {line}");
    }

    private static AirModule Parse(string file, string text)
    {
        var diagnostics = new DiagnosticBag();
        return AirText.Parse(file, text, diagnostics)?.Module
            ?? throw new FormatException(string.Concat(diagnostics.Diagnostics.Select(DiagnosticText.Format)));
    }
}

/// <param name="Run">The function that makes the call.</param>
/// <param name="Want">The function that gives what the call must give.</param>
/// <param name="Trap"><c>trap</c> or <c>illegal</c> if it must not return.</param>
/// <param name="Text">The line and its place, for messages.</param>
public sealed record RunLine(string Run, string Want, string? Trap, string Text)
{
    public override string ToString() => Text;
}
