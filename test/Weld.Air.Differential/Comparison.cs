using System.Globalization;
using Weld.Air.Generator;
using Weld.Air.Interpretation;
using Weld.Air.Layouts;
using Weld.Air.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;

namespace Weld.Air.Differential;

/// <summary>Compares what a program gives in two ways.</summary>
internal sealed class Comparison(WasmRun? wasm)
{
    /// <summary>Programs that could not be linked, as there is no library for the target.</summary>
    public int LeftOut { get; private set; }

    /// <summary>What is wrong with a program; null if nothing is.</summary>
    public Failure? Check(GeneratedProgram program)
    {
        if (WhatTheVerifierSays(program) is { } violation)
            return new Failure("verifier", "no violations", violation);
        string expected = Results(program);
        if (wasm is not null)
        {
            string? actual = wasm.Run(program);
            if (actual is null)
                LeftOut++;
            return actual is null || actual == expected ? null : new Failure(Kind(actual), expected, actual);
        }
        string text = AirText.Print(program.Module);
        GeneratedProgram? parsed = Parse(text, program, out string messages);
        if (parsed is null)
            return new Failure("parser", "a module", messages);
        string again = Results(parsed);
        if (again != expected)
            return new Failure("parsed", expected, again);
        return AirText.Print(parsed.Module) == text ? null : new Failure("printer", "the text that was parsed", "another one");
    }

    private static string Results(GeneratedProgram program) => program.Interpret() is { } results
        ? string.Join(' ', results.Select(static result => result is { } number ? number.ToString("x", CultureInfo.InvariantCulture) : "trap"))
        : "limit";

    private static string? WhatTheVerifierSays(GeneratedProgram program)
    {
        var diagnostics = new DiagnosticBag();
        return Verifier.Run(program.Module, program.Target, diagnostics) ? null : string.Join('\n', diagnostics.Diagnostics.Take(3).Select(DiagnosticText.Format));
    }

    private static GeneratedProgram? Parse(string text, GeneratedProgram program, out string messages)
    {
        var diagnostics = new DiagnosticBag();
        AirModule? module = AirText.Parse("generated.air", text, diagnostics)?.Module;
        messages = string.Concat(diagnostics.Diagnostics.Take(3).Select(DiagnosticText.Format));
        return module is null ? null : program with { Module = module, Entries = [.. program.Entries.Select(entry => module.Functions.First(function => function.Name == entry.Name))] };
    }

    // What makes two failures the same, so that shrinking does not run into another one: the instruction that is refused, or
    // the start of the message.
    private static string Kind(string actual)
    {
        const string Refusal = "cannot compile ";
        if (!actual.StartsWith("error", StringComparison.Ordinal))
            return "results";
        int refused = actual.IndexOf(Refusal, StringComparison.Ordinal);
        return refused < 0 ? actual[..Math.Min(actual.Length, 60)] : actual[refused..].Split(' ', 4)[2];
    }
}

/// <param name="Kind">What goes wrong, without the details.</param>
internal sealed record Failure(string Kind, string Expected, string Actual);
