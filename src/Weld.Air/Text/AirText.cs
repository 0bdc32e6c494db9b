using System.Text;
using Weld.Base.Diagnostics;

namespace Weld.Air.Text;

/// <summary>The text form of AIR: docs/air.md.</summary>
public static class AirText
{
    /// <summary>Parses a module. What is wrong goes to the diagnostics, all that can be found in one run.</summary>
    /// <param name="file">What messages call the text.</param>
    /// <param name="text">Any text.</param>
    /// <param name="diagnostics">Takes the messages.</param>
    /// <returns>The module; null when there was an error.</returns>
    public static ParsedModule? Parse(string file, string text, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        return new ModuleParser(new SourceText(file, text), diagnostics).Run();
    }

    /// <summary>Parses a constant.</summary>
    /// <param name="module">Whose types and items it may name, and to which it is added.</param>
    /// <param name="type">Its type; null if the text says it: <c>(u8 5)</c>.</param>
    /// <param name="name">What messages call the text.</param>
    /// <param name="text">Any text.</param>
    /// <param name="diagnostics">Takes the messages.</param>
    public static ValueId? ParseConstant(AirModule module, TypeId? type, string name, string text, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(diagnostics);
        return new ModuleParser(new SourceText(name, text), diagnostics, module).RunConstant(type);
    }

    /// <summary>Prints a module so that parsing gives an equal one.</summary>
    public static string Print(AirModule module)
    {
        var output = new StringBuilder();
        new ModulePrinter(module, output).Print();
        return output.ToString();
    }

    /// <summary>Prints a module that was parsed, with the comments of its text.</summary>
    public static string Format(ParsedModule parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        var output = new StringBuilder();
        new ModulePrinter(parsed.Module, output) { Positions = parsed.Positions, Comments = new CommentTable(parsed) }.Print();
        return output.ToString();
    }

    public static string Print(AirModule module, TypeId type)
    {
        var output = new StringBuilder();
        new ModulePrinter(module, output).Print(type);
        return output.ToString();
    }

    /// <summary>Prints a constant with its type.</summary>
    public static string Print(AirModule module, ValueId value)
    {
        var output = new StringBuilder();
        new ModulePrinter(module, output).PrintTyped(value);
        return output.ToString();
    }

    /// <summary>Prints a constant as it is written where its type is known.</summary>
    public static string PrintPlain(AirModule module, ValueId value)
    {
        ArgumentNullException.ThrowIfNull(module);
        var output = new StringBuilder();
        new ModulePrinter(module, output).Print(value, module.Values.TypeOf(value));
        return output.ToString();
    }

    /// <summary>Prints bytes as a string.</summary>
    public static string PrintString(ReadOnlySpan<byte> bytes)
    {
        var output = new StringBuilder();
        StringLiteral.Print(output, bytes);
        return output.ToString();
    }

    /// <summary>Prints one instruction, without the bodies in it.</summary>
    public static string Print(AirModule module, AirFunction function, InstructionId instruction)
    {
        ArgumentNullException.ThrowIfNull(function);
        var output = new StringBuilder();
        new FunctionPrinter(new ModulePrinter(module, output), function).PrintLine(instruction);
        return output.ToString();
    }
}
