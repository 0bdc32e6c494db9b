using System.Text;
using System.Text.Unicode;
using Weld.Air.Layouts;
using Weld.Air.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;

namespace Weld.Cli;

/// <summary>A file of AIR, or the standard input.</summary>
/// <param name="Path">As the command line names it.</param>
/// <param name="Name">What messages call it.</param>
/// <param name="Text">What is in it.</param>
internal sealed record AirSource(string Path, string Name, string Text)
{
    /// <summary>The standard input on command lines.</summary>
    public const string StandardInput = "-";

    /// <summary>Whether an input on a command line is AIR.</summary>
    public static bool Is(string path) => path == StandardInput || path.EndsWith(".air", StringComparison.OrdinalIgnoreCase);

    /// <returns>Null after an error.</returns>
    public static AirSource? Read(string path, CommandShell shell, DiagnosticBag diagnostics)
    {
        if (path == StandardInput)
            return Decode(path, "<stdin>", ReadStandardInput(shell), diagnostics);
        if (MappedFile.TryOpen(path, out string? error) is not MappedFile file)
        {
            diagnostics.Add(InputErrors.CannotOpen(path, error!));
            return null;
        }
        try
        {
            if (file.Length <= int.MaxValue)
                return Decode(path, path, file.Span(0, (int)file.Length), diagnostics);
            diagnostics.Add(InputErrors.TooLarge(path, file.Length));
            return null;
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>Parses the text, and checks what it says.</summary>
    /// <returns>Null after an error.</returns>
    public ParsedModule? Load(AirTarget target, DiagnosticBag diagnostics) =>
        AirText.Parse(Name, Text, diagnostics) is { } parsed && Verifier.Run(parsed.Module, target, diagnostics, parsed.Positions) ? parsed : null;

    private static byte[] ReadStandardInput(CommandShell shell)
    {
        using Stream input = shell.OpenInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static AirSource? Decode(string path, string name, ReadOnlySpan<byte> bytes, DiagnosticBag diagnostics)
    {
        ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble;
        if (bytes.StartsWith(mark))
            bytes = bytes[mark.Length..];
        if (Utf8.IsValid(bytes))
            return new AirSource(path, name, Encoding.UTF8.GetString(bytes));
        string? format = InputKindSniffer.Sniff(bytes) == InputKind.WasmObject ? "a wasm module" : InputKindSniffer.Describe(bytes);
        diagnostics.Add(CommandErrors.NotText(name, format));
        return null;
    }
}
